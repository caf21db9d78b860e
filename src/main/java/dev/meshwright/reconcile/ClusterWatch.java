package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.reconcile.Loops.Loop;
import dev.meshwright.store.Watches;
import dev.meshwright.store.Watches.Held;

/**
 * The watches of one cluster while this process holds them: one for each kind that the
 * cluster serves.
 */
final class ClusterWatch {

	/** Lists at a time: a kind of a large fleet needs room while its pages are read. */
	private static final int LISTS = 2;

	private final Map<ObjectKind, KindWatch> kinds = new EnumMap<>(ObjectKind.class);

	/** One watch asks a cluster who it is, the others wait for the answer. */
	private final ReentrantLock opening = new ReentrantLock();

	private final Semaphore lists = new Semaphore(LISTS);

	private final Held held;

	private final Supplier<Optional<ClusterGateway>> gateway;

	private final Watches watches;

	private final WatchMeters meters;

	private final Sightings sightings;

	private final Loops loops;

	private final Loop comparing;

	private Set<ObjectKind> said = Set.of();

	private boolean saidAnything;

	ClusterWatch(Held held, Supplier<Optional<ClusterGateway>> gateway, Watches watches, WatchMeters meters,
			ExecutorService threads) {
		this.held = held;
		this.gateway = () -> {
			this.opening.lock();
			try {
				return gateway.get();
			}
			finally {
				this.opening.unlock();
			}
		};
		this.watches = watches;
		this.meters = meters;
		this.loops = new Loops(threads);
		this.sightings = new Sightings(watches, held);
		this.comparing = this.loops.start("sightings of " + held.cluster(), this.sightings::round,
				this.sightings::sign);
		meters.begun(held.cluster());
	}

	Held held() {
		return this.held;
	}

	/** Starts and ends watches; a kind that comes later is listed once it is served. */
	void serve(Set<ObjectKind> served) {
		for (Iterator<Map.Entry<ObjectKind, KindWatch>> each = this.kinds.entrySet().iterator(); each.hasNext();) {
			Map.Entry<ObjectKind, KindWatch> running = each.next();
			if (!served.contains(running.getKey())) {
				running.getValue().close();
				each.remove();
			}
		}
		for (ObjectKind kind : served) {
			this.kinds.computeIfAbsent(kind, (missing) -> {
				KindWatch watch = new KindWatch(this.held, missing, this.gateway, this.watches, this.sightings,
						this.lists, (cause) -> this.meters.ended(this.held.cluster(), cause));
				watch.start(this.loops);
				return watch;
			});
		}
	}

	/**
	 * Says which kinds are followed, when that is not what was said last.
	 * @return false when another replica has the watches
	 */
	boolean report() {
		if (this.sightings.isLost()) {
			return false;
		}
		Set<ObjectKind> followed = followed();
		if (this.saidAnything && this.said.equals(followed)) {
			return true;
		}
		boolean ours = this.watches.follow(this.held, followed);
		// said only now: what the store did not take is said again
		this.said = followed;
		this.saidAnything = true;
		return ours;
	}

	/** The kinds of which every object and every change is seen. */
	Set<ObjectKind> followed() {
		Set<ObjectKind> followed = EnumSet.noneOf(ObjectKind.class);
		this.kinds.forEach((kind, watch) -> {
			if (watch.isFollowed()) {
				followed.add(kind);
			}
		});
		return followed;
	}

	/** How many kinds are to be watched. */
	int served() {
		return this.kinds.size();
	}

	/** How long ago that kind was heard of which was heard of longest ago. */
	Duration silence() {
		return this.kinds.values()
			.stream()
			.map(KindWatch::silence)
			.max(Comparator.naturalOrder())
			.orElse(Duration.ZERO);
	}

	/** The loops that have ended or stand still, see {@link Loops#dead}. */
	List<String> dead(Duration most) {
		return this.loops.dead(most);
	}

	void close() {
		this.kinds.values().forEach(KindWatch::close);
		this.comparing.close();
	}

}
