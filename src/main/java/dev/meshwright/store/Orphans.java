package dev.meshwright.store;

import java.util.Map;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ObjectRef;

/**
 * What becomes of objects that are kept although nothing declares them. No committed
 * revision took them away, so nothing but an operator's word ends that.
 */
public interface Orphans {

	/**
	 * Releases orphaned objects of one cluster, all of them or none; audited, each with
	 * the reason.
	 * @param objects the objects, at least one, with the uids that were recorded when
	 * they were pushed
	 * @param fate what becomes of them
	 * @param reason why, for the audit
	 * @return what is wrong with those that are not what was named, in the order of
	 * {@code objects}; nothing is released unless this is empty
	 */
	Map<ObjectRef, Mismatch> release(Caller caller, String cluster, Map<ObjectRef, String> objects, Fate fate,
			String reason);

	/** What becomes of an orphaned object. */
	enum Fate {

		/** The next push of its unit deletes it, whatever the limit of deletions. */
		DELETE("deleted"),

		/** It stays in the cluster as it is, and is nobody's. */
		FORGET("forgotten");

		private final String text;

		Fate(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** Why an object is not what was named. */
	enum Mismatch {

		/** It is not in the inventory of the cluster. */
		NOT_KEPT,

		/** Another object of the name is. */
		OTHER_UID,

		/** It is declared, or on its way out already. */
		NOT_ORPHANED

	}

}
