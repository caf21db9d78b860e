package dev.meshwright.reconcile;

import java.util.Optional;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.InstallationStamp;
import dev.meshwright.model.ClusterFacts;
import dev.meshwright.reconcile.ClusterAccess.Access.Shut;
import dev.meshwright.store.Facts;
import dev.meshwright.store.Halts;
import dev.meshwright.store.Halts.Finding;
import dev.meshwright.store.Halts.Reason;
import dev.meshwright.store.Installation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a cluster with the database before anything is pushed: the cluster is the one
 * it was, and this database is the one that pushed there last. What does not fit halts
 * the cluster until it fits again or an operator has released exactly that.
 */
final class ClusterIdentity {

	/**
	 * More claims than any unit had since the stamp was written: it is a few seconds old
	 * at most.
	 */
	private static final long FENCES = 1_000_000;

	private static final Logger logger = LoggerFactory.getLogger(ClusterIdentity.class);

	private final Facts facts;

	private final Halts halts;

	private final Installation installation;

	private final StampMarks marks;

	ClusterIdentity(Facts facts, Halts halts, Installation installation, StampMarks marks) {
		this.facts = facts;
		this.halts = halts;
		this.installation = installation;
		this.marks = marks;
	}

	private record Misfit(Reason reason, Finding finding, String message) {
	}

	/**
	 * Compares; leaves our stamp in a cluster that fits.
	 * @param cluster the cluster's name
	 * @param gateway reaches it
	 * @param found what it says it is
	 * @param sandbox whether it is one, which is another one after each start
	 * @return why nothing may be pushed there, or empty
	 */
	Optional<Shut> check(String cluster, ClusterGateway gateway, ClusterFacts found, boolean sandbox) {
		Optional<InstallationStamp> stamp = gateway.stamp();
		// read after the stamp, which other replicas raise to what they have committed
		long head = this.installation.revision();
		String ours = this.installation.id();
		Optional<Misfit> misfit = wrong(cluster, found, stamp, sandbox).or(() -> foreign(cluster, found, stamp, ours))
			.or(() -> older(cluster, found, stamp, head));
		if (misfit.isEmpty()) {
			this.halts.lift(cluster);
			return stamped(cluster, gateway, stamp, ours);
		}
		Misfit it = misfit.get();
		Halts.Halt halt = this.halts.halt(cluster, it.reason, it.finding, it.message);
		if (!halt.released()) {
			return Optional.of(new Shut(it.reason.toString(), it.message));
		}
		adopt(cluster, gateway, stamp, ours, head);
		logger.warn("Cluster {} is pushed to again: {} released it ({})", cluster, halt.releasedBy(), it.reason);
		return Optional.empty();
	}

	/** Whether our stamp stands in what answers. */
	boolean isOurs(ClusterGateway gateway) {
		return gateway.stamp().map(InstallationStamp::installation).filter(this.installation.id()::equals).isPresent();
	}

	private Optional<Misfit> wrong(String cluster, ClusterFacts found, Optional<InstallationStamp> stamp,
			boolean sandbox) {
		@Nullable String before = this.facts.of(cluster)
			.flatMap((known) -> Optional.ofNullable(known.facts()))
			.map(ClusterFacts::clusterUid)
			.orElse(null);
		if (sandbox || before == null || before.equals(found.clusterUid())) {
			return Optional.empty();
		}
		Finding finding = new Finding(found.clusterUid(), stamp.map(InstallationStamp::installation).orElse(null),
				null);
		return Optional.of(new Misfit(Reason.WRONG_CLUSTER, finding,
				"The connection of cluster " + cluster + " reaches another cluster (kube-system uid "
						+ found.clusterUid() + ") than before (" + before
						+ "); nothing is pushed or deleted there. Correct the connection, or declare the other cluster "
						+ "under a new name; if it took the place of the old one for good, " + release(cluster)));
	}

	private static Optional<Misfit> foreign(String cluster, ClusterFacts found, Optional<InstallationStamp> stamp,
			String ours) {
		return stamp.filter((it) -> !it.installation().equals(ours))
			.map((it) -> new Misfit(Reason.FOREIGN_INSTALLATION,
					new Finding(found.clusterUid(), it.installation(), null),
					"Another installation (" + it.installation() + ") pushes to cluster " + cluster + "; this one ("
							+ ours + ") does not push or delete anything there. Connect the database that belongs to "
							+ "it, or delete the Cluster; if this installation is to take the other's place, "
							+ release(cluster)));
	}

	private Optional<Misfit> older(String cluster, ClusterFacts found, Optional<InstallationStamp> stamp, long head) {
		long pushed = Math.max(stamp.map(InstallationStamp::revision).orElse(0L), this.marks.pushed(cluster));
		return (pushed <= head) ? Optional.empty() : Optional.of(new Misfit(Reason.OLDER_DATABASE,
				new Finding(found.clusterUid(), this.installation.id(), pushed),
				"Revision " + pushed + " has been pushed to cluster " + cluster + ", but the database ends at revision "
						+ head + ": it is an older one, such as a restored backup. Nothing is pushed or deleted there. "
						+ "Connect the newer database; if what came later is lost for good, " + release(cluster)));
	}

	private static String release(String cluster) {
		return "read status.cluster.halt and send what was found there to POST /api/v1/clusters/" + cluster + "/adopt";
	}

	/** Nobody's yet, or ours already. */
	private Optional<Shut> stamped(String cluster, ClusterGateway gateway, Optional<InstallationStamp> stamp,
			String ours) {
		try {
			this.marks.confirmed(cluster, gateway, stamp.orElseGet(() -> gateway.stamp(ours, 0, 0, null)));
			return Optional.empty();
		}
		catch (ClusterFailure.Stale changed) {
			return Optional.of(new Shut("Changing",
					"cluster " + cluster + " is being identified by another process; it is looked at again"));
		}
	}

	private void adopt(String cluster, ClusterGateway gateway, Optional<InstallationStamp> stamp, String ours,
			long head) {
		long fence = stamp.filter((it) -> it.installation().equals(ours)).map((it) -> it.fence() + FENCES).orElse(0L);
		this.installation.raiseFence(fence);
		this.marks.found(cluster, gateway,
				gateway.stamp(ours, head, fence, stamp.map(InstallationStamp::resourceVersion).orElse(null)));
		this.halts.lift(cluster);
	}

}
