package dev.meshwright.model.failover;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How far a service is on the way to its backup, or back.
 *
 * @param phase the phase
 * @param since since when; begins anew when it was not known for a while whether it still
 * held
 * @param knownAt when it was last known whether an endpoint is ready; null for never
 * @param switchedAt when requests last were sent to the backup; null for never
 * @param flaps how often requests were sent to the backup by itself
 */
public record BackupState(Phase phase, Instant since, @Nullable Instant knownAt, @Nullable Instant switchedAt,
		int flaps) {

	/** Where it begins. */
	public static BackupState initial(Instant now) {
		return new BackupState(Phase.HEALTHY, now, null, null, 0);
	}

	/** The same in a phase that begins now. */
	public BackupState in(Phase next, Instant now) {
		return new BackupState(next, now, this.knownAt, this.switchedAt, this.flaps);
	}

	/** The phases, in their order. */
	public enum Phase {

		/** Requests go to the service. */
		HEALTHY("Healthy"),

		/** No endpoint is ready, not for long enough yet. */
		FAILING("Failing"),

		/** Requests go to the backup. */
		SWITCHED("Switched"),

		/** So they do, but an endpoint is ready again. */
		RECOVERING("Recovering");

		private final String text;

		Phase(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** What a look at the endpoints finds. */
	public enum Seen {

		/** An endpoint is ready on some cluster. */
		READY("Ready"),

		/** None is, on any cluster where the service is placed. */
		NONE_READY("NoneReady"),

		/** A cluster did not say. */
		UNKNOWN("Unknown");

		private final String text;

		Seen(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
