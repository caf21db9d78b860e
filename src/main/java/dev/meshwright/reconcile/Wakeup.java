package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one thread that waits; a call while it does not wait is not lost. */
final class Wakeup {

	private final Semaphore calls = new Semaphore(0);

	void wake() {
		this.calls.release();
	}

	void await(Duration atMost) throws InterruptedException {
		if (this.calls.tryAcquire(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)) {
			this.calls.drainPermits();
		}
	}

}
