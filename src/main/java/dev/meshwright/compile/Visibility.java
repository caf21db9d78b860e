package dev.meshwright.compile;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.Key;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.service.ServiceSpec;

/** Which Kubernetes namespaces must see a service. */
final class Visibility {

	private final Declarations declarations;

	private final ClusterModel cluster;

	private final PlacementResolver placements;

	Visibility(Declarations declarations, ClusterModel cluster, PlacementResolver placements) {
		this.declarations = declarations;
		this.cluster = cluster;
		this.placements = placements;
	}

	/**
	 * The namespaces of its callers and of the callers of services whose rules send
	 * requests here, or of which it is the backup. Those callers reach it directly, so
	 * its own rules matter no further. Callers that are not on the cluster are none of
	 * its namespaces.
	 */
	SortedSet<String> of(Resource<ServiceSpec> service) {
		SortedSet<String> namespaces = callers(service);
		if (service.spec().external() == null) {
			ServiceRef own = ref(service);
			for (Resource<?> policy : this.declarations.snapshot().index(Key.routesTo(own.namespace(), own.name()))) {
				PolicyTarget.of(policy)
					.map((target) -> new ServiceRef(target.namespace(), target.service()))
					.filter((other) -> usable(service, other, policy))
					.flatMap(this.declarations::service)
					.ifPresent((router) -> namespaces.addAll(callers(router)));
			}
		}
		return namespaces;
	}

	private boolean usable(Resource<ServiceSpec> service, ServiceRef other, Resource<?> policy) {
		if (!(policy.spec() instanceof RoutingPolicySpec)) {
			return this.declarations.granted(service, other, Use.BACKUP);
		}
		return this.declarations.granted(service, other, Use.ROUTE)
				|| this.declarations.granted(service, other, Use.MIRROR);
	}

	private SortedSet<String> callers(Resource<ServiceSpec> service) {
		ServiceRef own = ref(service);
		SortedSet<String> namespaces = new TreeSet<>();
		namespaces.add(own.namespace());
		if (service.spec().external() != null) {
			return namespaces;
		}
		Optional.ofNullable(service.spec().exposure())
			.flatMap((exposure) -> this.cluster.gateway(exposure.gateway()))
			.map(GatewayEntry::namespace)
			.ifPresent(namespaces::add);
		for (Resource<ServiceSpec> caller : this.declarations.snapshot()
			.index(Key.dependencyOf(own.namespace(), own.name()), ServiceSpec.class)) {
			if (this.declarations.granted(service, ref(caller), Use.DEPENDENCY) && isHere(caller.id().namespace())) {
				namespaces.add(caller.id().namespace());
			}
		}
		return namespaces;
	}

	private boolean isHere(String namespace) {
		return this.declarations.namespace(namespace)
			.filter((found) -> this.placements.clusters(found.spec()).contains(this.cluster.name()))
			.isPresent();
	}

	private static ServiceRef ref(Resource<ServiceSpec> service) {
		return new ServiceRef(service.id().namespace(), service.id().name());
	}

}
