package dev.meshwright.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.meshwright.document.Json;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.Jobs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Does the jobs that writes have become, one at a time in each process. A job that this
 * process cannot finish is taken over by another when the lease ends.
 */
@Component
class JobRunner implements SmartLifecycle {

	private static final Logger LOGGER = LoggerFactory.getLogger(JobRunner.class);

	private static final Duration POLL = Duration.ofSeconds(2);

	private final Jobs jobs;

	private final Writes writes;

	private final Duration lease;

	private final Semaphore work = new Semaphore(0);

	private volatile boolean running;

	JobRunner(Jobs jobs, Writes writes, LargeWriteProperties properties) {
		this.jobs = jobs;
		this.writes = writes;
		this.lease = properties.lease();
	}

	/** There is a new job; polling would find it, too. */
	void wake() {
		this.work.release();
	}

	@Override
	public void start() {
		this.running = true;
		Thread.ofVirtual().name("jobs").start(this::loop);
	}

	@Override
	public void stop() {
		this.running = false;
		wake();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	private void loop() {
		while (this.running) {
			try {
				if (!next()) {
					this.work.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
					this.work.drainPermits();
				}
			}
			catch (InterruptedException _) {
				Thread.currentThread().interrupt();
				return;
			}
			catch (RuntimeException ex) {
				LOGGER.warn("Jobs wait a moment, most likely for the database: {}", ex.getMessage());
				pause();
			}
		}
	}

	private void pause() {
		try {
			Thread.sleep(POLL);
		}
		catch (InterruptedException _) {
			Thread.currentThread().interrupt();
		}
	}

	/** Does one job; false when there is none. */
	boolean next() {
		Optional<Jobs.Claim> claimed = this.jobs.claim(this.lease);
		claimed.ifPresent((claim) -> {
			Thread renewal = Thread.ofVirtual().start(() -> renew(claim));
			try {
				perform(claim);
			}
			finally {
				renewal.interrupt();
			}
		});
		return claimed.isPresent();
	}

	private void renew(Jobs.Claim claim) {
		try {
			do {
				Thread.sleep(this.lease.dividedBy(3));
			}
			while (this.jobs.renew(claim, this.lease));
		}
		catch (InterruptedException | DataAccessException | TransactionException ex) {
			LOGGER.debug("The claim of job {} is not renewed any more", claim.id(), ex);
		}
	}

	private void perform(Jobs.Claim claim) {
		try {
			WriteRequest request = WriteRequest.read(claim.request());
			ScopedValue.where(AuditLog.Origin.CURRENT, request.origin())
				.run(() -> this.writes.write(claim.owner(), request.items(), request.message(), false,
						Integer.MAX_VALUE, Optional.of(claim)));
		}
		catch (ApiFailure failure) {
			fail(claim, Problem.of(failure.status(), failure.getMessage(), failure.errors()));
		}
		catch (DataAccessException | TransactionException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			LOGGER.error("Job {} failed for a reason that nobody foresaw", claim.id(), ex);
			fail(claim, Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "INTERNAL",
					"Something went wrong inside Meshwright; its log says what. Nothing is stored: send it again"));
		}
	}

	private void fail(Jobs.Claim claim, Problem problem) {
		this.jobs.fail(claim, Json.mapper().writeValueAsString(problem));
	}

}
