package dev.meshwright.store;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;

/** Consistent views of the declarations. */
public interface Snapshots {

	/**
	 * Runs a function on a view of the head revision, in one REPEATABLE READ read-only
	 * transaction. What is read once is kept for the rest of the function. The snapshot
	 * is of no use afterwards.
	 */
	<T> T read(Function<StoredSnapshot, T> function);

	/**
	 * Runs a function on the declarations as they were at a revision, in one REPEATABLE
	 * READ read-only transaction. What was found in clusters is not part of the history:
	 * it is what is known now. Asking for an index costs one lookup for each revision
	 * since that changed it; what such changes carried is read row by row and not kept.
	 * @param revision 1 to the head
	 * @throws StoreFailure.NoRevision there is no such revision, or not yet
	 * @throws StoreFailure.Unreadable from the function: a declaration that was asked for
	 * cannot be read by this version
	 * @throws StoreFailure.TooFarBack from the function: too much was changed since
	 */
	<T> T readAt(long revision, Function<Snapshot, T> function);

	/** A snapshot that can also tell which units depend on keys. */
	interface StoredSnapshot extends Snapshot {

		/**
		 * Every unit and placement whose last compilation, or whose last validation when
		 * nobody has compiled it since, read one of these keys.
		 */
		SortedSet<UnitId> unitsReading(Collection<Key> keys);

		/**
		 * A stored declaration under one of these keys that could not be read, and so
		 * looked as if it were not declared: nothing may be taken away because of that.
		 */
		Optional<ResourceId> unreadable(Collection<Key> keys);

	}

}
