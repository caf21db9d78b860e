package dev.meshwright.store;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;

/**
 * Claims jobs of some tasks and has them done, as long as it runs, renewing each claim
 * meanwhile. A job that this process cannot finish is taken over by another when the
 * lease ends.
 */
public final class JobWorker {

	private static final Logger logger = LoggerFactory.getLogger(JobWorker.class);

	/** How often it looks for jobs of which nobody told it. */
	private static final Duration POLL = Duration.ofSeconds(2);

	/** How long stopping waits for what is under way. */
	private static final Duration DRAIN = Duration.ofSeconds(10);

	private final Jobs jobs;

	private final Signals signals;

	private final Set<Jobs.Task> tasks;

	private final Duration lease;

	private final int atOnce;

	private final BooleanSupplier willing;

	private final Work work;

	private final Semaphore free;

	private volatile @Nullable Thread loop;

	/**
	 * A worker that does not run yet.
	 * @param jobs where jobs are
	 * @param signals tell of new ones
	 * @param tasks what it does
	 * @param lease how long a job stays with a process that died
	 * @param atOnce the most jobs at a time
	 * @param work does a job and ends it
	 */
	public JobWorker(Jobs jobs, Signals signals, Set<Jobs.Task> tasks, Duration lease, int atOnce, Work work) {
		this(jobs, signals, tasks, lease, atOnce, () -> true, work);
	}

	/**
	 * The same, of one that does not always want to.
	 * @param willing whether it takes on a job now
	 */
	public JobWorker(Jobs jobs, Signals signals, Set<Jobs.Task> tasks, Duration lease, int atOnce,
			BooleanSupplier willing, Work work) {
		this.willing = willing;
		this.jobs = jobs;
		this.signals = signals;
		this.tasks = Set.copyOf(tasks);
		this.lease = lease;
		this.atOnce = atOnce;
		this.work = work;
		this.free = new Semaphore(atOnce);
	}

	/** Does a job and ends it. */
	public interface Work {

		/**
		 * Does a job and ends it.
		 * @throws DataAccessException the database does not answer: the job is done again
		 * when its lease has ended
		 */
		void perform(Jobs.Claim claim) throws InterruptedException;

	}

	/** Begins to look for jobs. */
	public synchronized void start() {
		if (this.loop == null) {
			Thread begun = Thread.ofVirtual().name("jobs " + this.tasks).unstarted(this::loop);
			this.loop = begun;
			begun.start();
		}
	}

	/** Takes on nothing new and waits a while for what is under way. */
	public synchronized void stop() {
		Thread running = this.loop;
		this.loop = null;
		if (running != null) {
			running.interrupt();
			try {
				if (this.free.tryAcquire(this.atOnce, DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
					this.free.release(this.atOnce);
				}
			}
			catch (InterruptedException _) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** Whether it looks for jobs. */
	public boolean isRunning() {
		return this.loop != null;
	}

	/** Whether it has ended although nobody stopped it; only a restart mends that. */
	public boolean isDead() {
		Thread running = this.loop;
		return running != null && running.getState() == Thread.State.TERMINATED;
	}

	private void loop() {
		long seen = 0;
		try {
			while (Thread.currentThread() == this.loop) {
				if (!begin()) {
					seen = this.signals.await(Signals.Topic.JOB, seen, POLL);
				}
			}
		}
		catch (InterruptedException _) {
			Thread.currentThread().interrupt();
		}
		catch (Error error) {
			logger.error("Jobs are looked for no more; only a restart of this process mends it", error);
		}
	}

	/** Begins one job, when there is room for it; false when there is none to begin. */
	private boolean begin() throws InterruptedException {
		this.free.acquire();
		boolean begun = false;
		try {
			Optional<Jobs.Claim> claimed = this.willing.getAsBoolean() ? this.jobs.claim(this.tasks, this.lease)
					: Optional.empty();
			begun = claimed.isPresent();
			claimed.ifPresent((claim) -> Thread.ofVirtual().name("job " + claim.id()).start(() -> {
				try {
					perform(claim);
				}
				finally {
					this.free.release();
				}
			}));
		}
		catch (RuntimeException ex) {
			// whatever it is, jobs must go on being looked for
			logger.warn("Jobs wait a moment, most likely for the database: {}", ex.getMessage());
			Thread.sleep(POLL);
		}
		finally {
			if (!begun) {
				this.free.release();
			}
		}
		return begun;
	}

	/** Does one job before it returns; false when there is none. */
	public boolean next() {
		Optional<Jobs.Claim> claimed = this.jobs.claim(this.tasks, this.lease);
		claimed.ifPresent(this::perform);
		return claimed.isPresent();
	}

	private void perform(Jobs.Claim claim) {
		Thread renewal = Thread.ofVirtual().start(() -> renew(claim));
		try {
			this.work.perform(claim);
		}
		catch (InterruptedException _) {
			Thread.currentThread().interrupt();
		}
		catch (DataAccessException ex) {
			logger.warn("The database did not answer during job {}; it is done again when its lease is over: {}",
					claim.id(), ex.getMessage());
		}
		finally {
			renewal.interrupt();
		}
	}

	private void renew(Jobs.Claim claim) {
		try {
			do {
				Thread.sleep(this.lease.dividedBy(3));
			}
			while (mayHold(claim));
		}
		catch (InterruptedException ex) {
			logger.debug("The claim of job {} is not renewed any more", claim.id());
		}
	}

	/** While the database does not answer nobody can take it over, either. */
	private boolean mayHold(Jobs.Claim claim) {
		try {
			return this.jobs.renew(claim, this.lease);
		}
		catch (DataAccessException ex) {
			logger.debug("The claim of job {} cannot be renewed now", claim.id(), ex);
			return true;
		}
	}

}
