package dev.meshwright.compile;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

import dev.meshwright.model.namespace.SyncWindow;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.support.CronExpression;

/**
 * When a sync window is open. It knows no present time: whoever asks says it.
 *
 * @param cron when it begins
 * @param zone the zone in which that is read
 * @param duration how long it is open each time
 */
record SyncSchedule(CronExpression cron, ZoneId zone, Duration duration) {

	private static final int FIELDS = 5;

	/** The schedule of a window that was accepted. */
	static SyncSchedule of(SyncWindow window) {
		return new SyncSchedule(cron(window.schedule()), zone(Given.or(window.timeZone(), SyncWindow.UTC)),
				window.duration());
	}

	/**
	 * Reads a schedule as cron, and Argo CD, know it. Cron has no seconds.
	 * @param schedule five fields, or a macro such as {@code @daily}
	 * @throws IllegalArgumentException it is none; the message says why
	 */
	static CronExpression cron(String schedule) {
		return CronExpression.parse(isMacro(schedule) ? schedule : "0 " + String.join(" ", fields(schedule)));
	}

	/**
	 * Checks a schedule that somebody declares. Where both days are restricted cron means
	 * either of them, but the parser both, so that is refused rather than misread.
	 * @throws IllegalArgumentException it is none, or never comes; the message says why
	 */
	static void check(String schedule) {
		if (!isMacro(schedule)) {
			String[] fields = fields(schedule);
			if (fields.length != FIELDS) {
				throw new IllegalArgumentException("it has " + fields.length + " fields instead of " + FIELDS);
			}
			if (!isAny(fields[2]) && !isAny(fields[4])) {
				throw new IllegalArgumentException("day of the month and day of the week are both restricted");
			}
		}
		if (cron(schedule).next(ZonedDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC)) == null) {
			throw new IllegalArgumentException("it never comes");
		}
	}

	private static boolean isMacro(String schedule) {
		return schedule.startsWith("@");
	}

	private static String[] fields(String schedule) {
		return schedule.strip().split("\\s+");
	}

	private static boolean isAny(String field) {
		return field.equals("*") || field.equals("?");
	}

	/**
	 * Reads the name of a time zone.
	 * @throws IllegalArgumentException there is no such zone
	 */
	static ZoneId zone(String name) {
		try {
			return ZoneId.of(name);
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("there is no such time zone", ex);
		}
	}

	/** When the opening ends that is going on at a time; empty when it is not open. */
	Optional<Instant> end(Instant now) {
		return next(now.minus(this.duration)).filter((start) -> !start.isAfter(now))
			.map((start) -> start.plus(this.duration));
	}

	/** When it opens next, after a time. */
	Optional<Instant> next(Instant after) {
		@Nullable ZonedDateTime next = this.cron.next(after.atZone(this.zone));
		return Optional.ofNullable(next).map(ZonedDateTime::toInstant);
	}

}
