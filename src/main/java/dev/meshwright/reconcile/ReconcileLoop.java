package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.reconcile.Loops.Loop;
import dev.meshwright.store.Installation;
import dev.meshwright.store.Placements;
import dev.meshwright.store.PushEnd;
import dev.meshwright.store.Pushes;
import dev.meshwright.store.Revisions;
import dev.meshwright.store.Signals;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.Units;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Upgrades;
import dev.meshwright.store.Watches;
import io.micrometer.observation.ObservationRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Claims what is due and has it worked on, as long as the process runs. Revisions wake
 * it; what waits is a row that it looks for in time. Any number of processes may do this
 * on one database.
 */
@Component
class ReconcileLoop extends RestartableLoops<ReconcileLoop.Run> {

	private static final Logger logger = LoggerFactory.getLogger(ReconcileLoop.class);

	private final BiFunction<UnitId, Snapshot, Compilation> compiler;

	private final Snapshots snapshots;

	private final Units units;

	private final Pushes pushes;

	private final Watches watches;

	private final Placements placements;

	private final PlacementWork placing;

	private final ClusterAccess access;

	private final Signals signals;

	private final Installation installation;

	private final ReconcileProperties properties;

	private final ReconcileMeters meters;

	private final Lead lead;

	private final UpgradePreviews previews;

	private final Function<Claim, PushTrace> traces;

	@Autowired
	ReconcileLoop(Compiler compiler, Snapshots snapshots, Units units, Pushes pushes, Watches watches,
			Placements placements, PlacementWork placing, ClusterAccess access, Signals signals,
			Installation installation, ReconcileProperties properties, ReconcileMeters meters, Lead lead,
			Upgrades upgrades, ObservationRegistry observations, Revisions revisions) {
		this(compiler::compile, snapshots, units, pushes, watches, placements, placing, access, signals, installation,
				properties, meters, lead, upgrades, (claim) -> PushTrace.begin(claim, observations, revisions));
	}

	ReconcileLoop(BiFunction<UnitId, Snapshot, Compilation> compiler, Snapshots snapshots, Units units, Pushes pushes,
			Watches watches, Placements placements, PlacementWork placing, ClusterAccess access, Signals signals,
			Installation installation, ReconcileProperties properties, ReconcileMeters meters, Lead lead,
			Upgrades upgrades, Function<Claim, PushTrace> traces) {
		super(properties);
		this.traces = traces;
		this.meters = meters;
		this.lead = lead;
		this.previews = new UpgradePreviews(compiler, snapshots, pushes, upgrades);
		this.compiler = compiler;
		this.snapshots = snapshots;
		this.units = units;
		this.pushes = pushes;
		this.watches = watches;
		this.placements = placements;
		this.placing = placing;
		this.access = access;
		this.signals = signals;
		this.installation = installation;
		this.properties = properties;
	}

	@Override
	Run begin() {
		if (this.lead.leads()) {
			this.units.lead(this.lead.version());
		}
		return new Run();
	}

	/** What lives from a start to the stop after it. */
	final class Run implements RestartableLoops.Run {

		private static final Duration DRAIN = Duration.ofSeconds(20);

		private static final long ENDS_MILLIS = 100;

		/**
		 * So long after what is not urgent has ended it is looked whether more is due.
		 */
		private static final Duration AFTER_OTHERS = Duration.ofMillis(50);

		/** What a stamp may be behind the pushes, in time. */
		private static final Duration STAMPS = Duration.ofSeconds(5);

		/** How long it may take to compile everything. */
		private static final Duration LONGEST_PREVIEW = Duration.ofMinutes(15);

		/** How old a gauge may be. */
		private static final Duration SAMPLES = Duration.ofSeconds(10);

		private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

		private final Loops loops = new Loops(this.threads);

		private final Wakeup wakeup = new Wakeup();

		private final Leases leases = new Leases(ReconcileLoop.this.units, ReconcileLoop.this.properties.lease());

		private final Ends ends = new Ends(ReconcileLoop.this.pushes, this::ended);

		private final Lanes lanes = new Lanes(this.threads, ReconcileLoop.this.properties.unitsPerCluster());

		private final ClusterProber prober = new ClusterProber(ReconcileLoop.this.access,
				ReconcileLoop.this.properties.probeInterval(), this.threads, this::answered);

		private final Dispatcher dispatcher = dispatcher();

		private final Loop claims;

		private final List<Loop> others;

		private long revision;

		private long drift;

		Run() {
			ReconcileProperties properties = ReconcileLoop.this.properties;
			this.others = List.of(this.loops.start("ends", () -> this.ends.drain(false, ENDS_MILLIS)),
					this.loops.start("urgent ends", () -> this.ends.drain(true, ENDS_MILLIS)),
					this.loops.start("leases", properties.lease(), this::renew),
					this.loops.start("revisions", properties.pollInterval(), this::awaitRevision),
					this.loops.start("resync", properties.resyncInterval().multipliedBy(2), this::resync),
					this.loops.start("stamps", STAMPS, this::stamp), this.loops.start("meters", SAMPLES, this::sample),
					this.loops.start("upgrade", LONGEST_PREVIEW, this::preview),
					this.loops.start("drift", properties.pollInterval(), this::awaitDrift));
			this.claims = this.loops.start("claims", properties.pollInterval(), this.dispatcher::round);
		}

		private Dispatcher dispatcher() {
			ReconcileLoop loop = ReconcileLoop.this;
			Breakdowns breakdowns = new Breakdowns(loop.placements, this.ends::add);
			ClusterWork clusters = new ClusterWork(loop.compiler, loop.lead.version(), loop.snapshots, loop.pushes,
					loop.watches, loop.access, loop.installation.id(), this.threads, this.leases::isLost,
					this.ends::add, breakdowns, loop.traces);
			return new Dispatcher(UUID.randomUUID().toString(), loop.lead, loop.properties, loop.units, this.leases,
					this.lanes, this.wakeup, this.threads, new Isolation(this.leases::renew, breakdowns::end),
					loop.placing, clusters, loop.meters);
		}

		private void answered(String cluster, boolean again) {
			this.lanes.to(cluster).answers(again);
			this.wakeup.wake();
		}

		private void ended(List<PushEnd> ends) {
			this.leases.end(ends.stream().map(PushEnd::claim).toList());
			ReconcileLoop.this.meters.ended(ends);
			// hundreds of others end one by one, and each look for what is due costs six
			// statements
			this.wakeup
				.wakeWithin(ends.stream().anyMatch((end) -> end.claim().urgent()) ? Duration.ZERO : AFTER_OTHERS);
		}

		private void renew() throws InterruptedException {
			Thread.sleep(ReconcileLoop.this.properties.lease().dividedBy(3));
			this.leases.renew();
		}

		private void awaitRevision() throws InterruptedException {
			this.prober.round();
			this.revision = ReconcileLoop.this.signals.await(Signals.Topic.REVISION, this.revision,
					ReconcileLoop.this.properties.pollInterval());
			this.wakeup.wake();
		}

		private void awaitDrift() throws InterruptedException {
			this.drift = ReconcileLoop.this.signals.await(Signals.Topic.DRIFT, this.drift,
					ReconcileLoop.this.properties.pollInterval());
			this.wakeup.wake();
		}

		private void resync() throws InterruptedException {
			long millis = ReconcileLoop.this.properties.resyncInterval().toMillis();
			Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis / 10 + 1));
			if (ReconcileLoop.this.lead.leads()) {
				ReconcileLoop.this.units.resyncAll();
			}
			this.wakeup.wake();
		}

		private void preview() throws InterruptedException {
			if (!ReconcileLoop.this.lead.leads()) {
				ReconcileLoop.this.previews.look(ReconcileLoop.this.lead.version(),
						ReconcileLoop.this.properties.resyncInterval());
			}
			Thread.sleep(ReconcileLoop.this.properties.pollInterval());
		}

		private void stamp() throws InterruptedException {
			Thread.sleep(STAMPS);
			raiseStamps();
		}

		private void sample() throws InterruptedException {
			ReconcileLoop.this.meters.sample(this.lanes);
			Thread.sleep(SAMPLES);
		}

		/** Side by side, so that a silent cluster holds up no other. */
		private List<Future<?>> raiseStamps() {
			return ReconcileLoop.this.access.behind()
				.stream()
				.<Future<?>>map((cluster) -> this.threads.submit(() -> ReconcileLoop.this.access.raiseStamp(cluster)))
				.toList();
		}

		@Override
		public List<String> dead(Duration most) {
			return this.loops.dead(most);
		}

		/**
		 * Takes on nothing new, waits for what is under way, and gives back what is not
		 * finished then, so that other processes go on with it at once. Leases are
		 * renewed and ends stored until nothing is under way any more.
		 */
		@Override
		public void stop() {
			long end = System.nanoTime() + DRAIN.toNanos();
			try {
				this.claims.stop();
				this.wakeup.wake();
				this.claims.join(DRAIN);
				while (this.leases.count() > 0 && end - System.nanoTime() > 0) {
					Thread.sleep(20);
				}
				for (Future<?> raised : raiseStamps()) {
					raised.get(STAMPS.toMillis(), TimeUnit.MILLISECONDS);
				}
			}
			catch (ExecutionException | TimeoutException ex) {
				logger.warn("A cluster's stamp could not be raised at the end; the next process does it", ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.others.forEach(Loop::stop);
			this.threads.shutdownNow();
			giveBack();
		}

		private void giveBack() {
			try {
				this.leases.giveBack();
			}
			catch (RuntimeException ex) {
				logger.warn("Cannot give back what is not finished; others go on with it when its lease is over", ex);
			}
		}

	}

}
