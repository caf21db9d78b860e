package dev.meshwright.provider.istio;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import dev.meshwright.model.Durations;
import dev.meshwright.model.StringMatch;
import org.jspecify.annotations.Nullable;

/** Scalars as Istio's objects spell them. */
final class Values {

	private Values() {
	}

	/**
	 * A duration as Kubernetes writes it: {@code 1h30m}, {@code 3s}, {@code 250ms}; null
	 * for null.
	 */
	static @Nullable String duration(@Nullable Duration duration) {
		return (duration == null) ? null : Durations.format(duration);
	}

	/**
	 * The duration, or null when it is zero: Istio's schema takes no zero where leaving
	 * out means without limit.
	 */
	static @Nullable String limit(@Nullable Duration duration) {
		return (duration == null || duration.isZero()) ? null : duration(duration);
	}

	/**
	 * A whole number as Integer, as the API server returns it; another one as it is.
	 */
	static @Nullable Number number(@Nullable Double value) {
		if (value != null && value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE) {
			return value.intValue();
		}
		return value;
	}

	/** {@code {value: 12.5}}. */
	static Map<String, Object> percentage(@Nullable Double percentage) {
		return Tree.of("value", number((percentage == null) ? 100.0 : percentage)).map();
	}

	/** A StringMatch with its one alternative. */
	static Map<String, Object> match(@Nullable String exact, @Nullable String prefix, @Nullable String regex) {
		return Tree.of("exact", exact).with("prefix", prefix).with("regex", regex).map();
	}

	static @Nullable Map<String, Object> match(@Nullable StringMatch match) {
		return (match == null) ? null : match(match.exact(), match.prefix(), match.regex());
	}

	/** An expression that matches a text literally. */
	static String literal(String text) {
		return text.replaceAll("[^A-Za-z0-9-]", "\\\\$0");
	}

	/** The map in the order of its keys, so that equal maps give equal bytes. */
	static @Nullable Map<String, String> sorted(@Nullable Map<String, String> map) {
		return (map == null) ? null : new TreeMap<>(map);
	}

}
