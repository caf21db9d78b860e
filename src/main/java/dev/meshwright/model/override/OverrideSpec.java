package dev.meshwright.model.override;

import java.time.Instant;

import dev.meshwright.model.Spec;
import org.jspecify.annotations.Nullable;

/**
 * What people or controllers decide for a time, beside what is declared for good. Any
 * number may be in force at once; evacuations add up. Deleting it ends it.
 *
 * @param target for what it is
 * @param change what is done meanwhile
 * @param reason why, for whoever finds it; not blank
 * @param expiresAt when it ends by itself: it is deleted then, by the clock of the
 * database. A time that is past cannot be written. An evacuation must have it; absent
 * means until somebody deletes it
 */
public record OverrideSpec(Target target, Change change, String reason, @Nullable Instant expiresAt) implements Spec {

	/**
	 * For what an override is.
	 *
	 * @param service a service of the same namespace; absent means every service of the
	 * namespace, which only the evacuation of a cluster or region can be for
	 */
	public record Target(@Nullable String service) {
	}

	/**
	 * What is done; exactly one is given.
	 *
	 * @param evacuate takes requests away from a part of what runs
	 * @param backup sends requests to another service
	 */
	public record Change(@Nullable Evacuate evacuate, @Nullable Backup backup) {
	}

	/**
	 * Takes requests away from one place; exactly one of {@code cluster}, {@code region}
	 * and {@code version} is given. Nothing is stopped there.
	 *
	 * @param cluster a cluster, by its name; its region, or else its region and zone,
	 * must tell it from the clusters that stay
	 * @param region a region, as Clusters name it
	 * @param version a version of the target service
	 * @param mode how; default {@code drain}, of a version {@code cut}, because a mesh
	 * knows no order among versions
	 * @param force whether the last place left may be evacuated, too; default false
	 */
	public record Evacuate(@Nullable String cluster, @Nullable String region, @Nullable String version,
			@Nullable Mode mode, @Nullable Boolean force) {
	}

	/** How requests are taken away. */
	public enum Mode {

		/**
		 * The place comes last: it gets requests only when the others fail. Needs outlier
		 * detection.
		 */
		DRAIN("drain"),

		/** The place gets no requests at all. */
		CUT("cut");

		private final String text;

		Mode(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/**
	 * Sends what would go to the target service to another one. What its rules send
	 * elsewhere goes on as before.
	 *
	 * @param service the service that takes over, {@code name} or {@code namespace/name};
	 * of another namespace only where that grants it {@code as: [backup]}
	 */
	public record Backup(String service) {
	}

}
