package dev.meshwright.provider.kubernetes;

import java.time.Duration;

/** Durations as Gateway API writes them (GEP-2257): hours to milliseconds. */
final class GatewayDuration {

	private static final Duration LONGEST = Duration.ofHours(99_999);

	private GatewayDuration() {
	}

	static boolean canSay(Duration duration) {
		return !duration.isNegative() && duration.toNanosPart() % 1_000_000 == 0 && duration.compareTo(LONGEST) <= 0;
	}

	static String text(Duration duration) {
		String text = part(duration.toHours(), "h") + part(duration.toMinutesPart(), "m")
				+ part(duration.toSecondsPart(), "s") + part(duration.toMillisPart(), "ms");
		return text.isEmpty() ? "0s" : text;
	}

	private static String part(long value, String unit) {
		return (value == 0) ? "" : value + unit;
	}

}
