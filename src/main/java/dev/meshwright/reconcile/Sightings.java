package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.BulkWork;
import dev.meshwright.store.Watches;
import dev.meshwright.store.Watches.Held;
import dev.meshwright.store.Watches.Pushed;
import dev.meshwright.store.Watches.Sighting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the watches of one cluster saw and nobody has compared yet with what was pushed.
 * Of an object only the newest sight counts, so a burst costs one comparison; what is
 * being pushed is looked at again. Nothing of an object is kept once it was compared.
 */
final class Sightings {

	private static final Logger logger = LoggerFactory.getLogger(Sightings.class);

	private static final int BATCH = 500;

	/** How long the first of a burst waits for the others. */
	private static final Duration BURST = Duration.ofMillis(50);

	/**
	 * How long while much is seen and nothing of it differs: then it mostly is what is
	 * being pushed, and compared too soon it is compared twice.
	 */
	private static final Duration LONG_BURST = Duration.ofMillis(250);

	/** From so many in one batch on. */
	private static final int MUCH = 20;

	private static final Duration AGAIN = Duration.ofMillis(250);

	private static final Duration LAST_AGAIN = Duration.ofSeconds(5);

	/** How often a long wait says that it is one. */
	static final Duration SIGNS = Duration.ofSeconds(1);

	private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Map<ObjectRef, Numbered> fresh = new LinkedHashMap<>();

	private final Map<ObjectRef, Waiting> open = new HashMap<>();

	private final Watches watches;

	private final Held held;

	private long added;

	private long compared;

	private Duration burst = BURST;

	private volatile boolean lost;

	private volatile long sign = System.nanoTime();

	/** A sight that is judged again at a time. */
	private record Waiting(Sighting sighting, long due, Duration pause) {
	}

	/** A sight with its place in the order of arrival. */
	private record Numbered(long number, Sighting sighting) {
	}

	Sightings(Watches watches, Held held) {
		this.watches = watches;
		this.held = held;
	}

	/** Whether another replica has the watches now. */
	boolean isLost() {
		return this.lost;
	}

	/**
	 * When it was last seen to go on: it may wait long for something to compare, or for
	 * the store.
	 */
	long sign() {
		return this.sign;
	}

	void add(Sighting sighting) {
		this.lock.lock();
		try {
			this.added++;
			this.fresh.remove(sighting.ref());
			this.fresh.put(sighting.ref(), new Numbered(this.added, sighting));
			this.open.remove(sighting.ref());
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until everything that was added so far has been compared once.
	 * @param waiting is called now and then meanwhile
	 */
	void await(Runnable waiting) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			long until = this.added;
			while (this.compared < until && !this.lost) {
				waiting.run();
				this.changed.await(SIGNS.toNanos(), TimeUnit.NANOSECONDS);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Compares what there is; waits until there is something. */
	void round() throws InterruptedException {
		awaitWork();
		List<Sighting> batch = take();
		while (!this.lost && !batch.isEmpty() && !compare(batch)) {
			Thread.sleep(AFTER_FAILURE);
		}
		done();
	}

	/** A batch that is full waits for no more. */
	private void awaitWork() throws InterruptedException {
		boolean full;
		this.lock.lockInterruptibly();
		try {
			while (this.fresh.isEmpty()) {
				long next = this.open.values()
					.stream()
					.mapToLong((each) -> each.due - System.nanoTime())
					.min()
					.orElse(Long.MAX_VALUE);
				if (next <= 0) {
					return;
				}
				this.sign = System.nanoTime();
				this.changed.awaitNanos(Math.min(next, SIGNS.toNanos()));
			}
			full = this.fresh.size() >= BATCH;
		}
		finally {
			this.lock.unlock();
		}
		if (!full) {
			Thread.sleep(this.burst);
		}
	}

	private List<Sighting> take() {
		this.lock.lock();
		try {
			List<Sighting> batch = new ArrayList<>();
			Iterator<Numbered> next = this.fresh.values().iterator();
			while (next.hasNext() && batch.size() < BATCH) {
				batch.add(next.next().sighting);
				next.remove();
			}
			this.open.values()
				.stream()
				.filter((each) -> each.due - System.nanoTime() <= 0)
				.limit(BATCH - batch.size())
				.forEach((each) -> batch.add(each.sighting));
			return batch;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void done() {
		this.lock.lock();
		try {
			this.compared = this.fresh.isEmpty() ? this.added : this.fresh.values().iterator().next().number - 1;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** False when the store failed. */
	private boolean compare(List<Sighting> batch) {
		this.sign = System.nanoTime();
		try {
			BulkWork.run(() -> judge(batch));
			return true;
		}
		catch (RuntimeException ex) {
			logger.warn("What was seen of {} objects of cluster {} could not be compared; it is again in a second",
					batch.size(), this.held.cluster(), ex);
			return false;
		}
	}

	private void judge(List<Sighting> batch) {
		Map<ObjectRef, Pushed> pushed = this.watches.pushed(this.held.cluster(),
				batch.stream().map(Sighting::ref).toList());
		Map<Sighting, UnitId> differing = new HashMap<>();
		List<ObjectRef> agreeing = new ArrayList<>();
		Set<UnitId> available = new HashSet<>();
		for (Sighting sighting : batch) {
			Pushed last = pushed.get(sighting.ref());
			switch (Verdict.of(sighting, last)) {
				case AGREES -> agreeing.add(sighting.ref());
				case DIFFERS -> differing.put(sighting, Objects.requireNonNull(last).unit());
				case OPEN -> {
					later(sighting);
					continue;
				}
			}
			if (sighting.available() && last != null) {
				available.add(last.unit());
			}
			settled(sighting);
		}
		this.burst = (differing.isEmpty() && batch.size() >= MUCH) ? LONG_BURST : BURST;
		if (!this.watches.note(this.held, differing, agreeing, available)) {
			this.lost = true;
		}
	}

	private void later(Sighting sighting) {
		this.lock.lock();
		try {
			Waiting before = this.open.get(sighting.ref());
			Duration wait = (before == null) ? AGAIN : before.pause.multipliedBy(2);
			Duration capped = (wait.compareTo(LAST_AGAIN) > 0) ? LAST_AGAIN : wait;
			if (!this.fresh.containsKey(sighting.ref())) {
				this.open.put(sighting.ref(), new Waiting(sighting, System.nanoTime() + capped.toNanos(), capped));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void settled(Sighting sighting) {
		this.lock.lock();
		try {
			this.open.remove(sighting.ref());
		}
		finally {
			this.lock.unlock();
		}
	}

}
