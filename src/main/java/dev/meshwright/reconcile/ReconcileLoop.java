package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

import dev.meshwright.compile.Compiler;
import dev.meshwright.store.Installation;
import dev.meshwright.store.PushEnd;
import dev.meshwright.store.Pushes;
import dev.meshwright.store.Signals;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.Units;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Claims what is due and has it worked on, as long as the process runs. Revisions wake
 * it; what waits is a row that it looks for in time. Any number of processes may do this
 * on one database.
 */
@Component
class ReconcileLoop implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ReconcileLoop.class);

	private static final Duration DRAIN = Duration.ofSeconds(20);

	private final String worker = UUID.randomUUID().toString();

	private final Wakeup wakeup = new Wakeup();

	private final Map<String, ClusterLane> lanes = new ConcurrentHashMap<>();

	private final Compiler compiler;

	private final Snapshots snapshots;

	private final Units units;

	private final Pushes pushes;

	private final PlacementWork placements;

	private final ClusterAccess access;

	private final Signals signals;

	private final Installation installation;

	private final ReconcileProperties properties;

	private volatile boolean running;

	private @Nullable ExecutorService threads;

	private @Nullable Leases leases;

	ReconcileLoop(Compiler compiler, Snapshots snapshots, Units units, Pushes pushes, PlacementWork placements,
			ClusterAccess access, Signals signals, Installation installation, ReconcileProperties properties) {
		this.compiler = compiler;
		this.snapshots = snapshots;
		this.units = units;
		this.pushes = pushes;
		this.placements = placements;
		this.access = access;
		this.signals = signals;
		this.installation = installation;
		this.properties = properties;
	}

	@Override
	public boolean isAutoStartup() {
		return this.properties.enabled();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public synchronized void start() {
		if (this.running) {
			return;
		}
		this.running = true;
		ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
		Leases held = new Leases(this.units, this.properties.lease());
		Ends ends = new Ends(this.pushes, (batch) -> ended(held, batch));
		ClusterWork work = new ClusterWork(this.compiler::compile, this.snapshots, this.pushes, this.access,
				this.installation.id(), executor, held::isLost, ends::add);
		ClusterProber prober = new ClusterProber(this.access, this.properties.probeInterval(), executor);
		this.threads = executor;
		this.leases = held;
		this.units.resyncAll();
		forever("claims", executor, () -> claim(executor, held, work));
		forever("ends", executor, () -> ends.drain(100));
		forever("leases", executor, () -> pause(held));
		forever("revisions", executor, new Revisions(prober)::await);
		forever("resync", executor, this::resync);
	}

	/**
	 * Takes on nothing new, waits for what is under way, and leaves the rest to leases.
	 */
	@Override
	public synchronized void stop() {
		this.running = false;
		this.wakeup.wake();
		ExecutorService executor = this.threads;
		Leases held = this.leases;
		if (executor == null || held == null) {
			return;
		}
		long end = System.nanoTime() + DRAIN.toNanos();
		try {
			while (held.count() > 0 && end - System.nanoTime() > 0) {
				Thread.sleep(20);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		executor.shutdownNow();
		this.threads = null;
	}

	private void claim(ExecutorService executor, Leases held, ClusterWork work) throws InterruptedException {
		ClaimRequest request = new ClaimRequest(this.worker, this.properties.batch(), this.properties.lease(),
				ClusterWork.COMPILER_VERSION, busy());
		List<Claim> claims = this.units.expandAndClaim(request);
		if (claims.isEmpty()) {
			Duration due = this.units.untilDue(request, this.properties.pollInterval());
			this.wakeup.await(due.isZero() ? Duration.ofMillis(10) : due);
			return;
		}
		held.hold(claims);
		Map<String, List<Claim>> byCluster = new HashMap<>();
		claims.forEach(
				(claim) -> byCluster.computeIfAbsent(claim.unit().cluster(), (name) -> new ArrayList<>()).add(claim));
		byCluster.forEach((cluster, batch) -> executor.submit(() -> {
			if (cluster.isEmpty()) {
				place(held, batch);
			}
			else {
				work(cluster, batch, held, work);
			}
		}));
	}

	private void place(Leases held, List<Claim> claims) {
		try {
			this.placements.work(claims);
		}
		catch (RuntimeException ex) {
			logger.warn("Placing {} units failed; it is done again when the lease is over", claims.size(), ex);
		}
		finally {
			held.end(claims);
			this.wakeup.wake();
		}
	}

	private void work(String cluster, List<Claim> claims, Leases held, ClusterWork work) {
		ClusterLane lane = lane(cluster);
		lane.units().addAndGet(claims.size());
		try {
			work.work(cluster, claims, lane);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			logger.warn("Working on {} units of {} failed; it is done again when the lease is over", claims.size(),
					cluster, ex);
			held.end(claims);
		}
		finally {
			lane.units().addAndGet(-claims.size());
			this.wakeup.wake();
		}
	}

	private void ended(Leases held, List<PushEnd> ends) {
		held.end(ends.stream().map(PushEnd::claim).toList());
		this.wakeup.wake();
	}

	private ClusterLane lane(String cluster) {
		return this.lanes.computeIfAbsent(cluster,
				(name) -> new ClusterLane(java.util.Objects.requireNonNull(this.threads)));
	}

	private Set<String> busy() {
		Set<String> busy = new HashSet<>();
		this.lanes.forEach((cluster, lane) -> {
			if (lane.isClosed() || lane.units().get() >= this.properties.unitsPerCluster()) {
				busy.add(cluster);
			}
		});
		return busy;
	}

	private void pause(Leases held) throws InterruptedException {
		Thread.sleep(this.properties.lease().dividedBy(3));
		held.renew();
	}

	private void resync() throws InterruptedException {
		long millis = this.properties.resyncInterval().toMillis();
		Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis / 10 + 1));
		this.units.resyncAll();
		this.wakeup.wake();
	}

	private void forever(String what, ExecutorService executor, Task task) {
		executor.submit(() -> {
			while (this.running || (what.equals("ends") && !Thread.currentThread().isInterrupted())) {
				try {
					task.run();
				}
				catch (InterruptedException ex) {
					return;
				}
				catch (RuntimeException ex) {
					logger.warn("Reconciling ({}) failed; it goes on in a second", what, ex);
					try {
						Thread.sleep(1000);
					}
					catch (InterruptedException interrupted) {
						return;
					}
				}
			}
		});
	}

	private interface Task {

		void run() throws InterruptedException;

	}

	/**
	 * Wakes the loop, and asks new clusters who they are, when something was committed.
	 */
	private final class Revisions {

		private final ClusterProber prober;

		private long seen;

		Revisions(ClusterProber prober) {
			this.prober = prober;
			prober.round();
		}

		void await() throws InterruptedException {
			this.seen = ReconcileLoop.this.signals.await(Signals.Topic.REVISION, this.seen,
					ReconcileLoop.this.properties.pollInterval());
			ReconcileLoop.this.wakeup.wake();
			this.prober.round();
		}

	}

}
