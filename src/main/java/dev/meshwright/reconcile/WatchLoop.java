package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.reconcile.Loops.Loop;
import dev.meshwright.store.Facts;
import dev.meshwright.store.Watches;
import dev.meshwright.store.Watches.Held;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Holds the watches of clusters that this process reaches and nobody else watches, as
 * long as it runs. When it dies, another takes over after the lease.
 */
@Component
class WatchLoop extends RestartableLoops<WatchLoop.Run> {

	private static final Logger logger = LoggerFactory.getLogger(WatchLoop.class);

	private final ClusterAccess access;

	private final Facts facts;

	private final Watches watches;

	private final WatchMeters meters;

	private final ReconcileProperties properties;

	WatchLoop(ClusterAccess access, Facts facts, Watches watches, WatchMeters meters, ReconcileProperties properties) {
		super(properties);
		this.access = access;
		this.facts = facts;
		this.watches = watches;
		this.meters = meters;
		this.properties = properties;
	}

	@Override
	Run begin() {
		return new Run();
	}

	/** What lives from a start to the stop after it. */
	final class Run implements RestartableLoops.Run {

		private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

		private static final Duration LAST_ROUND = Duration.ofSeconds(5);

		private final String holder = UUID.randomUUID().toString();

		private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

		/** Ended by another thread when the last round does not come to its end. */
		private final Map<String, ClusterWatch> running = new ConcurrentHashMap<>();

		private final Loops loops = new Loops(this.threads);

		private final Loop loop = this.loops.start("watches", this::round);

		private void round() throws InterruptedException {
			Map<String, Set<ObjectKind>> served = served();
			Map<String, Held> held = WatchLoop.this.watches
				.hold(this.holder, served.keySet(), WatchLoop.this.properties.lease())
				.stream()
				.collect(Collectors.toMap(Held::cluster, (each) -> each));
			this.running.values()
				.stream()
				.filter((watch) -> !watch.held().equals(held.get(watch.held().cluster())))
				.toList()
				.forEach(this::end);
			held.forEach((cluster, each) -> {
				ClusterWatch watch = this.running.computeIfAbsent(cluster, (name) -> new ClusterWatch(each,
						() -> gateway(name), WatchLoop.this.watches, WatchLoop.this.meters, this.threads));
				watch.serve(served.get(cluster));
				if (!watch.report()) {
					end(watch);
				}
			});
			WatchLoop.this.meters.sample(this.running.values());
			Duration third = WatchLoop.this.properties.lease().dividedBy(3);
			Thread.sleep((third.compareTo(LONGEST_PAUSE) < 0) ? third : LONGEST_PAUSE);
		}

		/** The kinds that each cluster serves which this process reaches. */
		private Map<String, Set<ObjectKind>> served() {
			Map<String, Set<ObjectKind>> served = new HashMap<>();
			WatchLoop.this.facts.of(WatchLoop.this.access.opened()).forEach((cluster, known) -> {
				ClusterFacts found = known.facts();
				if (found != null) {
					Set<ObjectKind> kinds = EnumSet.noneOf(ObjectKind.class);
					Arrays.stream(ObjectKind.values()).filter(found::serves).forEach(kinds::add);
					served.put(cluster, kinds);
				}
			});
			return served;
		}

		/** Other credentials make another connection, which is identified first. */
		private Optional<ClusterGateway> gateway(String cluster) {
			Optional<ClusterGateway> known = WatchLoop.this.access.opened(cluster);
			return known.isPresent() ? known : (WatchLoop.this.access.open(cluster) instanceof Access.Open open)
					? Optional.of(open.gateway()) : Optional.empty();
		}

		private void end(ClusterWatch watch) {
			this.running.remove(watch.held().cluster());
			watch.close();
		}

		@Override
		public List<String> dead(Duration most) {
			return Stream
				.concat(this.loops.dead(most).stream(),
						this.running.values().stream().flatMap((watch) -> watch.dead(most).stream()))
				.toList();
		}

		@Override
		public void stop() {
			this.loop.stop();
			try {
				this.loop.join(LAST_ROUND);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.threads.shutdownNow();
			this.running.values().forEach(ClusterWatch::close);
			WatchLoop.this.meters.sample(List.of());
			try {
				WatchLoop.this.watches.release(this.holder);
			}
			catch (RuntimeException ex) {
				logger.warn("Cannot give up the watches; others take them over when the lease is over", ex);
			}
		}

	}

}
