package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import dev.meshwright.cluster.ClusterFailure;
import org.jspecify.annotations.Nullable;

/**
 * The way to one cluster: as many calls at once as it bears. The limit grows by one for
 * each round of quick answers and halves when the cluster asks to slow down; a cluster
 * that does not answer is left alone for a while, longer each time. Calls for urgent
 * units go before others that wait, and while such a unit is being worked on, or was a
 * moment ago, the others have half of the calls and no more than the cluster works on
 * rather than lets wait: it finds room when it comes to its first call, at an API server
 * that is not busy with what came before.
 */
final class ClusterLane {

	private static final int MOST = 32;

	private static final int FIRST = 16;

	/** Where one unit is urgent the next soon is. */
	private static final long LATELY = Duration.ofSeconds(1).toNanos();

	private static final int MOST_SILENCES = 3;

	private static final long SLOW = Duration.ofSeconds(1).toNanos();

	private final ExecutorService threads;

	private final ReentrantLock lock = new ReentrantLock();

	private final WaitingCalls waiting = new WaitingCalls();

	private final MovingKinds moving = new MovingKinds();

	private final AtomicInteger urgentUnits = new AtomicInteger();

	private final AtomicInteger otherUnits = new AtomicInteger();

	private final Congestion congestion = new Congestion(FIRST, MOST);

	private double limit = FIRST;

	private int inUse;

	private int othersInUse;

	private int silences;

	private long closedUntil;

	private boolean recovered;

	private long urgentAt = System.nanoTime() - LATELY;

	ClusterLane(ExecutorService threads) {
		this.threads = threads;
		this.closedUntil = System.nanoTime();
	}

	/** Units of this cluster that are being worked on in this process. */
	AtomicInteger units(boolean urgent) {
		return urgent ? this.urgentUnits : this.otherUnits;
	}

	/** What is known of the cluster's objects that change without us. */
	MovingKinds moving() {
		return this.moving;
	}

	/**
	 * The cluster answers: it need not be left alone because it was silent.
	 * @param again whether it is known not to have answered before
	 */
	void answers(boolean again) {
		this.lock.lock();
		try {
			this.recovered |= again;
			if (this.silences >= MOST_SILENCES) {
				this.closedUntil = System.nanoTime();
				heard();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** How many calls may be made at once now. */
	int limit() {
		this.lock.lock();
		try {
			return (int) this.limit;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** How many calls are being made. */
	int active() {
		this.lock.lock();
		try {
			return this.inUse;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void heard() {
		this.recovered |= this.silences >= MOST_SILENCES;
		this.silences = 0;
	}

	/**
	 * Whether the cluster has answered, after a silence, for the first time since this
	 * was asked last.
	 */
	boolean hasRecovered() {
		this.lock.lock();
		try {
			boolean answer = this.recovered;
			this.recovered = false;
			return answer;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether the cluster is to be left alone for now. */
	boolean isClosed() {
		this.lock.lock();
		try {
			return this.closedUntil - System.nanoTime() > 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Does things side by side; the answers are in the same order. What they call is to
	 * go through {@link #call}.
	 */
	<T> List<T> all(List<Callable<T>> calls) throws InterruptedException {
		if (calls.size() == 1) {
			return List.of(unchecked(calls.getFirst()));
		}
		List<Future<T>> futures = new ArrayList<>();
		for (Callable<T> call : calls) {
			futures.add(this.threads.submit(call));
		}
		List<T> answers = new ArrayList<>();
		for (Future<T> future : futures) {
			try {
				answers.add(future.get());
			}
			catch (ExecutionException ex) {
				throw rethrown(ex.getCause());
			}
		}
		return answers;
	}

	/** Makes a call that is not urgent. */
	<T> T call(Supplier<T> call) throws InterruptedException {
		return call(false, call);
	}

	/**
	 * Makes a call when there is room for it.
	 * @param urgent whether it goes before others that wait
	 * @param call the call
	 * @throws ClusterFailure its own, or, while the cluster is left alone, the one
	 * because of which it is, without a call
	 */
	<T> T call(boolean urgent, Supplier<T> call) throws InterruptedException {
		enter(urgent);
		long start = System.nanoTime();
		try {
			T answer = call.get();
			long nanos = System.nanoTime() - start;
			if (answer instanceof Outcome.Failed failed) {
				leave(urgent, failed.reason(), nanos, failed.retryAfter().orElse(Duration.ZERO));
			}
			else {
				if (answer instanceof Outcome.Written) {
					this.congestion.written(nanos, active());
				}
				leave(urgent, "", nanos, Duration.ZERO);
			}
			return answer;
		}
		catch (ClusterFailure.Throttled throttled) {
			leave(urgent, "Throttled", 0, throttled.retryAfter().orElse(Duration.ZERO));
			throw throttled;
		}
		catch (ClusterFailure.Unavailable unavailable) {
			leave(urgent, unavailable.answered() ? Failures.SERVER_ERROR : Failures.UNREACHABLE, 0, Duration.ZERO);
			throw unavailable;
		}
		catch (RuntimeException | Error ex) {
			leave(urgent, "", System.nanoTime() - start, Duration.ZERO);
			throw ex;
		}
	}

	private void enter(boolean urgent) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			refuse();
			while (!isRoom(urgent) || this.waiting.isBefore(urgent)) {
				if (await(this.waiting.add(urgent, this.lock.newCondition()))) {
					return;
				}
				refuse();
			}
			count(urgent, 1);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits for a place; false when the lane was closed instead. */
	private boolean await(WaitingCalls.Waiting call) throws InterruptedException {
		try {
			while (!call.called) {
				call.turn.await();
			}
			return call.admitted;
		}
		catch (InterruptedException ex) {
			this.waiting.remove(call);
			if (call.admitted) {
				count(call.urgent, -1);
				admit();
			}
			throw ex;
		}
	}

	private boolean isRoom(boolean urgent) {
		int most = (int) this.limit;
		int others = isUrgent() ? Math.min(this.congestion.limit(), Math.max(1, most / 2)) : most;
		return this.inUse < most && (urgent || this.othersInUse < others);
	}

	private boolean isUrgent() {
		long now = System.nanoTime();
		if (this.urgentUnits.get() > 0) {
			this.urgentAt = now;
		}
		return now - this.urgentAt < LATELY;
	}

	private void count(boolean urgent, int calls) {
		this.inUse += calls;
		this.othersInUse += urgent ? 0 : calls;
	}

	private void admit() {
		while (isRoom(true)) {
			WaitingCalls.@Nullable Waiting next = this.waiting.admitNext(isRoom(false));
			if (next == null) {
				return;
			}
			count(next.urgent, 1);
		}
	}

	private void refuse() {
		Duration left = Duration.ofNanos(this.closedUntil - System.nanoTime());
		if (left.isPositive()) {
			if (this.silences >= MOST_SILENCES) {
				throw new ClusterFailure.Unavailable("the cluster did not answer " + this.silences
						+ " times in a row and is left alone for " + left.toSeconds() + " s");
			}
			throw new ClusterFailure.Throttled("the cluster asked to wait; " + left.toSeconds() + " s are left",
					Optional.of(left));
		}
	}

	private void leave(boolean urgent, String reason, long nanos, Duration asked) {
		this.lock.lock();
		try {
			count(urgent, -1);
			switch (reason) {
				case "Throttled" -> {
					this.limit = Math.max(1, this.limit / 2);
					close(asked);
				}
				case Failures.UNREACHABLE -> {
					if (this.closedUntil - System.nanoTime() > 0) {
						// others learnt it first
						break;
					}
					this.silences++;
					this.limit = Math.max(1, this.limit / 2);
					if (this.silences >= MOST_SILENCES) {
						close(Backoff.after(List.of(), Math.min(this.silences, 6)));
					}
				}
				case Failures.SERVER_ERROR -> this.limit = Math.max(2, this.limit * 0.9);
				default -> {
					heard();
					this.limit = (nanos > SLOW) ? Math.max(2, this.limit * 0.9)
							: Math.min(MOST, this.limit + 1 / this.limit);
				}
			}
			admit();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void close(Duration time) {
		long until = System.nanoTime() + time.toNanos();
		if (until - this.closedUntil > 0) {
			this.closedUntil = until;
		}
		if (time.isPositive()) {
			this.waiting.dismissAll();
		}
	}

	private static RuntimeException rethrown(Throwable cause) {
		if (cause instanceof Error error) {
			throw error;
		}
		return (cause instanceof RuntimeException runtime) ? runtime : new IllegalStateException(cause);
	}

	private static <T> T unchecked(Callable<T> call) {
		try {
			return call.call();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
