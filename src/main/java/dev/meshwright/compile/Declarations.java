package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.meshwright.model.DnsNames;
import dev.meshwright.model.Grant;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.service.ServiceSpec;

/**
 * A snapshot as the resolvers ask it.
 *
 * @param snapshot what is read from
 */
record Declarations(Snapshot snapshot) {

	Optional<Resource<ServiceSpec>> service(ServiceRef ref) {
		return (ref.namespace().isEmpty() || ref.name().isEmpty()) ? Optional.empty()
				: this.snapshot.find(ref.id(), ServiceSpec.class);
	}

	Optional<Resource<NamespaceSpec>> namespace(String name) {
		return this.snapshot.find(ResourceId.namespace(name), NamespaceSpec.class);
	}

	Optional<Resource<ClusterSpec>> cluster(String name) {
		return this.snapshot.find(ResourceId.cluster(name), ClusterSpec.class);
	}

	/** The routing policies of a service; more than one is a fault. */
	List<Resource<RoutingPolicySpec>> routing(ServiceRef service) {
		return this.snapshot.index(Key.target(Kind.ROUTING_POLICY, service.namespace(), service.name()),
				RoutingPolicySpec.class);
	}

	/** A service that another may use, because it is its neighbour or grants it. */
	Optional<Resource<ServiceSpec>> usable(ServiceRef target, ServiceRef user, Grant.Use use) {
		return service(target).filter((service) -> granted(service, user, use));
	}

	/** Whether a service or its namespace lets another use it. */
	boolean granted(Resource<ServiceSpec> target, ServiceRef user, Grant.Use use) {
		String home = target.id().namespace();
		if (home.equals(user.namespace())) {
			return true;
		}
		Stream<Grant> grants = Stream.concat(Given.list(target.spec().grants()).stream(),
				namespace(home).stream().flatMap((namespace) -> Given.list(namespace.spec().grants()).stream()));
		return grants.filter((grant) -> grant.as().contains(use))
			.anyMatch((grant) -> Given.list(grant.to().namespaces()).contains(user.namespace())
					|| Given.list(grant.to().services()).contains(user.toString()));
	}

	static boolean isReference(ServiceRef ref) {
		return DnsNames.isLabel(ref.namespace()) && DnsNames.isServiceName(ref.name());
	}

}
