package dev.meshwright.fault;

import java.util.List;
import java.util.function.Supplier;

import dev.meshwright.e2e.ApiClient;

/** Writes through the API as fast as it answers, until it is closed. */
final class Writers implements AutoCloseable {

	private final Thread thread;

	private volatile boolean closed;

	/**
	 * Starts writing.
	 * @param journal where it is written down
	 * @param api whom to ask; may change as processes come and go
	 * @param namespaces which are declared in the journal, written in turn
	 */
	Writers(Journal journal, Supplier<ApiClient> api, List<String> namespaces) {
		this.thread = Thread.ofVirtual().start(() -> {
			for (int number = 0; !this.closed; number++) {
				try {
					journal.write(api.get(), namespaces.get(number % namespaces.size()));
				}
				catch (RuntimeException ex) {
					// nobody is there to ask
					FaultRig.sleep(java.time.Duration.ofMillis(50));
				}
			}
		});
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
