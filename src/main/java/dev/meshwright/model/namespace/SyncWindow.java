package dev.meshwright.model.namespace;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A time that comes again and again, in which changes are pushed, or are not; as in an
 * Argo CD project. Outside of it, and in it, everything can be declared.
 *
 * @param kind what the window does
 * @param schedule when it begins, as cron says it: minute, hour, day of the month, month,
 * day of the week; such as {@code 0 22 * * 1-5}. Or {@code @daily} and the like. Only one
 * of the two kinds of day may be restricted
 * @param duration how long it is open each time, from {@code 1m} to {@code 8784h}
 * @param timeZone the zone in which the schedule is read, such as {@code Europe/Berlin};
 * default {@code UTC}
 * @param clusters the clusters for which it holds; absent means every cluster
 * @param manualSync whether a sync that somebody asks for passes although the window
 * keeps changes back: a {@code deny} window that is open, an {@code allow} window that is
 * not; default false
 * @param description why it is there, for whoever is kept waiting
 */
public record SyncWindow(Kind kind, String schedule, Duration duration, @Nullable String timeZone,
		@Nullable List<String> clusters, @Nullable Boolean manualSync, @Nullable String description) {

	/** The zone of a window that names none. */
	public static final String UTC = "UTC";

	/** What a window does. */
	public enum Kind {

		/** While none of these is open, nothing is pushed. */
		ALLOW("allow"),

		/** While one of these is open, nothing is pushed, whatever else is open. */
		DENY("deny");

		private final String text;

		Kind(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
