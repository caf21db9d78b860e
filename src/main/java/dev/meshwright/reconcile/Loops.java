package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something over and over on a thread of its own, until it is stopped. */
final class Loops {

	private static final Logger logger = LoggerFactory.getLogger(Loops.class);

	private static final long PAUSE_MILLIS = 1000;

	private final ExecutorService threads;

	Loops(ExecutorService threads) {
		this.threads = threads;
	}

	/** One round; returns soon when there is nothing to do. */
	interface Round {

		void run() throws InterruptedException;

	}

	private final List<Loop> started = new CopyOnWriteArrayList<>();

	/**
	 * The loops that ended although nobody stopped them, or whose round lasts longer than
	 * so without a sign of life.
	 */
	List<String> dead(Duration most) {
		return this.started.stream().filter((loop) -> loop.isDead(most)).map((loop) -> loop.what).toList();
	}

	/**
	 * Starts a loop. A round that fails is logged and followed by the next one after a
	 * second.
	 * @param what names it in the log
	 * @param round what to do
	 */
	Loop start(String what, Round round) {
		return start(what, Duration.ZERO, round);
	}

	/**
	 * Starts a loop whose rounds begin with a sleep.
	 * @param sleep how long it is at most
	 */
	Loop start(String what, Duration sleep, Round round) {
		return start(new Loop(what, sleep, round, null));
	}

	/**
	 * Starts a loop whose rounds may last, but say now and then that they go on.
	 * @param sign when the last sign of life was given, as System.nanoTime says; later
	 * than now while it is known to sleep
	 */
	Loop start(String what, Round round, LongSupplier sign) {
		return start(new Loop(what, Duration.ZERO, round, sign));
	}

	private Loop start(Loop loop) {
		this.started.removeIf((other) -> other.stopped);
		loop.end = this.threads.submit(loop);
		this.started.add(loop);
		return loop;
	}

	/** A loop that runs. */
	static final class Loop implements Runnable {

		private final String what;

		private final Duration sleep;

		private final Round round;

		private final @Nullable LongSupplier sign;

		private volatile boolean stopped;

		private volatile long since = System.nanoTime();

		private volatile Future<?> end = CompletableFuture.completedFuture(null);

		private Loop(String what, Duration sleep, Round round, @Nullable LongSupplier sign) {
			this.what = what;
			this.sleep = sleep;
			this.round = round;
			this.sign = sign;
		}

		@Override
		public void run() {
			try {
				while (!this.stopped) {
					once();
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (Error error) {
				logger.error("Reconciling ({}) has ended; only a restart of this process mends it", this.what, error);
				throw error;
			}
		}

		private boolean isDead(Duration most) {
			return !this.stopped && (this.end.isDone() || silence() > most.plus(this.sleep).toNanos());
		}

		private long silence() {
			long round = System.nanoTime() - this.since;
			return (this.sign != null) ? Math.min(round, System.nanoTime() - this.sign.getAsLong()) : round;
		}

		private void once() throws InterruptedException {
			this.since = System.nanoTime();
			try {
				this.round.run();
			}
			catch (RuntimeException ex) {
				if (!this.stopped) {
					logger.warn("Reconciling ({}) failed; it goes on in a second", this.what, ex);
					Thread.sleep(PAUSE_MILLIS);
				}
			}
		}

		/** Lets it begin no further round. */
		void stop() {
			this.stopped = true;
		}

		/** Ends it at once, in the middle of a round. */
		void close() {
			this.stopped = true;
			this.end.cancel(true);
		}

		/** Waits until its last round is over, at most so long. */
		void join(Duration atMost) throws InterruptedException {
			try {
				this.end.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (ExecutionException | TimeoutException ex) {
				logger.warn("Reconciling ({}) did not come to an end in time", this.what, ex);
			}
		}

	}

}
