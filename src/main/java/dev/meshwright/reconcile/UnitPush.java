package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.reconcile.Plan.Reason;
import dev.meshwright.reconcile.Plan.Stage;
import dev.meshwright.reconcile.Plan.Wait;
import dev.meshwright.store.PushState.InventoryEntry;
import dev.meshwright.store.Pushes.Begun;
import dev.meshwright.store.Watches.Look;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the plan of one unit: stage after stage, the objects of a wave in parallel.
 * A failed object stops none of its phase and everything after it.
 */
final class UnitPush {

	private final UnitJob job;

	private final ObjectPush objects;

	private final Map<ObjectRef, UnitId> refused;

	private final ClusterLane lane;

	private final BooleanSupplier lost;

	private final Admissions admissions;

	private final List<Outcome> outcomes = new ArrayList<>();

	private boolean made;

	private boolean switched;

	private Optional<Wait> pause = Optional.empty();

	private Set<ObjectRef> unavailable = Set.of();

	/**
	 * A push.
	 * @param job the unit
	 * @param objects how to reach its objects
	 * @param begun what the store said to it
	 * @param lane the cluster's lane
	 * @param lost whether the claim is known to be lost: no further call is made then
	 * @param admissions what stages have to wait for; asked just before they begin
	 */
	UnitPush(UnitJob job, ObjectPush objects, Begun begun, ClusterLane lane, BooleanSupplier lost,
			Admissions admissions) {
		this.job = job;
		this.objects = objects;
		this.refused = begun.refused();
		this.lane = lane;
		this.lost = lost;
		this.admissions = admissions;
	}

	/** What came of a push. */
	record Result(List<Outcome> outcomes, boolean made, boolean switched, Optional<Wait> pause,
			Set<ObjectRef> unavailable) {

		List<Outcome.Failed> failures() {
			return this.outcomes.stream()
				.filter(Outcome.Failed.class::isInstance)
				.map(Outcome.Failed.class::cast)
				.toList();
		}

	}

	Result run() throws InterruptedException {
		boolean moved = false;
		boolean whole = true;
		for (Stage stage : this.job.plan().stages()) {
			if (!available(stage) || !admitted(stage)) {
				whole = false;
				break;
			}
			try (PushTrace.Span _ = this.job.trace().step("stage." + stage.phase().name().toLowerCase(Locale.ROOT))) {
				whole = run(stage);
			}
			moved |= stage.phase() == Phase.SWITCH;
			if (!whole) {
				break;
			}
		}
		if (whole) {
			this.pause = this.job.plan().pause();
		}
		boolean first = this.job.state().switchedAt() == null && !this.job.compilation().manifests().isEmpty();
		if (first) {
			// a first switch that came off in part still breaks nothing when it is tried
			// again
			this.switched = whole
					&& (moved || this.pause.filter((it) -> it.reason() == Reason.BEFORE_SWITCH).isEmpty());
		}
		return new Result(this.outcomes, this.made, this.switched, this.pause, this.unavailable);
	}

	private boolean admitted(Stage stage) {
		Optional<Wait> wait = this.admissions.of(this.job, stage);
		wait.ifPresent((it) -> this.pause = wait);
		return wait.isEmpty();
	}

	private boolean run(Stage stage) throws InterruptedException {
		boolean whole = true;
		for (List<Step> wave : stage.waves()) {
			List<Callable<Outcome>> calls = wave.stream()
				.<Callable<Outcome>>map((step) -> () -> attempt(step))
				.toList();
			List<Outcome> done = this.lane.all(calls);
			this.outcomes.addAll(done);
			done.forEach((outcome) -> note(stage, outcome));
			boolean failed = done.stream().anyMatch(Outcome.Failed.class::isInstance);
			whole &= !failed;
			boolean namespace = wave.stream().anyMatch((step) -> step.ref().kind() == ObjectKind.NAMESPACE);
			if (failed && (namespace || stage.phase() == Phase.BREAK)) {
				return false;
			}
		}
		return whole;
	}

	private void note(Stage stage, Outcome outcome) {
		if (outcome instanceof Outcome.Written written) {
			@Nullable InventoryEntry entry = this.job.inventory().get(written.write().ref());
			this.made |= stage.phase() == Phase.MAKE && written.write().novel();
			this.switched |= stage.phase() == Phase.SWITCH || Planner.replacesPods(written.write(), entry);
			if (entry != null && written.live().uid().equals(entry.uid())) {
				// what is tightened first and loosened last goes on from its own write
				this.job.looked(entry, written.live(), entry.ownedHash());
			}
		}
		else if (outcome instanceof Outcome.Removed && stage.phase() == Phase.BREAK) {
			// a route that goes moves requests, too
			this.switched |= this.job.plan().pause().isPresent();
		}
	}

	/** A step that breaks off leaves open what came of it, and stops no other step. */
	private Outcome attempt(Step step) throws InterruptedException {
		try (PushTrace.Span traced = this.job.trace().object(step)) {
			Outcome outcome = call(step);
			traced.outcome((outcome instanceof Outcome.Failed failed) ? failed.reason() : "done");
			return outcome;
		}
	}

	private Outcome call(Step step) throws InterruptedException {
		try (LogContext _ = LogContext.of(this.job.claim())) {
			return this.lane.call(this.job.claim().urgent(), () -> run(step));
		}
		catch (ClusterFailure failure) {
			return Failures.of(step.ref(), failure);
		}
		catch (RuntimeException | Error ex) {
			Breakdowns.log(this.job.claim(), ex);
			return Failures.internal(step.ref());
		}
	}

	private Outcome run(Step step) {
		if (this.lost.getAsBoolean()) {
			return new Outcome.Failed(step.ref(), "Superseded",
					step.ref() + ": the time for this attempt ran out; another one goes on");
		}
		UnitId owner = this.refused.get(step.ref());
		if (owner != null) {
			return new Outcome.Failed(step.ref(), Failures.CONFLICT,
					step.ref() + " belongs to " + owner + "; two declarations must not yield the same object");
		}
		@Nullable InventoryEntry entry = this.job.inventory().get(step.ref());
		return switch (step) {
			case Step.Write write -> this.objects.write(write, entry, hasDrifted(write.ref()));
			case Step.Remove remove when entry != null ->
				new ObjectRemoval(this.objects.gateway(), this.lane.moving()).remove(remove, entry, isUntouched(entry));
			case Step.Remove remove -> new Outcome.Removed(remove.ref(), false);
		};
	}

	private boolean hasDrifted(ObjectRef ref) {
		@Nullable Drift drift = this.job.drifts().get(ref);
		return drift != null && !drift.missing() && this.job.suspect().contains(ref);
	}

	/** An attempt after one that failed looks for what may be the cause. */
	private boolean isUntouched(InventoryEntry entry) {
		return this.job.claim().attempts() == 0 && this.job.looks().get(entry.ref()) != Look.DIFFERS
				&& !this.job.drifts().containsKey(entry.ref());
	}

	private boolean available(Stage stage) throws InterruptedException {
		Set<ObjectRef> missing = new HashSet<>();
		for (ObjectRef ref : stage.awaits()) {
			try {
				if (this.lane.call(this.job.claim().urgent(), () -> this.objects.gateway().get(ref))
					.filter(LiveComparison::hasAvailableReplica)
					.isEmpty()) {
					missing.add(ref);
				}
			}
			catch (ClusterFailure failure) {
				this.outcomes.add(Failures.of(ref, failure));
				return false;
			}
		}
		this.unavailable = missing;
		if (!missing.isEmpty()) {
			this.pause = Optional.of(new Wait(Reason.NOT_AVAILABLE, Backoff.poll(this.job.state())));
		}
		return missing.isEmpty();
	}

	/** The outcomes by object. */
	static Map<ObjectRef, Outcome> byObject(List<Outcome> outcomes) {
		Map<ObjectRef, Outcome> byObject = new HashMap<>();
		for (Outcome outcome : outcomes) {
			switch (outcome) {
				case Outcome.Written written -> byObject.put(written.write().ref(), written);
				case Outcome.Removed removed -> byObject.put(removed.ref(), removed);
				case Outcome.Failed failed -> byObject.put(failed.ref(), failed);
			}
		}
		return byObject;
	}

}
