package dev.meshwright.model;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The live endpoints of a service, as the EndpointSlices of its clusters say.
 *
 * @param clusters what was found on each cluster that it is placed on
 */
public record ServiceEndpoints(List<OnCluster> clusters) {

	/**
	 * What was found on one cluster.
	 *
	 * @param name the cluster
	 * @param ready how many endpoints take new connections; absent when that is not known
	 * @param notReady how many do not; absent when that is not known
	 * @param endpoints the endpoints; empty when there is none, absent when that is not
	 * known
	 * @param message why it is not known; absent when it is
	 */
	public record OnCluster(String name, @Nullable Integer ready, @Nullable Integer notReady,
			@Nullable List<Endpoint> endpoints, @Nullable String message) {

		/** A cluster that said which endpoints there are. */
		public static OnCluster known(String name, List<Endpoint> endpoints) {
			int ready = (int) endpoints.stream().filter(Endpoint::ready).count();
			return new OnCluster(name, ready, endpoints.size() - ready, endpoints, null);
		}

		/** A cluster that did not. */
		public static OnCluster unknown(String name, String message) {
			return new OnCluster(name, null, null, null, message);
		}

	}

	/**
	 * An endpoint.
	 *
	 * @param addresses its IP addresses; none in a sandbox, which runs nothing
	 * @param ready whether it takes new connections
	 * @param terminating whether it is being shut down
	 * @param pod its pod; absent when it is none
	 * @param version the version of the service that made the pod; absent where its pods
	 * are not made by a workload that is declared
	 * @param node the node that it runs on; absent when that is not said
	 * @param zone the zone of the node; absent when that is not said
	 */
	public record Endpoint(List<String> addresses, boolean ready, boolean terminating, @Nullable String pod,
			@Nullable String version, @Nullable String node, @Nullable String zone) {
	}

}
