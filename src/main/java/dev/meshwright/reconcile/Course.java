package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.reconcile.Plan.Reason;
import dev.meshwright.reconcile.Plan.Stage;
import dev.meshwright.reconcile.Plan.Wait;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;

/**
 * The whole way of a push to its end, if every call succeeded and every wait came to its
 * end: the {@link Planner} is asked again after each stage, as the push asks it. Pure.
 *
 * @param legs the stages in their order
 */
record Course(List<Leg> legs) {

	/** More than any push needs; a course that does not end would be a defect. */
	private static final int MOST = 12;

	/**
	 * One stage.
	 *
	 * @param stage what is done
	 * @param before what is waited for first
	 */
	record Leg(Stage stage, Optional<Wait> before) {
	}

	static Course of(Situation start) {
		List<Leg> legs = new ArrayList<>();
		Situation situation = start;
		Optional<Wait> waited = Optional.empty();
		for (int round = 0; round < MOST; round++) {
			Plan plan = Planner.plan(situation);
			for (Stage stage : plan.stages()) {
				legs.add(new Leg(stage, waited));
				waited = Optional.empty();
			}
			if (plan.pause().isEmpty()) {
				return new Course(List.copyOf(legs));
			}
			waited = plan.pause();
			situation = after(situation, plan, plan.pause().get());
		}
		throw new IllegalStateException("The push would not come to an end: " + legs);
	}

	private static Situation after(Situation before, Plan plan, Wait pause) {
		Map<ObjectRef, InventoryEntry> inventory = new HashMap<>(before.inventory());
		Set<ObjectRef> doomed = new HashSet<>(before.doomed());
		Set<ObjectRef> suspect = new HashSet<>(before.suspect());
		Instant madeAt = before.madeAt();
		Instant switchedAt = before.switchedAt();
		for (Stage stage : plan.stages()) {
			for (Step step : stage.steps()) {
				suspect.remove(step.ref());
				switch (step) {
					case Step.Write write -> {
						inventory.put(write.ref(), written(write, before.inventory().get(write.ref())));
						madeAt = (stage.phase() == Phase.MAKE && write.novel()) ? before.now() : madeAt;
						switchedAt = Planner.replacesPods(write, before.inventory().get(write.ref())) ? before.now()
								: switchedAt;
					}
					case Step.Remove remove -> {
						inventory.remove(remove.ref());
						doomed.remove(remove.ref());
					}
				}
			}
			boolean moves = stage.phase() == Phase.SWITCH || stage.phase() == Phase.BREAK;
			switchedAt = moves ? before.now() : switchedAt;
		}
		boolean first = switchedAt == null && pause.reason() != Reason.BEFORE_SWITCH;
		return new Situation(before.manifests(), before.push(), inventory, doomed, suspect, Set.of(), madeAt,
				first ? before.now() : switchedAt, before.now().plus(pause.left()));
	}

	private static InventoryEntry written(Step.Write write, @Nullable InventoryEntry before) {
		String uid = (before != null && before.uid() != null) ? before.uid() : "planned";
		return new InventoryEntry(write.ref(), uid, "", write.hash(), "", write.body(), write.awaits(), 0, null, null,
				false, false, 0, null);
	}

	/** The phases in which each object is written or taken away, in their order. */
	List<Phase> phases(ObjectRef ref) {
		return this.legs.stream()
			.map(Leg::stage)
			.filter((stage) -> stage.steps().stream().anyMatch((step) -> step.ref().equals(ref)))
			.map(Stage::phase)
			.distinct()
			.toList();
	}

	/**
	 * What is done to an object in all: the last write, with the fields that change hands
	 * in the first one, or the removal.
	 */
	Map<ObjectRef, Step> steps() {
		Map<ObjectRef, Step> steps = new HashMap<>();
		for (Leg leg : this.legs) {
			for (Step step : leg.stage().steps()) {
				steps.merge(step.ref(), step, Course::inAll);
			}
		}
		return steps;
	}

	private static Step inAll(Step earlier, Step later) {
		return (earlier instanceof Step.Write first && later instanceof Step.Write last)
				? new Step.Write(last.ref(), last.body(), last.hash(), last.awaits(), first.novel(), first.shared())
				: later;
	}

}
