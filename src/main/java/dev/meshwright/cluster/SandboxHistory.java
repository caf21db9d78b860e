package dev.meshwright.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.meshwright.model.ObjectKind;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of a sandbox, for its watches. Older ones are forgotten, as an API
 * server does after a compaction.
 */
final class SandboxHistory {

	private final int size;

	private final Duration bookmarks;

	private final ArrayDeque<Change> changes = new ArrayDeque<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Up to here nothing is known any more. */
	private long forgotten;

	private long latest;

	private boolean closed;

	SandboxHistory(int size, Duration bookmarks, long resourceVersion) {
		this.size = size;
		this.bookmarks = bookmarks;
		this.forgotten = resourceVersion;
		this.latest = resourceVersion;
	}

	private record Change(long resourceVersion, ObjectKind kind, @Nullable SandboxObject before,
			@Nullable SandboxObject after) {

		/** What somebody sees who watches objects of ours only. */
		@Nullable WatchEvent seen() {
			if (this.after != null && this.after.ours()) {
				return new WatchEvent.Changed(this.after.live());
			}
			return (this.before != null && this.before.ours())
					? new WatchEvent.Deleted(this.before.ref(), this.before.uid(), Long.toString(this.resourceVersion))
					: null;
		}
	}

	/**
	 * What a watch gets next.
	 *
	 * @param events in order; the last one is an {@link WatchEvent.Ended} when it is over
	 * @param upTo where to go on
	 */
	record Next(List<WatchEvent> events, long upTo) {
	}

	void add(long resourceVersion, @Nullable SandboxObject before, @Nullable SandboxObject after) {
		ObjectKind kind = ((after != null) ? after : Objects.requireNonNull(before)).ref().kind();
		this.lock.lock();
		try {
			this.changes.add(new Change(resourceVersion, kind, before, after));
			this.latest = resourceVersion;
			if (this.changes.size() > this.size) {
				this.forgotten = this.changes.removeFirst().resourceVersion();
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Something has changed that no watch tells of; a list from now on says so. */
	void pass(long resourceVersion) {
		this.lock.lock();
		try {
			this.latest = resourceVersion;
		}
		finally {
			this.lock.unlock();
		}
	}

	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits for changes of a kind after a moment; a bookmark when there are none. */
	Next after(ObjectKind kind, long resourceVersion) throws InterruptedException {
		long left = this.bookmarks.toNanos();
		this.lock.lockInterruptibly();
		try {
			while (true) {
				if (this.closed) {
					return new Next(List.of(new WatchEvent.Ended(WatchEvent.Cause.OVER, "closed")), resourceVersion);
				}
				if (resourceVersion < this.forgotten || resourceVersion > this.latest) {
					return new Next(
							List.of(new WatchEvent.Ended(WatchEvent.Cause.GONE,
									"too old resource version: " + resourceVersion + " (" + this.forgotten + ")")),
							resourceVersion);
				}
				List<WatchEvent> events = events(kind, resourceVersion);
				if (!events.isEmpty()) {
					return new Next(events, this.latest);
				}
				if (left <= 0) {
					return new Next(List.of(new WatchEvent.Bookmark(Long.toString(this.latest))), this.latest);
				}
				left = this.changed.awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private List<WatchEvent> events(ObjectKind kind, long resourceVersion) {
		List<WatchEvent> events = new ArrayList<>();
		for (Change change : this.changes) {
			WatchEvent event = (change.resourceVersion() > resourceVersion && change.kind() == kind) ? change.seen()
					: null;
			if (event != null) {
				events.add(event);
			}
		}
		return events;
	}

}
