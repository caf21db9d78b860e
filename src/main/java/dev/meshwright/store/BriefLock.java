package dev.meshwright.store;

/**
 * What the statements do that lock a row which everybody needs. Such a lock is held for a
 * few statements, one right after the other; who holds it and says nothing stands still,
 * as a process or machine does that is paused, and everybody would wait for the two
 * minutes that a silent transaction may last. So the database ends this one sooner. Its
 * work is lost, as if the process had died, and done again.
 */
final class BriefLock {

	/** One more column of the statement that locks; holds until the transaction ends. */
	static final String COLUMN = "set_config('idle_in_transaction_session_timeout', '10s', true)";

	private BriefLock() {
	}

}
