package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Loops that run from a start to the stop after it, as long as this process reconciles,
 * and may be started again.
 *
 * @param <R> what lives from a start to the stop after it
 */
abstract class RestartableLoops<R extends RestartableLoops.Run> implements SmartLifecycle {

	private final boolean enabled;

	private volatile @Nullable R run;

	RestartableLoops(ReconcileProperties properties) {
		this.enabled = properties.enabled();
	}

	/** What lives from a start to the stop after it; it runs as soon as it is made. */
	interface Run {

		/**
		 * The loops that do not go round any more although they should, or whose round
		 * lasts longer than so without a sign of life.
		 */
		List<String> dead(Duration most);

		/** Ends it; no loop goes round any more. */
		void stop();

	}

	/** Begins the next run. */
	abstract R begin();

	/** As {@link Run#dead}; none while it is stopped. */
	final List<String> dead(Duration most) {
		@Nullable R present = this.run;
		return (present != null) ? present.dead(most) : List.of();
	}

	@Override
	public boolean isAutoStartup() {
		return this.enabled;
	}

	@Override
	public synchronized boolean isRunning() {
		return this.run != null;
	}

	@Override
	public synchronized void start() {
		if (this.run == null) {
			this.run = begin();
		}
	}

	/** Whatever goes wrong at the end must not keep it from being started again. */
	@Override
	public synchronized void stop() {
		@Nullable R ending = this.run;
		this.run = null;
		if (ending != null) {
			ending.stop();
		}
	}

}
