package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.compile.SyncGate;
import dev.meshwright.compile.SyncGate.Closed;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.reconcile.Plan.Reason;
import dev.meshwright.reconcile.Plan.Wait;
import dev.meshwright.store.PushProgress;
import dev.meshwright.store.PushState;
import org.jspecify.annotations.Nullable;

/**
 * What pauses and closed sync windows keep back of a unit: the next phase of its push, be
 * it a change, a deletion or the healing of drift. A phase that has begun is finished,
 * since half of it is what nobody declared.
 *
 * @param pushes what was changed since a unit was at rest
 */
record Closing(PushProgress pushes) {

	/** What ends a pause wakes the unit; this is for when that went amiss. */
	private static final Duration LONGEST = Duration.ofHours(1);

	/** After these only a break is left. */
	private static final Set<Reason> BEFORE_BREAK = EnumSet.of(Reason.BEFORE_BREAK, Reason.NEEDED, Reason.COUNTING,
			Reason.HELD);

	/** Keeps back what was planned for a unit, if anything was. */
	void close(UnitJob job) {
		boolean idle = job.plan().stages().isEmpty() && job.plan().pause().isEmpty()
				&& !PushEnds.waitsForNamespace(job);
		if (!idle) {
			gate(job).at(job.state().now())
				.filter((closed) -> closed.pausing() || !passes(job, closed))
				.ifPresent((closed) -> job.close(closed, wait(closed, job.state().now()), onlyBreaks(job)));
		}
	}

	private static Wait wait(Closed closed, Instant now) {
		return new Wait(Reason.CLOSED, closed.until().map((until) -> Duration.between(now, until)).orElse(LONGEST),
				closed.message());
	}

	/** A Namespace that was deleted keeps its windows until its objects are gone. */
	private static SyncGate gate(UnitJob job) {
		UnitId unit = job.claim().unit();
		SyncGate gate = job.compilation().push().gate();
		@Nullable NamespaceSpec deleted = job.state().sync().deletedNamespace();
		return (deleted == null) ? gate : gate.and(unit.namespace(), deleted, unit.cluster());
	}

	private boolean passes(UnitJob job, Closed closed) {
		return (closed.manualSync() && job.state().sync().asked()) || isOverridden(job);
	}

	/**
	 * Whether an override began, ended or became another since everything was pushed
	 * last: whoever evacuates, and the controller that switches to a backup, cannot wait
	 * for a window.
	 */
	private boolean isOverridden(UnitJob job) {
		UnitId unit = job.claim().unit();
		PushState state = job.state();
		if (unit.isNamespace() || state.switchedAt() == null) {
			return false;
		}
		Set<Key> overrides = new TreeSet<>(Set.of(PolicyTarget.namespace(unit.namespace()).key(Kind.OVERRIDE),
				PolicyTarget.service(new ServiceRef(unit.namespace(), unit.service())).key(Kind.OVERRIDE)));
		return this.pushes.overridden(overrides, state.sync().restedRevision(), job.compilation().revision());
	}

	private static boolean onlyBreaks(UnitJob job) {
		Plan plan = job.plan();
		return job.state().switchedAt() != null && !PushEnds.waitsForNamespace(job)
				&& plan.stages().stream().allMatch((stage) -> stage.phase() == Phase.BREAK) && (!plan.stages().isEmpty()
						|| plan.pause().filter((it) -> BEFORE_BREAK.contains(it.reason())).isPresent());
	}

}
