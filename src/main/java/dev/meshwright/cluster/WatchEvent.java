package dev.meshwright.cluster;

import java.time.Duration;
import java.util.Optional;

import dev.meshwright.model.ObjectRef;

/** What a watch reports. */
public sealed interface WatchEvent {

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
	 * @param gone whether the start is too old (410), so that a new list is needed
	 * @param message why
	 * @param retryAfter how long the cluster asks to wait, if it does
	 */
	record Ended(boolean gone, String message, Optional<Duration> retryAfter) implements WatchEvent {

		public Ended(boolean gone, String message) {
			this(gone, message, Optional.empty());
		}

	}

}
