package dev.meshwright.api;

import java.util.List;

import dev.meshwright.model.Condition;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a resource on the clusters.
 *
 * @param observedGeneration the generation of which everything below speaks; less than
 * the resource's own while a change is not yet worked off
 * @param conditions what is known over all clusters: False where it is false on one,
 * Unknown where it is unknown on one
 * @param clusters what is known on each cluster
 * @param cluster what was found in the cluster; only of a Cluster
 */
record StatusView(long observedGeneration, List<Condition> conditions, List<ClusterStatus> clusters,
		@Nullable Found cluster) {

	/**
	 * The state on one cluster.
	 *
	 * @param name the cluster's name
	 * @param observedGeneration the generation of which this speaks
	 * @param pending whether a change is not yet worked off there
	 * @param conditions what is known there
	 * @param diagnostics what the compiler last said about the resource there
	 */
	record ClusterStatus(String name, long observedGeneration, boolean pending, List<Condition> conditions,
			List<Warning> diagnostics) {
	}

	/**
	 * What was found in a cluster.
	 *
	 * @param reachable whether its API server answered the last time
	 * @param kubernetesVersion the API server's version
	 * @param uid the uid of its kube-system namespace
	 * @param apiGroups the API groups it serves, with their versions
	 */
	record Found(boolean reachable, @Nullable String kubernetesVersion, @Nullable String uid, List<String> apiGroups) {
	}

}
