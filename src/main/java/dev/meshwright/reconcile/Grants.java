package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import dev.meshwright.model.UnitId;
import dev.meshwright.store.PushProgress;
import dev.meshwright.store.PushProgress.Admission;

/**
 * Deletions that were let through a moment ago. To count what goes on a cluster looks at
 * all of its units and objects, and what was counted for a revision holds for everything
 * up to it: only those that a later revision adds are counted anew.
 */
final class Grants {

	private static final long VALID = Duration.ofSeconds(1).toNanos();

	private final Map<String, Counting> clusters = new ConcurrentHashMap<>();

	private final PushProgress pushes;

	Grants(PushProgress pushes) {
		this.pushes = pushes;
	}

	/** Deletions on one cluster: who counts them, others wait for. */
	private static final class Counting {

		private final ReentrantLock lock = new ReentrantLock();

		private volatile Grant last = new Grant(0, System.nanoTime());

	}

	/** That deletions up to a revision may be made. */
	private record Grant(long revision, long since) {

		boolean covers(long deletion) {
			return deletion <= this.revision && System.nanoTime() - this.since < VALID;
		}

	}

	/**
	 * Whether a unit may delete now what it no longer yields.
	 * @param buriedBy the newest revision that takes away an object of it, if that is
	 * known
	 */
	Admission admit(UnitId unit, OptionalLong buriedBy) {
		long deletion = buriedBy.orElseGet(() -> this.pushes.lastDeletion(unit));
		Counting counting = this.clusters.computeIfAbsent(unit.cluster(), (cluster) -> new Counting());
		if (deletion == 0 || counting.last.covers(deletion)) {
			return Admission.GRANTED;
		}
		counting.lock.lock();
		try {
			return counting.last.covers(deletion) ? Admission.GRANTED : count(unit.cluster(), deletion, counting);
		}
		finally {
			counting.lock.unlock();
		}
	}

	private Admission count(String cluster, long deletion, Counting counting) {
		long now = System.nanoTime();
		Admission admission = this.pushes.admit(cluster, deletion);
		if (admission.granted()) {
			counting.last = new Grant(deletion, now);
		}
		return admission;
	}

}
