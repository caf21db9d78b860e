package dev.meshwright.store;

import java.time.Duration;

/**
 * Wakes those who wait for something to happen in the store, on this or another replica.
 * It only shortens a wait: the truth is what polling finds.
 */
public interface Signals {

	/**
	 * Waits until something of this topic may have happened, or the time is over. Returns
	 * at once when it happened since {@code seen}.
	 * @param topic what to wait for
	 * @param seen the counter that the last call returned, 0 for the first
	 * @param atMost how long
	 * @return a counter for the next call
	 */
	long await(Topic topic, long seen, Duration atMost) throws InterruptedException;

	/** What can be waited for. */
	enum Topic {

		/** A revision was committed. */
		REVISION,

		/** The status of a unit changed. */
		STATUS,

		/** A live object was seen to differ from what was pushed. */
		DRIFT,

		/** A job was submitted, or has ended. */
		JOB

	}

}
