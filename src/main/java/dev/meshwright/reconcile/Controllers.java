package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.meshwright.reconcile.Loops.Loop;
import dev.meshwright.store.Signals;
import dev.meshwright.store.Units;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Runs what happens by itself, as long as the process runs and reconciles: the
 * controllers that write declarations, and the end of leases. All that they wait for is a
 * row.
 */
@Component
class Controllers implements SmartLifecycle {

	private final OverrideExpiry expiry;

	private final Units units;

	private final Failover failover;

	private final BackupProperties backups;

	private final Signals signals;

	private final ReconcileProperties properties;

	private @Nullable Run run;

	Controllers(OverrideExpiry expiry, Units units, Failover failover, BackupProperties backups, Signals signals,
			ReconcileProperties properties) {
		this.expiry = expiry;
		this.units = units;
		this.failover = failover;
		this.backups = backups;
		this.signals = signals;
		this.properties = properties;
	}

	@Override
	public boolean isAutoStartup() {
		return this.properties.enabled();
	}

	@Override
	public synchronized boolean isRunning() {
		return this.run != null;
	}

	@Override
	public synchronized void start() {
		if (this.run == null) {
			this.run = new Run();
		}
	}

	@Override
	public synchronized void stop() {
		@Nullable Run ending = this.run;
		// whatever goes wrong at the end must not keep it from being started again
		this.run = null;
		if (ending != null) {
			ending.stop();
		}
	}

	/** What lives from a start to the stop after it. */
	private final class Run {

		private static final Duration SHORTEST = Duration.ofMillis(10);

		private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

		private final List<Loop> loops;

		private long revision;

		Run() {
			Loops started = new Loops(this.threads);
			this.loops = List.of(started.start(OverrideExpiry.AUTHOR, this::expire),
					started.start(Failover.AUTHOR, this::look));
		}

		/** A new override may be due before all others: revisions wake it, too. */
		private void expire() throws InterruptedException {
			Duration next = Controllers.this.units
				.endLeases(Controllers.this.expiry.round(Controllers.this.properties.pollInterval()));
			this.revision = Controllers.this.signals.await(Signals.Topic.REVISION, this.revision,
					(next.compareTo(SHORTEST) < 0) ? SHORTEST : next);
		}

		/** More often than one service is due, so that each is looked at in time. */
		private void look() throws InterruptedException {
			if (Controllers.this.failover.round(this.threads) == 0) {
				Thread.sleep(Controllers.this.backups.interval().dividedBy(5).plus(SHORTEST));
			}
		}

		void stop() {
			this.loops.forEach(Loop::stop);
			this.threads.shutdownNow();
		}

	}

}
