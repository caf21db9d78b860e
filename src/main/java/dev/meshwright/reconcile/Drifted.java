package dev.meshwright.reconcile;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.store.PushState.InventoryEntry;
import dev.meshwright.store.PushState.Rewritten;

/**
 * Whether a unit's live objects are as they were pushed, as far as somebody has seen
 * them.
 *
 * @param status True when one is not and was not set right
 * @param reason why, one CamelCase word
 * @param message which objects and fields
 */
record Drifted(Status status, String reason, String message) {

	/** The reason of what an admission webhook changes on the way. */
	private static final String REWRITTEN = "RewrittenByAdmission";

	private static final int MOST_OBJECTS = 10;

	static Drifted of(UnitJob job, UnitPush.Result result) {
		if (job.obstacle().isPresent()) {
			Outcome.Failed obstacle = job.obstacle().get();
			return new Drifted(Status.UNKNOWN, obstacle.reason(), obstacle.message());
		}
		Map<ObjectRef, Outcome> outcomes = UnitPush.byObject(result.outcomes());
		List<Drift> left = job.drifts()
			.values()
			.stream()
			.filter((drift) -> drift.shows() && !(outcomes.get(drift.ref()) instanceof Outcome.Written))
			.toList();
		if (!left.isEmpty()) {
			String what = left.stream().limit(MOST_OBJECTS).map(Drift::toString).collect(Collectors.joining("; "))
					+ ((left.size() > MOST_OBJECTS) ? "; and " + (left.size() - MOST_OBJECTS) + " more objects" : "");
			return (job.compilation().push().driftPolicy() == DriftPolicy.REPORT)
					? new Drifted(Status.TRUE, "Reported",
							what + ". The namespace says driftPolicy: report, so it is left as it is")
					: new Drifted(Status.TRUE, "NotHealed", what + ". Programmed says why it is not set right yet");
		}
		Optional<String> rewritten = Rewriting.message(rewritten(job, outcomes.values()));
		if (rewritten.isPresent()) {
			return new Drifted(Status.TRUE, REWRITTEN, rewritten.get());
		}
		boolean seen = job.inventory()
			.values()
			.stream()
			.filter(Drifted::counts)
			.allMatch(
					(entry) -> job.seen().contains(entry.ref()) || outcomes.get(entry.ref()) instanceof Outcome.Written
							|| outcomes.get(entry.ref()) instanceof Outcome.Removed);
		return seen ? new Drifted(Status.FALSE, Condition.Type.DRIFTED.plainReason(), "") : before(job);
	}

	private static SortedMap<ObjectRef, List<Rewritten>> rewritten(UnitJob job, Collection<Outcome> outcomes) {
		SortedMap<ObjectRef, List<Rewritten>> rewritten = new TreeMap<>();
		job.inventory()
			.values()
			.stream()
			.filter(Drifted::counts)
			.forEach((entry) -> rewritten.put(entry.ref(), entry.rewritten()));
		for (Outcome outcome : outcomes) {
			switch (outcome) {
				case Outcome.Written written -> rewritten.put(written.write().ref(), written.rewritten());
				case Outcome.Removed removed -> rewritten.remove(removed.ref());
				case Outcome.Failed _ -> {
				}
			}
		}
		return rewritten;
	}

	private static boolean counts(InventoryEntry entry) {
		return entry.uid() != null && !entry.orphaned() && !entry.tombstoned();
	}

	/** Nobody has looked since: what was known then is all there is to say. */
	private static Drifted before(UnitJob job) {
		return job.state()
			.report()
			.stream()
			.flatMap((report) -> report.conditions().stream())
			.filter((condition) -> condition.type() == Condition.Type.DRIFTED)
			.findFirst()
			.map((last) -> new Drifted(last.status(), last.reason(), last.message()))
			.orElse(new Drifted(Status.UNKNOWN, "NotCompared",
					"nobody has looked at the live objects yet; the next comparison does"));
	}

}
