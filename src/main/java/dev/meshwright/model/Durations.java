package dev.meshwright.model;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Kubernetes writes them: one or more decimal numbers, each with its unit,
 * such as {@code 250ms}, {@code 1h30m} or {@code 1.5s}; zero is {@code 0s}.
 */
public final class Durations {

	private static final Pattern WHOLE = Pattern.compile("[+-]?(?:\\d{1,19}(?:\\.\\d{1,9})?(?:ns|us|µs|ms|s|m|h))+");

	private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");

	private static final Map<String, BigDecimal> NANOS = Map.of("ns", BigDecimal.ONE, "us", BigDecimal.valueOf(1_000),
			"µs", BigDecimal.valueOf(1_000), "ms", BigDecimal.valueOf(1_000_000), "s",
			BigDecimal.valueOf(1_000_000_000L), "m", BigDecimal.valueOf(60_000_000_000L), "h",
			BigDecimal.valueOf(3_600_000_000_000L));

	private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

	private Durations() {
	}

	/**
	 * Reads a duration. A negative one is read too: whether it makes sense is for the
	 * compiler to say.
	 * @param text the text
	 * @return the duration, or empty when the text is none or it exceeds 292 years
	 */
	public static Optional<Duration> parse(String text) {
		if (text.length() > 128 || !WHOLE.matcher(text).matches()) {
			return Optional.empty();
		}
		BigDecimal nanos = BigDecimal.ZERO;
		Matcher part = PART.matcher(text);
		while (part.find()) {
			nanos = nanos.add(new BigDecimal(part.group(1)).multiply(NANOS.get(part.group(2))));
		}
		if (nanos.compareTo(MOST_NANOS) > 0) {
			return Optional.empty();
		}
		return Optional.of(Duration.ofNanos(text.startsWith("-") ? -nanos.longValue() : nanos.longValue()));
	}

	/** The shortest text that {@link #parse} reads as this duration. */
	public static String format(Duration duration) {
		if (duration.isZero()) {
			return "0s";
		}
		StringBuilder text = new StringBuilder(duration.isNegative() ? "-" : "");
		Duration absolute = duration.abs();
		append(text, absolute.toHours(), "h");
		append(text, absolute.toMinutesPart(), "m");
		append(text, absolute.toSecondsPart(), "s");
		int nanos = absolute.toNanosPart();
		append(text, nanos / 1_000_000, "ms");
		append(text, nanos / 1_000 % 1_000, "us");
		append(text, nanos % 1_000, "ns");
		return text.toString();
	}

	private static void append(StringBuilder text, long number, String unit) {
		if (number > 0) {
			text.append(number).append(unit);
		}
	}

}
