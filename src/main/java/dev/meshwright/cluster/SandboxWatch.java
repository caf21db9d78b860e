package dev.meshwright.cluster;

import java.util.function.Consumer;

import dev.meshwright.model.ObjectKind;
import org.jspecify.annotations.Nullable;

/** One watch on a sandbox, on a thread of its own. */
final class SandboxWatch implements Runnable, AutoCloseable {

	private final SandboxHistory history;

	private final ObjectKind kind;

	private final String start;

	private final Consumer<WatchEvent> events;

	private boolean closed;

	private @Nullable Thread thread;

	SandboxWatch(SandboxHistory history, ObjectKind kind, String start, Consumer<WatchEvent> events) {
		this.history = history;
		this.kind = kind;
		this.start = start;
		this.events = events;
	}

	@Override
	public void run() {
		synchronized (this) {
			this.thread = Thread.currentThread();
		}
		WatchEvent.Ended ended = new WatchEvent.Ended(WatchEvent.Cause.OVER, "the receiver failed");
		try {
			ended = follow();
		}
		catch (InterruptedException ex) {
			ended = new WatchEvent.Ended(WatchEvent.Cause.OVER, "closed");
		}
		finally {
			this.events.accept(ended);
		}
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.thread != null) {
			this.thread.interrupt();
		}
	}

	private WatchEvent.Ended follow() throws InterruptedException {
		long position;
		try {
			position = Long.parseLong(this.start);
		}
		catch (NumberFormatException ex) {
			return new WatchEvent.Ended(WatchEvent.Cause.GONE,
					"not a resourceVersion of this sandbox; start from a list");
		}
		this.events.accept(new WatchEvent.Opened());
		while (true) {
			if (isClosed()) {
				return new WatchEvent.Ended(WatchEvent.Cause.OVER, "closed");
			}
			SandboxHistory.Next next = this.history.after(this.kind, position);
			for (WatchEvent event : next.events()) {
				if (event instanceof WatchEvent.Ended ended) {
					return ended;
				}
				this.events.accept(event);
			}
			position = next.upTo();
		}
	}

	private synchronized boolean isClosed() {
		return this.closed;
	}

}
