package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.meshwright.model.UnitId;
import dev.meshwright.store.Pushes;
import dev.meshwright.store.Pushes.Admission;

/**
 * Deletions that were let through a moment ago. To count what goes on a cluster looks at
 * all of its units and objects, and what was counted for a revision holds for everything
 * up to it: only those that a later revision adds are counted anew.
 */
final class Grants {

	private static final long VALID = Duration.ofSeconds(1).toNanos();

	private final Map<String, Grant> grants = new ConcurrentHashMap<>();

	private final Pushes pushes;

	Grants(Pushes pushes) {
		this.pushes = pushes;
	}

	/** That deletions up to a revision may be made. */
	private record Grant(long revision, long since) {

		boolean covers(long deletion) {
			return deletion <= this.revision && System.nanoTime() - this.since < VALID;
		}

	}

	/** Whether a unit may delete now what it no longer yields. */
	Admission admit(UnitId unit) {
		long deletion = this.pushes.lastDeletion(unit);
		Grant known = this.grants.get(unit.cluster());
		if (deletion == 0 || (known != null && known.covers(deletion))) {
			return Admission.GRANTED;
		}
		long now = System.nanoTime();
		Admission admission = this.pushes.admit(unit.cluster(), deletion);
		if (admission.granted()) {
			this.grants.put(unit.cluster(), new Grant(deletion, now));
		}
		return admission;
	}

}
