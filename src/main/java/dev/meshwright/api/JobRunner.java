package dev.meshwright.api;

import java.util.Optional;
import java.util.Set;

import dev.meshwright.document.Json;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.JobWorker;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Does the jobs that writes have become, one at a time in each process. */
@Component
class JobRunner implements SmartLifecycle {

	private static final Logger LOGGER = LoggerFactory.getLogger(JobRunner.class);

	private final Jobs jobs;

	private final Writes writes;

	private final JobWorker worker;

	JobRunner(Jobs jobs, Signals signals, Writes writes, LargeWriteProperties properties) {
		this.jobs = jobs;
		this.writes = writes;
		this.worker = new JobWorker(jobs, signals, Set.of(Jobs.Task.CHANGE_SET), properties.lease(), 1, this::perform);
	}

	@Override
	public void start() {
		this.worker.start();
	}

	@Override
	public void stop() {
		this.worker.stop();
	}

	@Override
	public boolean isRunning() {
		return this.worker.isRunning();
	}

	/** Whether it looks for jobs no more although it should. */
	boolean isDead() {
		return this.worker.isDead();
	}

	/** Does one job; false when there is none. */
	boolean next() {
		return this.worker.next();
	}

	private void perform(Jobs.Claim claim) {
		try {
			WriteRequest request = WriteRequest.read(claim.request());
			ScopedValue.where(AuditLog.Origin.CURRENT, request.origin())
				.run(() -> this.writes.write(claim.owner(), request.items(), request.message(), false,
						Integer.MAX_VALUE, Optional.of(claim)));
		}
		catch (ApiFailure failure) {
			fail(claim, Problem.of(failure));
		}
		catch (DataAccessException ex) {
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
