package dev.meshwright.cluster;

import java.time.Duration;
import java.util.Optional;

import dev.meshwright.model.ObjectRef;

/** What a watch reports. */
public sealed interface WatchEvent {

	/** The cluster has taken the watch on: from now on every change is reported. */
	record Opened() implements WatchEvent {
	}

	/** The object was added or changed. */
	record Changed(LiveObject live) implements WatchEvent {
	}

	/** The object is gone. */
	record Deleted(ObjectRef ref, String uid, String resourceVersion) implements WatchEvent {
	}

	/** Nothing happened up to this resourceVersion. */
	record Bookmark(String resourceVersion) implements WatchEvent {
	}

	/**
	 * The watch is over.
	 *
	 * @param cause what ended it
	 * @param message why, for people
	 * @param retryAfter how long the cluster asks to wait, if it does
	 */
	record Ended(Cause cause, String message, Optional<Duration> retryAfter) implements WatchEvent {

		public Ended(Cause cause, String message) {
			this(cause, message, Optional.empty());
		}

	}

	/** What ends a watch. */
	enum Cause {

		/** Its time, or its connection, was over. */
		OVER,

		/** The start is too old (410), so that a new list is needed. */
		GONE,

		/** Nothing was heard for so long that the connection is taken for dead. */
		SILENT,

		/** The cluster did not take it on. */
		REFUSED

	}

}
