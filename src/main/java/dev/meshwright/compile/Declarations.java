package dev.meshwright.compile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.meshwright.model.DnsNames;
import dev.meshwright.model.Grant;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.LayeredPolicy;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.override.OverrideSpec;
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

	/**
	 * The policies of a layered kind that hold for a service, the level furthest above
	 * first, each level's on its own.
	 */
	<S extends LayeredPolicy> List<Resource<S>> layered(Kind kind, Class<S> type, ServiceRef service) {
		return PolicyTarget.above(service)
			.stream()
			.flatMap((target) -> this.snapshot.index(target.key(kind), type).stream())
			.toList();
	}

	/** The overrides in force for every service of a namespace. */
	List<Resource<OverrideSpec>> overrides(String namespace) {
		return this.snapshot.index(PolicyTarget.namespace(namespace).key(Kind.OVERRIDE), OverrideSpec.class);
	}

	/** The overrides in force for a service, those of its whole namespace first. */
	List<Resource<OverrideSpec>> overrides(ServiceRef service) {
		return Stream
			.concat(overrides(service.namespace()).stream(),
					this.snapshot.index(PolicyTarget.service(service).key(Kind.OVERRIDE), OverrideSpec.class).stream())
			.toList();
	}

	/** The policies that any kind declares as the default of a namespace. */
	List<Resource<?>> defaults(String namespace) {
		return Arrays.stream(Kind.values())
			.filter((kind) -> kind.scope() == Kind.Scope.LAYERED)
			.flatMap((kind) -> this.snapshot.index(PolicyTarget.namespace(namespace).key(kind)).stream())
			.toList();
	}

	/** The policies and overrides of any kind whose one target is a service. */
	List<Resource<?>> targeting(ServiceRef service) {
		return Arrays.stream(Kind.values())
			.filter((kind) -> kind == Kind.ROUTING_POLICY || kind == Kind.OVERRIDE
					|| kind.scope() == Kind.Scope.LAYERED)
			.flatMap((kind) -> this.snapshot.index(PolicyTarget.service(service).key(kind)).stream())
			.toList();
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
