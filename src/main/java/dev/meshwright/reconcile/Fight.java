package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.meshwright.cluster.ClusterFailure.FieldConflict.Field;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.PushState.InventoryEntry;

/**
 * Two controllers that set the same field in turn. The first time it is drift, and
 * healed. When others change it back, we wait twice as long before each further write, up
 * to five minutes, and say who it is. When they have left it alone for as long as we
 * would have waited before the next write, the fight is over.
 */
final class Fight {

	static final String FIGHTING = "Fighting";

	private static final Duration LONGEST = Duration.ofMinutes(5);

	private Fight() {
	}

	/** An object that had to be forced so often in a row is fought over. */
	static final int FORCED = 2;

	/** Whether an object that had to be forced so often in a row is fought over. */
	static boolean isOn(int forced) {
		return forced >= FORCED;
	}

	/**
	 * How long to hold back before forcing an object again; zero or less when it may be
	 * forced.
	 */
	static Duration left(InventoryEntry entry, Instant now) {
		Instant last = entry.forcedAt();
		return (last == null || entry.forced() == 0) ? Duration.ZERO
				: Duration.between(now, last.plus(step(entry.forced())));
	}

	/** The wait after so many forced writes in a row: 2 s, 4 s, 8 s, to 5 min. */
	static Duration step(int forced) {
		Duration step = Duration.ofSeconds(1L << Math.min(forced, 10));
		return (step.compareTo(LONGEST) > 0) ? LONGEST : step;
	}

	/**
	 * How often in a row others had to be overruled, after a look at which all is well.
	 */
	static int forced(InventoryEntry entry, Instant now) {
		return left(entry, now).isPositive() ? entry.forced() : 0;
	}

	/** What to report while nobody answers our last write. */
	static Outcome.Failed paused(ObjectRef ref, Duration left) {
		return new Outcome.Failed(ref, FIGHTING,
				ref + ": others have set it back again and again and leave it alone since our last write; if they "
						+ "still do in " + Math.max(1, left.toSeconds()) + " s, the fight is over",
				false, Optional.of(left), null);
	}

	/** What to report of it. */
	static Outcome.Failed over(ObjectRef ref, List<Field> fields, Duration wait) {
		String what = fields.isEmpty() ? "it is deleted by others"
				: fields.stream()
					.map((field) -> field.path() + " is set by " + field.manager())
					.distinct()
					.collect(Collectors.joining(", "));
		return new Outcome.Failed(ref, FIGHTING,
				ref + ": " + what
						+ " and set back by us, again and again; stop the other one, or take the field out of the "
						+ "declaration. The next attempt is in " + Math.max(1, wait.toSeconds()) + " s",
				false, Optional.of(wait), null);
	}

}
