package dev.meshwright.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.meshwright.model.Condition;
import dev.meshwright.store.Backlogs;
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
 * @param backup how far the service is on the way to its backup; only of a FailoverPolicy
 * that names one
 * @param work what waits to be done there, and what keeps it; only of a Cluster that is
 * read alone
 */
record StatusView(long observedGeneration, List<Condition> conditions, List<ClusterStatus> clusters,
		@Nullable Found cluster, @Nullable BackupView backup, @Nullable Work work) {

	/** The same with a condition more, and what is known of the backup. */
	StatusView with(Condition condition, @Nullable BackupView known) {
		List<Condition> all = new ArrayList<>(this.conditions);
		all.add(condition);
		return new StatusView(this.observedGeneration, all, this.clusters, this.cluster, known, this.work);
	}

	/**
	 * How far a service is on the way to its backup, or back.
	 *
	 * @param phase Healthy, Failing (no endpoint is ready, not for long enough yet),
	 * Switched (requests go to the backup) or Recovering (so they do, but an endpoint is
	 * ready again)
	 * @param since since when; begins anew when it was not known for a while
	 * @param switchedAt when requests last were sent to the backup; absent for never
	 * @param flaps how often requests were sent to the backup by itself, since the policy
	 * names one
	 * @param endpoints what the last look at the endpoints found: Ready, NoneReady or
	 * Unknown, with which nothing is switched
	 * @param message where, or which cluster did not say and why
	 * @param checkedAt when that was; absent for never
	 */
	record BackupView(String phase, Instant since, @Nullable Instant switchedAt, int flaps, String endpoints,
			String message, @Nullable Instant checkedAt) {
	}

	StatusView with(Work work) {
		return new StatusView(this.observedGeneration, this.conditions, this.clusters, this.cluster, this.backup, work);
	}

	/**
	 * The units of a cluster that are not at rest: services and namespaces.
	 *
	 * @param due nobody works on them although they are due
	 * @param working being worked on
	 * @param waiting due later, for a settle time or a Deployment
	 * @param retrying due later, after an attempt that failed
	 * @param oldestDueSeconds how long the oldest that is due has been so
	 * @param reasons why, of the 1,000 that have waited longest, the most frequent first
	 */
	record Work(long due, long working, long waiting, long retrying, long oldestDueSeconds, List<Reason> reasons) {

		static Work of(Backlogs.Stuck stuck) {
			Backlogs.@Nullable Backlog backlog = stuck.backlog();
			List<Reason> reasons = stuck.reasons()
				.stream()
				.map((reason) -> new Reason(reason.reason(), reason.units(), reason.unit(), reason.message()))
				.toList();
			return (backlog == null) ? new Work(0, 0, 0, 0, 0, reasons) : new Work(backlog.due(), backlog.working(),
					backlog.waiting(), backlog.retrying(), backlog.age().toSeconds(), reasons);
		}

	}

	/**
	 * A reason that units report, as in their condition Programmed or Compiled.
	 *
	 * @param reason the reason
	 * @param units how many report it
	 * @param unit one of them; absent when the caller may see none
	 * @param message what that one reports
	 */
	record Reason(String reason, long units, @Nullable String unit, @Nullable String message) {
	}

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
