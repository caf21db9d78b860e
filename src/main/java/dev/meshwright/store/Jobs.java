package dev.meshwright.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
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
	 * @param task what kind of work it is
	 * @param request what to do, a JSON document
	 */
	UUID submit(Caller owner, Task task, String request);

	/** A job, for who submitted it and for administrators. */
	Optional<Job> find(Caller caller, UUID id);

	/** Claims the oldest job of these tasks that nobody works on. */
	Optional<Claim> claim(Set<Task> tasks, Duration lease);

	/** Prolongs a claim; false when it was lost. */
	boolean renew(Claim claim, Duration lease);

	/**
	 * Ends a job that only looked. One that commits is ended by its commit: see
	 * {@link Commits#commit(Caller, java.util.List, String, Commits.Validation, Optional)}.
	 * @param result what it found, a JSON document
	 * @return false when the claim was lost; nothing is changed then
	 */
	boolean succeed(Claim claim, String result);

	/**
	 * Ends a job without effect. Changes nothing when the claim was lost.
	 * @param problem what was wrong, a JSON document with {@code status} and
	 * {@code errors}, a list of {@code pointer}, {@code code} and {@code message}
	 */
	void fail(Claim claim, String problem);

	/**
	 * A job.
	 *
	 * @param id its id
	 * @param task what kind of work it is
	 * @param state how far it is
	 * @param createdAt when it was submitted
	 * @param finishedAt when it ended, or null
	 * @param revision the revision that it committed; null when there is none
	 * @param result when it succeeded, what it found; of a commit, a list of
	 * {@code kind}, {@code namespace}, {@code name} and {@code outcome}; when it failed,
	 * the problem; otherwise null
	 */
	record Job(UUID id, Task task, State state, Instant createdAt, @Nullable Instant finishedAt,
			@Nullable Long revision, @Nullable String result) {
	}

	/**
	 * The right to do a job until the lease ends.
	 *
	 * @param id the job
	 * @param task what kind of work it is
	 * @param fence counts its claims
	 * @param owner in whose name it is done
	 * @param request what to do
	 */
	record Claim(UUID id, Task task, long fence, Caller owner, String request) {
	}

	/** The kinds of work. */
	enum Task {

		/** To validate and commit a change set on which many units depend. */
		CHANGE_SET("ChangeSet"),

		/**
		 * To find out what a change set, or what is declared, would change in clusters.
		 */
		PLAN("Plan"),

		/**
		 * To do what a plan says, if nothing that it rests on has changed. The request
		 * names it as {@code plan}.
		 */
		APPLY_PLAN("ApplyPlan"),

		/** To find out how the live objects of a service differ from what was pushed. */
		DRIFT("Drift"),

		/** To read the live endpoints of a service. */
		ENDPOINTS("Endpoints"),

		/**
		 * To find out what stands in the way of a service, and to take over what the
		 * request names of it.
		 */
		ADOPT("Adopt");

		private final String text;

		Task(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

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
