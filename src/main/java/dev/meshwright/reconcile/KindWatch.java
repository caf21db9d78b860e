package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.WatchEvent;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.reconcile.Loops.Loop;
import dev.meshwright.store.Watches;
import dev.meshwright.store.Watches.Held;
import dev.meshwright.store.Watches.Sighting;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees every object of one kind in one cluster, and every change of it: a list, then a
 * watch from there. A watch that ends goes on from its last event; when the cluster does
 * not remember that far back, or ends or refuses watches at once again and again without
 * asking to wait, everything is listed anew. Whoever is missing in a complete list is
 * said to be gone; a list that is not complete says nothing.
 */
final class KindWatch {

	private static final Logger logger = LoggerFactory.getLogger(KindWatch.class);

	/** A watch that ended sooner was refused rather than followed. */
	private static final Duration SHORT = Duration.ofSeconds(2);

	private static final int MOST_SHORT = 3;

	/** So long may go by between a watch and the one that goes on from it. */
	private static final Duration BETWEEN = Duration.ofSeconds(15);

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

	private final Held held;

	private final ObjectKind kind;

	private final Supplier<Optional<ClusterGateway>> gateway;

	private final Watches watches;

	private final Sightings sightings;

	private final Semaphore lists;

	private final Consumer<WatchEvent.Cause> endings;

	private volatile boolean closed;

	private volatile @Nullable Loop loop;

	private volatile long sign = System.nanoTime();

	private int failures;

	private volatile boolean listed;

	/** Whether the cluster has taken a watch on that goes on. */
	private volatile boolean watching;

	/** Up to when every change was seen, unless it is watched now. */
	private volatile long seenUntil = System.nanoTime();

	private volatile long heardAt = System.nanoTime();

	private volatile long openedAt;

	/** Whether the last watch was followed, and not only begun. */
	private volatile boolean lasted;

	private volatile @Nullable String version;

	/**
	 * A watch that goes on from its {@link #start} until it is closed.
	 * @param gateway the way to the cluster as it is now, if there is one
	 * @param lists permits for lists, which need room in memory
	 * @param endings is told what ended each watch
	 */
	KindWatch(Held held, ObjectKind kind, Supplier<Optional<ClusterGateway>> gateway, Watches watches,
			Sightings sightings, Semaphore lists, Consumer<WatchEvent.Cause> endings) {
		this.held = held;
		this.kind = kind;
		this.gateway = gateway;
		this.watches = watches;
		this.sightings = sightings;
		this.lists = lists;
		this.endings = endings;
	}

	/** Whether every object and every change is seen. */
	boolean isFollowed() {
		return this.listed && (this.watching || System.nanoTime() - this.seenUntil < BETWEEN.toNanos());
	}

	/** How long ago the cluster was last heard to say anything about this kind. */
	Duration silence() {
		return Duration.ofNanos(System.nanoTime() - this.heardAt);
	}

	void start(Loops loops) {
		this.loop = loops.start("watch of " + this.kind + " in " + this.held.cluster(), this::round, () -> this.sign);
	}

	void close() {
		this.closed = true;
		Loop running = this.loop;
		if (running != null) {
			running.close();
		}
	}

	/** One watch, and the wait for the next. */
	private void round() throws InterruptedException {
		boolean over = false;
		try {
			Duration wait = wait(this.failures, attempt());
			this.sign = System.nanoTime() + wait.toNanos();
			Thread.sleep(wait);
			over = true;
		}
		finally {
			// whatever ends it for good, nothing is seen any more
			this.listed &= over;
		}
	}

	/** How long the cluster asks to wait before the next one. */
	private Optional<Duration> attempt() throws InterruptedException {
		try {
			WatchEvent.Ended ended = follow();
			this.failures = this.lasted ? 0 : this.failures + 1;
			logger.debug("{} of {}: the watch ended: {}", this.kind, this.held.cluster(), ended.message());
			this.endings.accept(ended.cause());
			boolean refused = this.failures >= MOST_SHORT && ended.retryAfter().isEmpty();
			if (ended.cause() == WatchEvent.Cause.GONE || refused) {
				forget();
			}
			return ended.retryAfter();
		}
		catch (ClusterFailure failure) {
			this.failures++;
			note(failure);
			return (failure instanceof ClusterFailure.Throttled throttled) ? throttled.retryAfter() : Optional.empty();
		}
		catch (RuntimeException ex) {
			this.failures++;
			if (!this.closed) {
				logger.warn("Watching {} of {} failed; it is tried again", this.kind, this.held.cluster(), ex);
			}
			return Optional.empty();
		}
	}

	private void note(ClusterFailure failure) {
		if (this.failures == 1) {
			logger.warn("{} of {} cannot be watched; it is tried again, and compared by schedule meanwhile: {}",
					this.kind, this.held.cluster(), failure.getMessage());
		}
		else {
			logger.debug("{} of {} cannot be watched: {}", this.kind, this.held.cluster(), failure.getMessage());
		}
	}

	/**
	 * With jitter, so that what ended together does not begin together; never less than
	 * the cluster asks for.
	 */
	private static Duration wait(int failures, Optional<Duration> asked) {
		long most = Math.min(LONGEST_WAIT.toMillis(), 250L << Math.min(failures, 10));
		Duration own = Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
		return asked.filter((it) -> it.compareTo(own) > 0)
			.map((it) -> it.plusMillis(ThreadLocalRandom.current().nextLong(it.toMillis() / 4 + 1)))
			.orElse(own);
	}

	private void forget() {
		this.listed = false;
		this.version = null;
	}

	/** Lists if need be, and watches until that ends. */
	private WatchEvent.Ended follow() throws InterruptedException {
		ClusterGateway reached = this.gateway.get()
			.orElseThrow(() -> new ClusterFailure.Unavailable("there is no connection to the cluster"));
		String from = this.version;
		if (from == null) {
			from = list(reached);
			this.version = from;
			this.heardAt = System.nanoTime();
			this.seenUntil = this.heardAt;
			this.listed = true;
		}
		CompletableFuture<WatchEvent.Ended> end = new CompletableFuture<>();
		AutoCloseable watch = reached.watch(this.kind, from, (event) -> accept(event, end));
		try {
			return end.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		finally {
			close(watch);
		}
	}

	private static void close(AutoCloseable watch) {
		try {
			watch.close();
		}
		catch (Exception ex) {
			logger.debug("A watch was not closed", ex);
		}
	}

	private void accept(WatchEvent event, CompletableFuture<WatchEvent.Ended> end) {
		if (end.isDone()) {
			return;
		}
		this.sign = System.nanoTime();
		if (!(event instanceof WatchEvent.Ended)) {
			this.heardAt = this.sign;
		}
		switch (event) {
			case WatchEvent.Opened() -> {
				this.openedAt = this.heardAt;
				this.watching = true;
			}
			case WatchEvent.Changed(LiveObject live) -> {
				this.sightings.add(sighting(live));
				this.version = live.resourceVersion();
			}
			case WatchEvent.Deleted(ObjectRef ref, String uid, String resourceVersion) -> {
				this.sightings.add(new Sighting(ref, null, resourceVersion, "", false));
				this.version = resourceVersion;
			}
			case WatchEvent.Bookmark(String resourceVersion) -> this.version = resourceVersion;
			case WatchEvent.Ended ended -> {
				ended(ended.cause());
				end.complete(ended);
			}
		}
	}

	/** Of what a silent watch did not report nobody knows since when. */
	private void ended(WatchEvent.Cause cause) {
		long now = System.nanoTime();
		this.lasted = this.watching && now - this.openedAt > SHORT.toNanos();
		if (this.watching) {
			this.seenUntil = (cause == WatchEvent.Cause.SILENT) ? this.heardAt : now;
			this.watching = false;
		}
	}

	private String list(ClusterGateway reached) throws InterruptedException {
		while (!this.lists.tryAcquire(Sightings.SIGNS.toNanos(), TimeUnit.NANOSECONDS)) {
			waits();
		}
		try {
			ClusterGateway.Scan<Sighting> scan = reached.scan(this.kind, "", KindWatch::sighting);
			Set<ObjectRef> missing = new HashSet<>(this.watches.inventory(this.held.cluster(), this.kind));
			for (Sighting sighting : scan.found()) {
				missing.remove(sighting.ref());
				this.sightings.add(sighting);
			}
			missing.forEach((ref) -> this.sightings.add(new Sighting(ref, null, scan.resourceVersion(), "", false)));
			this.sightings.await(this::waits);
			this.watches.sweep(this.held, this.kind);
			return scan.resourceVersion();
		}
		finally {
			this.lists.release();
		}
	}

	/** For others, who give signs of life of their own. */
	private void waits() {
		this.sign = System.nanoTime();
	}

	private static Sighting sighting(LiveObject live) {
		return new Sighting(live.ref(), live.uid(), live.resourceVersion(), LiveComparison.ownedHash(live),
				LiveComparison.hasAvailableReplica(live));
	}

}
