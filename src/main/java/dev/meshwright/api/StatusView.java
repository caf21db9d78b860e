package dev.meshwright.api;

import java.time.Instant;
import java.util.List;

import dev.meshwright.model.Condition;
import dev.meshwright.store.Halts;
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
	 * @param halt why nothing is pushed there; absent when it is
	 */
	record Found(boolean reachable, @Nullable String kubernetesVersion, @Nullable String uid, List<String> apiGroups,
			@Nullable HaltView halt) {
	}

	/**
	 * Why nothing is pushed to a cluster.
	 *
	 * @param reason WrongCluster, ForeignInstallation or OlderDatabase
	 * @param message what is wrong and what can be done
	 * @param clusterUid the uid of the kube-system namespace that was found
	 * @param installation the installation that has pushed there, where that is the point
	 * @param revision the revision that it has pushed, where that is the point
	 * @param since since when
	 * @param releasedBy who released it, until that is carried out
	 */
	record HaltView(String reason, String message, String clusterUid, @Nullable String installation,
			@Nullable Long revision, Instant since, @Nullable String releasedBy) {

		static HaltView of(Halts.Halt halt) {
			return new HaltView(halt.reason().toString(), halt.message(), halt.finding().clusterUid(),
					halt.finding().installation(), halt.finding().revision(), halt.since(), halt.releasedBy());
		}

	}

}
