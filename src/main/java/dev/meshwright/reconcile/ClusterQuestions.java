package dev.meshwright.reconcile;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.meshwright.store.JobWorker;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Does the jobs that need a live cluster. Their calls go lanes of their own: whoever
 * waits for an answer does not queue behind a push of thousands of objects.
 */
@Component
class ClusterQuestions implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ClusterQuestions.class);

	private static final int AT_ONCE = 4;

	private final Map<Jobs.Task, ClusterQuestion> questions;

	private final Jobs jobs;

	private final boolean enabled;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final Lanes lanes;

	private final JobWorker worker;

	ClusterQuestions(List<ClusterQuestion> questions, Jobs jobs, Signals signals, ReconcileProperties properties,
			Lead lead) {
		this.questions = questions.stream().collect(Collectors.toMap(ClusterQuestion::task, Function.identity()));
		this.jobs = jobs;
		this.enabled = properties.enabled() && !questions.isEmpty();
		this.lanes = new Lanes(this.threads, properties.unitsPerCluster());
		this.worker = new JobWorker(jobs, signals, this.questions.keySet(), properties.lease(), AT_ONCE, lead::leads,
				this::answer);
	}

	@Override
	public boolean isAutoStartup() {
		return this.enabled;
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

	/** Whether it looks for questions no more although it should. */
	boolean isDead() {
		return this.worker.isDead();
	}

	/** Answers one question before it returns; false when there is none. */
	boolean next() {
		return this.worker.next();
	}

	private void answer(Jobs.Claim claim) throws InterruptedException {
		try {
			Objects.requireNonNull(this.questions.get(claim.task()))
				.answer(claim, this.lanes)
				.ifPresent((found) -> this.jobs.succeed(claim, found));
		}
		catch (Refusal refusal) {
			this.jobs.fail(claim, refusal.problem());
		}
		catch (DataAccessException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			logger.error("Job {} failed for a reason that nobody foresaw", claim.id(), ex);
			this.jobs.fail(claim, new Refusal(500, "INTERNAL",
					"Something went wrong inside Meshwright; its log says what. Nothing was changed: send it again")
				.problem());
		}
	}

}
