package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.meshwright.cluster.ClusterFailure.FieldConflict.Field;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.PushState.Rewritten;
import org.jspecify.annotations.Nullable;

/** What became of a step. */
sealed interface Outcome {

	/**
	 * It was applied.
	 *
	 * @param write the step
	 * @param live the object as it is now
	 * @param revision the revision at which its content last changed
	 * @param overruled fields that others had set and that were set back; empty as a rule
	 * @param rewritten fields that the API server keeps otherwise than they were sent
	 */
	record Written(Step.Write write, LiveObject live, long revision, List<Field> overruled,
			List<Rewritten> rewritten) implements Outcome {
	}

	/**
	 * It is gone, or no longer ours.
	 *
	 * @param ref the object
	 * @param kept whether it was let go and stays on the cluster
	 */
	record Removed(ObjectRef ref, boolean kept) implements Outcome {
	}

	/**
	 * It was not done.
	 *
	 * @param ref the object
	 * @param reason why, one CamelCase word
	 * @param message why, what and how to mend it
	 * @param unknown whether it may have been done all the same
	 * @param retryAfter how long the cluster asks to wait, if it does
	 * @param ours the live object when it turned out to be ours although the inventory
	 * did not know, or null
	 */
	record Failed(ObjectRef ref, String reason, String message, boolean unknown, Optional<Duration> retryAfter,
			@Nullable LiveObject ours) implements Outcome {

		Failed(ObjectRef ref, String reason, String message) {
			this(ref, reason, message, false, Optional.empty(), null);
		}

		Failed knowing(@Nullable LiveObject live) {
			return new Failed(this.ref, this.reason, this.message, this.unknown, this.retryAfter, live);
		}

	}

}
