package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Optional;

import dev.meshwright.model.UnitId;
import dev.meshwright.reconcile.Plan.Reason;
import dev.meshwright.reconcile.Plan.Wait;
import dev.meshwright.store.Deletions.Pending;
import dev.meshwright.store.PushProgress.Admission;

/** Says what a unit's deletions wait for. */
final class Holding {

	/** Others are compiled within moments. */
	private static final Duration COUNTING = Duration.ofMillis(250);

	/** A release wakes the units; this is for when that went amiss. */
	private static final Duration HELD = Duration.ofSeconds(30);

	private Holding() {
	}

	static Optional<Wait> wait(UnitId unit, Admission admission) {
		if (admission.uncounted() > 0) {
			return Optional.of(new Wait(Reason.COUNTING, COUNTING, "what is no longer declared goes when all "
					+ admission.uncounted() + " units of the cluster that the change may concern have been compiled"));
		}
		return admission.held().map((pending) -> new Wait(Reason.HELD, HELD, explain(unit.cluster(), pending)));
	}

	private static String explain(String cluster, Pending pending) {
		return "nothing is deleted: up to revision " + pending.revision() + ", " + pending.deletes() + " of "
				+ pending.objects() + " objects of cluster " + cluster + " are to go (" + pending.recent()
				+ " went in the last ten minutes), more than its safety allows (maxDeletes " + pending.maxDeletes()
				+ ", maxDeletePercent " + pending.maxDeletePercent() + "). Declare again what should stay; or see GET "
				+ "/api/v1/clusters/" + cluster + "/held-deletes, and release it there";
	}

}
