package dev.meshwright.store;

import java.time.Instant;
import java.util.List;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import org.jspecify.annotations.Nullable;

/**
 * The objects that Meshwright keeps in clusters: the inventory, with what the watches
 * have seen of it. No cluster is asked.
 */
public interface ClusterObjects {

	/**
	 * One page, in the order of kind, namespace and name, of what belongs to Namespaces
	 * that the caller may see.
	 */
	Page list(Caller caller, Query query);

	/**
	 * How many objects of each declared cluster need somebody's eye, by the name of the
	 * cluster; what is as it should be is not looked at.
	 * @param fought how often in a row an object was forced, at least 1, to be fought
	 * over
	 */
	List<Counts> counts(int fought);

	/**
	 * Objects of a cluster that need somebody's eye.
	 *
	 * @param cluster the cluster
	 * @param drifted were seen to differ from what was pushed
	 * @param fought are changed by others as often as they are set right
	 * @param orphaned are kept although nothing declares them
	 */
	record Counts(String cluster, long drifted, long fought, long orphaned) {
	}

	/**
	 * What to list.
	 *
	 * @param cluster the cluster
	 * @param kind only this kind, or null for every kind
	 * @param namespace only what belongs to this Namespace, or null for all that the
	 * caller may see
	 * @param orphaned whether only what is kept although nothing declares it
	 * @param drifted whether only what was seen to differ from what was pushed
	 * @param limit the most items, at least 1
	 * @param after the last object of the page before, or null for the first page
	 */
	record Query(String cluster, @Nullable ObjectKind kind, @Nullable String namespace, boolean orphaned,
			boolean drifted, int limit, @Nullable ObjectRef after) {

		public Query {
			if (limit < 1) {
				throw new IllegalArgumentException("A page has at least 1 item, not " + limit);
			}
		}

	}

	/**
	 * A page.
	 *
	 * @param items the objects
	 * @param more whether there are further ones
	 */
	record Page(List<ClusterObject> items, boolean more) {
	}

	/**
	 * An object of the inventory.
	 *
	 * @param ref the object
	 * @param unit whose it is
	 * @param uid its uid; null while it is not known whether it was made
	 * @param revision the revision at which its content last changed; 0 before that is
	 * known
	 * @param orphaned whether it is kept although nothing declares it
	 * @param deleting whether it is to go
	 * @param seen what the watches saw last
	 * @param seenAt when it was first seen so; null where it is as it was pushed, and
	 * where that is not known
	 */
	record ClusterObject(ObjectRef ref, UnitId unit, @Nullable String uid, long revision, boolean orphaned,
			boolean deleting, Seen seen, @Nullable Instant seenAt) {
	}

	/** What the watches saw of an object. */
	enum Seen {

		/** Every change of it is seen, and it is as it was pushed. */
		AS_PUSHED("AsPushed"),

		/** Somebody else changed a field that was pushed. */
		DIFFERS("Differs"),

		/** It is not there. */
		MISSING("Missing"),

		/** Another object of its name is there. */
		REPLACED("Replaced"),

		/** Nobody watches it, a push of it is under way, or nothing declares it. */
		UNKNOWN("Unknown");

		private final String text;

		Seen(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
