package dev.meshwright.model;

import java.time.Instant;

/**
 * One thing that is known of a resource, as Kubernetes reports it.
 *
 * @param type what it is about
 * @param status {@code True}, {@code False}, or {@code Unknown} when it could not be read
 * @param reason one CamelCase word for programs
 * @param message a sentence for people, naming object and remedy where something failed;
 * never a secret
 * @param observedGeneration the generation of the resource that this speaks of
 * @param lastTransitionTime when the status last changed
 */
public record Condition(Type type, Status status, String reason, String message, long observedGeneration,
		Instant lastTransitionTime) {

	/**
	 * Whether it is as usual: with any other reason there is something to know, also
	 * beside a status that is good.
	 */
	public boolean plain() {
		return this.reason.equals(this.type.plainReason());
	}

	/** What a condition may be about. */
	public enum Type {

		ACCEPTED("Accepted", "Accepted"), COMPILED("Compiled", "Compiled"), PLACED("Placed", "Placed"),
		PROGRAMMED("Programmed", "Programmed"), CONVERGED("Converged", "NotProven"), DRIFTED("Drifted", "AsPushed"),
		READY("Ready", "Programmed"), BACKUP_IN_USE("BackupInUse", "Healthy");

		private final String text;

		private final String plainReason;

		Type(String text, String plainReason) {
			this.text = text;
			this.plainReason = plainReason;
		}

		/** The reason when there is nothing to add to the status. */
		public String plainReason() {
			return this.plainReason;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** Three values, because a failed read is neither true nor false. */
	public enum Status {

		TRUE("True"), FALSE("False"), UNKNOWN("Unknown");

		private final String text;

		Status(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
