package dev.meshwright.reconcile;

import java.util.List;
import java.util.function.Function;

import dev.meshwright.cluster.ClusterFailure.FieldConflict.Field;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ownership.Adoption;

/**
 * What of others a push may take over: everything, where the Namespace says so, and what
 * somebody decided to adopt.
 *
 * @param policy what is done about an object that is somebody else's
 * @param adoptions live objects and fields of them that were named one by one
 */
record Takeovers(Function<ObjectRef, Foreign> policy, List<Adoption> adoptions) {

	/** What is done about an object that somebody else has made. */
	enum Foreign {

		/** It is left alone. */
		LEAVE,

		/** It becomes ours. */
		TAKE_OVER,

		/** It would become ours, but the plan that was applied does not say so. */
		HOLD

	}

	/** What is done about an object that nobody adopted. */
	Foreign of(ObjectRef ref) {
		return this.policy.apply(ref);
	}

	/** Whether this very object was adopted, and not another one of its name. */
	boolean adopts(ObjectRef ref, String uid) {
		return this.adoptions.stream().anyMatch((each) -> each.ref().equals(ref) && each.uid().equals(uid));
	}

	/** Whether this field of this very object was adopted. */
	boolean adopts(ObjectRef ref, String uid, Field field) {
		return this.adoptions.stream()
			.anyMatch(
					(each) -> each.ref().equals(ref) && each.uid().equals(uid) && each.fields().contains(field.path()));
	}

}
