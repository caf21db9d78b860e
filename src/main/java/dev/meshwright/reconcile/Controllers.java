package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.meshwright.reconcile.Loops.Loop;
import dev.meshwright.store.Signals;
import dev.meshwright.store.Units;

import org.springframework.stereotype.Component;

/**
 * Runs what happens by itself, as long as the process runs and reconciles: the
 * controllers that write declarations, and the end of leases. All that they wait for is a
 * row.
 */
@Component
class Controllers extends RestartableLoops<Controllers.Run> {

	private final OverrideExpiry expiry;

	private final Units units;

	private final Failover failover;

	private final BackupProperties backups;

	private final Signals signals;

	private final ReconcileProperties properties;

	Controllers(OverrideExpiry expiry, Units units, Failover failover, BackupProperties backups, Signals signals,
			ReconcileProperties properties) {
		super(properties);
		this.expiry = expiry;
		this.units = units;
		this.failover = failover;
		this.backups = backups;
		this.signals = signals;
		this.properties = properties;
	}

	@Override
	Run begin() {
		return new Run();
	}

	/** What lives from a start to the stop after it. */
	final class Run implements RestartableLoops.Run {

		private static final Duration SHORTEST = Duration.ofMillis(10);

		private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

		private final Loops loops = new Loops(this.threads);

		private final List<Loop> started;

		private long revision;

		Run() {
			this.started = List.of(
					this.loops.start(OverrideExpiry.AUTHOR, Controllers.this.properties.pollInterval(), this::expire),
					this.loops.start(Failover.AUTHOR, Controllers.this.backups.interval(), this::look));
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

		@Override
		public List<String> dead(Duration most) {
			return this.loops.dead(most);
		}

		@Override
		public void stop() {
			this.started.forEach(Loop::stop);
			this.threads.shutdownNow();
		}

	}

}
