package dev.meshwright.compile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.cluster.ClusterSpec.ExternalAuthorizer;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import dev.meshwright.model.cluster.ClusterSpec.PathNormalization;

/**
 * A cluster with everything left out filled in.
 *
 * @param name its name
 * @param mesh the mesh that runs there
 * @param meshVersion the mesh's version, if declared
 * @param pathNormalization how its proxies normalise paths
 * @param trustDomain the trust domain of identities
 * @param clusterDomain the DNS suffix of services
 * @param rootNamespace the mesh's root namespace
 * @param gateways its gateways
 * @param externalAuthorizers the external authorizers that its mesh knows
 * @param envoyFilters whether EnvoyFilters may be made there
 * @param beforeSwitch settle time before a switch that uses something new
 * @param beforeBreak settle time before something is narrowed or deleted
 * @param facts what was found in it, if it was ever reached
 */
public record ClusterModel(String name, Mesh mesh, Optional<String> meshVersion, PathNormalization pathNormalization,
		String trustDomain, String clusterDomain, String rootNamespace, List<GatewayEntry> gateways,
		List<ExternalAuthorizer> externalAuthorizers, boolean envoyFilters, Duration beforeSwitch, Duration beforeBreak,
		Optional<ClusterFacts> facts) {

	/**
	 * The host name of a service inside the cluster:
	 * {@code webapp.shop.svc.cluster.local}.
	 */
	public String hostOf(String namespace, String service) {
		return service + "." + namespace + ".svc." + this.clusterDomain;
	}

	public Optional<GatewayEntry> gateway(String name) {
		return this.gateways.stream().filter((gateway) -> gateway.name().equals(name)).findFirst();
	}

}
