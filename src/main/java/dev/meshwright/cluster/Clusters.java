package dev.meshwright.cluster;

import dev.meshwright.model.cluster.ClusterSpec.Connection;

/**
 * Opens and keeps connections to clusters, one gateway for each cluster as long as its
 * connection stays the same.
 */
public interface Clusters {

	/**
	 * The gateway of a cluster.
	 * @param cluster the cluster's name
	 * @param connection how it is reached; another one than last time closes the old
	 * gateway
	 * @throws ClusterFailure.Forbidden when the kubeconfig is missing or refused, with
	 * the reason
	 */
	ClusterGateway gateway(String cluster, Connection connection);

	/** Closes the gateway of a cluster that is no longer registered. */
	void forget(String cluster);

}
