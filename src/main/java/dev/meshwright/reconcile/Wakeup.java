package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes one thread that waits; a call while it does not wait is not lost. */
final class Wakeup {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition called = this.lock.newCondition();

	private boolean isCalled;

	/** When to wake at the latest, if called. */
	private long due;

	void wake() {
		wakeWithin(Duration.ZERO);
	}

	/** Wakes once for all such calls in this time, which may come in great number. */
	void wakeWithin(Duration most) {
		long at = System.nanoTime() + most.toNanos();
		this.lock.lock();
		try {
			if (!this.isCalled || at - this.due < 0) {
				this.due = at;
				this.isCalled = true;
				this.called.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	void await(Duration atMost) throws InterruptedException {
		long end = System.nanoTime() + Math.max(1_000_000, atMost.toNanos());
		this.lock.lockInterruptibly();
		try {
			long left = left(end);
			while (left > 0) {
				this.called.awaitNanos(left);
				left = left(end);
			}
			// a call that is not due yet is still to be answered
			this.isCalled &= this.due - System.nanoTime() > 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	private long left(long end) {
		long now = System.nanoTime();
		return this.isCalled ? Math.min(end - now, this.due - now) : end - now;
	}

}
