package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;

/**
 * What is to be done now, with no choices left, and what is waited for afterwards.
 *
 * @param stages the stages, each to be done only when the one before has succeeded
 * @param pause what to wait for then; empty when nothing is left
 */
record Plan(List<Stage> stages, Optional<Wait> pause) {

	static final Plan NOTHING = new Plan(List.of(), Optional.empty());

	/**
	 * Steps of one phase.
	 *
	 * @param phase the phase
	 * @param waves steps that may be done in parallel, one list after the other
	 * @param awaits Deployments that must have an available replica first
	 */
	record Stage(Phase phase, List<List<Step>> waves, Set<ObjectRef> awaits) {

		List<Step> steps() {
			return this.waves.stream().flatMap(List::stream).toList();
		}

	}

	/**
	 * A wait.
	 *
	 * @param reason what for
	 * @param left how long, counted from the end of the last stage
	 * @param detail what is known beyond the reason, for the status; may be empty
	 * @param units those whose end may be what is waited for
	 */
	record Wait(Reason reason, Duration left, String detail, Set<UnitId> units) {

		Wait(Reason reason, Duration left) {
			this(reason, left, "");
		}

		Wait(Reason reason, Duration left, String detail) {
			this(reason, left, detail, Set.of());
		}

	}

	/** What a push may wait for. */
	enum Reason {

		/** The time between making something and using it. */
		BEFORE_SWITCH,

		/** The time between moving requests and taking away what they used. */
		BEFORE_BREAK,

		/** An available replica. */
		NOT_AVAILABLE,

		/** That whoever lets the old account of pods in lets in the new one, too. */
		NOT_ADMITTED,

		/** The Kubernetes Namespace. */
		NAMESPACE,

		/** What other units make, to which a route is to lead. */
		NEEDS,

		/** Routes of other units that lead to what is to go. */
		NEEDED,

		/** What other units of the cluster delete. */
		COUNTING,

		/** An operator, because so much is to be deleted. */
		HELD,

		/** A sync window, or the end of a pause. */
		CLOSED

	}

	/** Every apply of every stage. */
	List<Step.Write> writes() {
		return this.stages.stream()
			.flatMap((stage) -> stage.steps().stream())
			.filter(Step.Write.class::isInstance)
			.map(Step.Write.class::cast)
			.toList();
	}

}
