package dev.meshwright.compile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.Resource;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.cluster.ClusterSpec.PathNormalization;
import dev.meshwright.model.cluster.ClusterSpec.Settle;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;

/** Fills in what a Cluster or Namespace leaves out. */
final class ClusterResolver {

	static final String CLUSTER_DOMAIN = "cluster.local";

	static final String ROOT_NAMESPACE = "istio-system";

	static final Duration BEFORE_SWITCH = Duration.ofSeconds(1);

	static final Duration BEFORE_BREAK = Duration.ofSeconds(10);

	private ClusterResolver() {
	}

	static ClusterModel cluster(Resource<ClusterSpec> cluster, Optional<ClusterFacts> facts) {
		ClusterSpec spec = cluster.spec();
		Settle settle = Given.or(spec.settle(), new Settle(null, null));
		return new ClusterModel(cluster.id().name(), spec.mesh(), Optional.ofNullable(spec.meshVersion()),
				Given.or(spec.pathNormalization(), PathNormalization.DEFAULT),
				Given.or(spec.trustDomain(), CLUSTER_DOMAIN), Given.or(spec.clusterDomain(), CLUSTER_DOMAIN),
				Given.or(spec.rootNamespace(), ROOT_NAMESPACE), List.copyOf(Given.list(spec.gateways())),
				List.copyOf(Given.list(spec.externalAuthorizers())), Boolean.TRUE.equals(spec.envoyFilters()),
				Given.or(settle.beforeSwitch(), BEFORE_SWITCH), Given.or(settle.beforeBreak(), BEFORE_BREAK), facts);
	}

	static NamespaceModel namespace(Resource<NamespaceSpec> namespace, ClusterModel cluster) {
		NamespaceSpec spec = namespace.spec();
		return new NamespaceModel(namespace.id().name(), cluster, Given.or(spec.injection(), Injection.NONE),
				Optional.ofNullable(spec.revision()), Optional.ofNullable(spec.waypoint()),
				Given.or(spec.deletionPolicy(), DeletionPolicy.DELETE),
				Given.or(spec.conflictPolicy(), ConflictPolicy.REFUSE));
	}

	/** The Kubernetes namespaces of a cluster in which nothing may be declared. */
	static Set<String> reserved(ClusterModel cluster) {
		Set<String> reserved = new TreeSet<>();
		reserved.add(cluster.rootNamespace());
		cluster.gateways().stream().map(GatewayEntry::namespace).forEach((namespace) -> {
			if (namespace != null) {
				reserved.add(namespace);
			}
		});
		return reserved;
	}

}
