package dev.meshwright.reconcile;

import java.util.Map;
import java.util.Set;

import dev.meshwright.model.ObjectRef;

/** One thing to do to one object. */
sealed interface Step {

	ObjectRef ref();

	/**
	 * Apply it.
	 *
	 * @param ref the object
	 * @param body what to apply, without stamps
	 * @param hash the hash of the body
	 * @param awaits the Deployments that it awaits
	 * @param novel whether this makes something that was not there: the object, or an
	 * item of a widened list
	 * @param shared the shared fields that change hands
	 */
	record Write(ObjectRef ref, Map<String, Object> body, String hash, Set<ObjectRef> awaits, boolean novel,
			SharedFields shared) implements Step {
	}

	/**
	 * Take it away.
	 *
	 * @param ref the object
	 * @param how in which way
	 */
	record Remove(ObjectRef ref, How how) implements Step {
	}

	/** The ways in which an object leaves the inventory. */
	enum How {

		/** The live object is deleted. */
		DELETE,

		/**
		 * The live object stays, without the fields that we own. A Kubernetes Namespace
		 * is never deleted: others may live in it.
		 */
		WITHDRAW,

		/** The live object stays as it is. */
		FORGET

	}

}
