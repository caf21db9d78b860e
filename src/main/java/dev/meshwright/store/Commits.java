package dev.meshwright.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;

/** Writes change sets: all of it or nothing, in one short transaction. */
public interface Commits {

	/**
	 * Commits a validated change set. Locks the resources in key order, checks the
	 * preconditions, writes resources, history, index entries, claims, changed keys and
	 * the audit row, and takes the next revision last of all. An equal put changes
	 * nothing, nor does a delete of what is already being deleted; a change set in which
	 * nothing changes takes no revision. The audit row names {@link AuditLog.Origin} when
	 * one is bound.
	 * @param caller who does it
	 * @param changes what to do; each resource at most once
	 * @param message why, for the history
	 * @param validation the snapshot's revision at which it was validated and every key
	 * that validation read
	 * @return what was stored, in the order of the changes
	 * @throws StoreFailure.PreconditionFailed a precondition does not hold
	 * @throws StoreFailure.AlreadyClaimed a host or policy target belongs to another
	 * resource
	 * @throws StoreFailure.ConcurrentChange a key that validation read was changed since,
	 * or a unit that it did not compile depends on the change by now; validate again
	 * @throws StoreFailure.NotFound a resource to delete does not exist for this caller
	 */
	default Committed commit(Caller caller, List<Change> changes, String message, Validation validation) {
		return commit(caller, changes, message, validation, Optional.empty());
	}

	/**
	 * As {@link #commit(Caller, List, String, Validation)}, for a job: it is committed
	 * and the job has succeeded, or neither.
	 * @throws StoreFailure.ConcurrentChange also when the claim of the job was lost
	 */
	Committed commit(Caller caller, List<Change> changes, String message, Validation validation,
			Optional<Jobs.Claim> job);

	/**
	 * What a write was validated against.
	 *
	 * @param revision the snapshot's revision
	 * @param reads the keys read
	 * @param compiled every placement and unit that was compiled, with the keys that it
	 * read: stored with the commit, so that the next write finds them; a unit that is not
	 * among them must not depend on what is committed. Empty for what a part of
	 * Meshwright declares without compiling: then no dependent is looked for
	 */
	record Validation(long revision, Set<Key> reads, Optional<Map<UnitId, Set<Key>>> compiled) {

		/** Without compiling. */
		public Validation(long revision, Set<Key> reads) {
			this(revision, reads, Optional.empty());
		}

	}

	/**
	 * What a commit did.
	 *
	 * @param revision the new head revision, or the present one when nothing changed
	 * @param results one for each change
	 */
	record Committed(long revision, List<Result> results) {
	}

	/**
	 * What became of one change.
	 *
	 * @param id the resource
	 * @param outcome what happened
	 * @param stored the resource as it is now; for a delete, as it was, with
	 * deletionTimestamp
	 */
	record Result(ResourceId id, Outcome outcome, StoredResource stored) {
	}

	/** What a change did. */
	enum Outcome {

		CREATED, UPDATED, UNCHANGED, DELETED

	}

}
