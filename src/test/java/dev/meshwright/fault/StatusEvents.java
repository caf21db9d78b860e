package dev.meshwright.fault;

import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.meshwright.e2e.ApiClient;

/** Follows the event stream as a portal does, and counts that a status has changed. */
final class StatusEvents implements AutoCloseable {

	private final AtomicInteger count = new AtomicInteger();

	private final Stream<String> lines;

	StatusEvents(ApiClient api) {
		this.lines = api.follow("/api/v1/events");
		Thread.ofVirtual().start(this::read);
	}

	private void read() {
		try {
			this.lines.filter("event: status"::equals).forEach((line) -> this.count.incrementAndGet());
		}
		catch (UncheckedIOException ex) {
			// hung up
		}
	}

	/** How often a status has changed so far. */
	int count() {
		return this.count.get();
	}

	@Override
	public void close() {
		this.lines.close();
	}

}
