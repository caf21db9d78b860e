package dev.meshwright.store;

/**
 * Work for whose end nobody waits at the moment. It has a share of the database's
 * connections only, so that however many threads do such work, who waits for an answer
 * finds a connection.
 */
public final class BulkWork {

	private static final ScopedValue<BulkWork> PRESENT = ScopedValue.newInstance();

	/** How many connections the present thread has; only it counts. */
	private int connections;

	private BulkWork() {
	}

	/** Does it in the present thread. */
	public static void run(Runnable work) {
		ScopedValue.where(PRESENT, new BulkWork()).run(work);
	}

	/** Does it in the present thread, as bulk work or as work that is waited for. */
	public static void run(boolean bulk, Runnable work) {
		if (bulk) {
			run(work);
		}
		else {
			work.run();
		}
	}

	/**
	 * Whether another connection for the present thread needs a place in the share. Who
	 * has one, and waited for another that only such threads can give back, might wait
	 * for ever.
	 */
	static boolean needsPlace() {
		return PRESENT.isBound() && PRESENT.get().connections == 0;
	}

	/** The present thread took a connection, or gave one back. */
	static void count(int connections) {
		if (PRESENT.isBound()) {
			PRESENT.get().connections += connections;
		}
	}

}
