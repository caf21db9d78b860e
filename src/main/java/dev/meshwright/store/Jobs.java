package dev.meshwright.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import dev.meshwright.model.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Work that was accepted and is not done yet. Any replica claims it with a lease; what
 * was at work in a process that died is taken over when the lease has ended. What is done
 * can be read for 7 days.
 */
public interface Jobs {

	/**
	 * Accepts work.
	 * @param owner in whose name it is done, with the permissions of now
	 * @param request what to do, a JSON document
	 */
	UUID submit(Caller owner, String request);

	/** A job, for who submitted it and for administrators. */
	Optional<Job> find(Caller caller, UUID id);

	/** Claims the oldest job that nobody works on. */
	Optional<Claim> claim(Duration lease);

	/** Prolongs a claim; false when it was lost. */
	boolean renew(Claim claim, Duration lease);

	/**
	 * Ends a job without effect. One that succeeds is ended by its commit: see
	 * {@link Commits#commit(Caller, java.util.List, String, Commits.Validation, Optional)}.
	 * Changes nothing when the claim was lost.
	 * @param problem what was wrong, a JSON document
	 */
	void fail(Claim claim, String problem);

	/**
	 * A job.
	 *
	 * @param id its id
	 * @param state how far it is
	 * @param createdAt when it was submitted
	 * @param finishedAt when it ended, or null
	 * @param revision the revision that it committed; null when there is none
	 * @param result when it succeeded, a list of {@code kind}, {@code namespace},
	 * {@code name} and {@code outcome}; when it failed, the problem; otherwise null
	 */
	record Job(UUID id, State state, Instant createdAt, @Nullable Instant finishedAt, @Nullable Long revision,
			@Nullable String result) {
	}

	/**
	 * The right to do a job until the lease ends.
	 *
	 * @param id the job
	 * @param fence counts its claims
	 * @param owner in whose name it is done
	 * @param request what to do
	 */
	record Claim(UUID id, long fence, Caller owner, String request) {
	}

	/** How far a job is. */
	enum State {

		PENDING("Pending"), RUNNING("Running"), SUCCEEDED("Succeeded"), FAILED("Failed");

		private final String text;

		State(String text) {
			this.text = text;
		}

		/** Whether nothing more will happen. */
		public boolean isFinal() {
			return this == SUCCEEDED || this == FAILED;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
