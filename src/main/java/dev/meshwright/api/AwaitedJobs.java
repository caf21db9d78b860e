package dev.meshwright.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import dev.meshwright.document.Json;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.Caller;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Signals;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Submits work to whoever does it, here or on another replica, and waits a while for it.
 */
@Component
class AwaitedJobs {

	private static final Duration POLL = Duration.ofMillis(500);

	private final Jobs jobs;

	private final Signals signals;

	private final Duration answerAfter;

	AwaitedJobs(Jobs jobs, Signals signals, LargeWriteProperties properties) {
		this.jobs = jobs;
		this.signals = signals;
		this.answerAfter = properties.answerAfter();
	}

	/**
	 * Submits a job and waits until it has ended, or until its caller is to be answered
	 * with 202.
	 * @param request what to do, a JSON document
	 * @return the job as it is then; it has not failed
	 * @throws ApiFailure what the job failed for
	 */
	Jobs.Job run(Caller caller, Jobs.Task task, String request) {
		UUID id = this.jobs.submit(caller, task, request);
		long deadline = System.nanoTime() + this.answerAfter.toNanos();
		long seen = 0;
		while (true) {
			Jobs.Job job = this.jobs.find(caller, id).orElseThrow();
			Duration left = Duration.ofNanos(deadline - System.nanoTime());
			if (job.state() == Jobs.State.FAILED) {
				throw failure(job);
			}
			if (job.state().isFinal() || !left.isPositive()) {
				return job;
			}
			try {
				seen = this.signals.await(Signals.Topic.JOB, seen, (left.compareTo(POLL) < 0) ? left : POLL);
			}
			catch (InterruptedException _) {
				Thread.currentThread().interrupt();
				return job;
			}
		}
	}

	/** What a failed job failed for. */
	static ApiFailure failure(Jobs.Job job) {
		JsonNode problem = Json.mapper().readTree(Objects.requireNonNull(job.result()));
		List<ShapeError> errors = new ArrayList<>();
		problem.get("errors").forEach((error) -> errors.add(Json.mapper().treeToValue(error, ShapeError.class)));
		return ApiFailure.of(HttpStatus.valueOf(problem.get("status").intValue()), errors);
	}

}
