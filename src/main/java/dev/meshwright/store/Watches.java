package dev.meshwright.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import org.jspecify.annotations.Nullable;

/**
 * Who watches a cluster, and what was seen there that differs from what was pushed. One
 * replica at a time holds the watches of a cluster; what one writes that has lost them
 * has no effect.
 */
public interface Watches {

	/**
	 * Takes the watches of clusters that nobody holds, and keeps those held already.
	 * @param holder the process's name, unique for each
	 * @param lease how long they are held without another call
	 * @return the clusters that are held now
	 */
	List<Held> hold(String holder, Collection<String> clusters, Duration lease);

	/** Gives up all that a process holds, so that another need not wait. */
	void release(String holder);

	/**
	 * Says of which kinds every object and every change is seen; of others nothing is
	 * known.
	 * @return false when the watches were lost
	 */
	boolean follow(Held held, Set<ObjectKind> kinds);

	/** What was pushed last, of those objects that are in the inventory. */
	Map<ObjectRef, Pushed> pushed(String cluster, Collection<ObjectRef> refs);

	/** The objects of a kind in the inventory, by reference. */
	Set<ObjectRef> inventory(String cluster, ObjectKind kind);

	/**
	 * Notes what was seen. A unit with an object that is newly seen to differ becomes due
	 * for a comparison at once, but not before the wait after a failure is over.
	 * @param held who saw it
	 * @param differing objects that differ from what was pushed, and whose they are
	 * @param agreeing objects that do not, or are nobody's
	 * @param available units with a Deployment that has a replica now: those that wait
	 * for it, or for another while, become due at once
	 * @return false when the watches were lost; nothing is noted then
	 */
	boolean note(Held held, Map<Sighting, UnitId> differing, Collection<ObjectRef> agreeing,
			Collection<UnitId> available);

	/** Forgets what was seen of objects of a kind that are in no inventory any more. */
	void sweep(Held held, ObjectKind kind);

	/** What the watches say of the objects in the inventories of units. */
	Map<UnitId, Map<ObjectRef, Look>> looks(Collection<UnitId> units);

	/**
	 * The watches of a cluster, until the lease ends.
	 *
	 * @param cluster the cluster
	 * @param fence counts the holders; a later one has a greater number
	 */
	record Held(String cluster, long fence) {
	}

	/**
	 * An object as it was seen.
	 *
	 * @param ref the object
	 * @param uid its uid; null when it was not there
	 * @param resourceVersion its resourceVersion; when it was not there, that of its end
	 * or of the list in which it was missing
	 * @param ownedHash the hash of the fields that we own; empty when unknown
	 * @param available whether it is a Deployment with an available replica, which a
	 * route may wait for
	 */
	record Sighting(ObjectRef ref, @Nullable String uid, String resourceVersion, String ownedHash, boolean available) {
	}

	/**
	 * An object of the inventory.
	 *
	 * @param unit whose it is
	 * @param uid its uid, or null while it is not known
	 * @param resourceVersion its resourceVersion after the last push, or null
	 * @param ownedHash the hash of the fields that we owned then; empty when unknown
	 * @param open whether a push of it is under way, or broke off
	 * @param kept whether it is only kept: nothing declares it
	 */
	record Pushed(UnitId unit, @Nullable String uid, @Nullable String resourceVersion, String ownedHash, boolean open,
			boolean kept) {
	}

	/** What is known of a live object without asking for it. */
	enum Look {

		/** Every change of it is seen, and it is as it was pushed. */
		AGREES,

		/** It was seen to differ, or to be gone. */
		DIFFERS,

		/** Nobody watches it. */
		UNKNOWN

	}

}
