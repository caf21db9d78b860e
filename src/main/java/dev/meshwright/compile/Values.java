package dev.meshwright.compile;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Durations;
import dev.meshwright.model.Quantities;
import org.jspecify.annotations.Nullable;

/** The syntax of numbers, durations, quantities, percentages and expressions. */
final class Values {

	private static final int LONGEST_REGEX = 1024;

	private Values() {
	}

	/** A whole number in a field that may be left out. */
	static void range(@Nullable Number value, long least, long most, At at) {
		if (value != null && (value.longValue() < least || value.longValue() > most)) {
			at.report(DiagnosticCode.OUT_OF_RANGE, value + " is out of range",
					(most == Long.MAX_VALUE || most == Integer.MAX_VALUE) ? "a number of at least " + least
							: "a number from " + least + " to " + most);
		}
	}

	static void port(@Nullable Integer value, At at) {
		range(value, 1, 65_535, at);
	}

	/** A percentage in a field that may be left out. */
	static void percentage(@Nullable Double value, At at) {
		if (value != null && !(value >= 0 && value <= 100)) {
			at.report(DiagnosticCode.OUT_OF_RANGE, value + " is no percentage", "a number from 0 to 100");
		}
	}

	/** A duration of at least a millisecond, in a field that may be left out. */
	static void duration(@Nullable Duration value, At at) {
		duration(value, Duration.ofMillis(1), at);
	}

	/** A duration of which zero has a meaning. */
	static void durationOrZero(@Nullable Duration value, At at) {
		duration(value, Duration.ZERO, at);
	}

	private static void duration(@Nullable Duration value, Duration least, At at) {
		if (value != null && (value.compareTo(least) < 0 || value.getNano() % 1_000_000 != 0)) {
			at.report(DiagnosticCode.INVALID_DURATION, Durations.format(value) + " is not possible here",
					least.isZero() ? "0s or more, in whole milliseconds" : "at least 1ms, in whole milliseconds");
		}
	}

	/** An RE2 expression; the compiled one when it is sound. */
	static Optional<Pattern> regex(String regex, At at) {
		if (regex.length() > LONGEST_REGEX) {
			at.report(DiagnosticCode.INVALID_REGEX, "the expression has " + regex.length() + " characters");
			return Optional.empty();
		}
		try {
			return Optional.of(Pattern.compile(regex));
		}
		catch (PatternSyntaxException ex) {
			at.report(DiagnosticCode.INVALID_REGEX, "'" + regex + "': " + ex.getDescription());
			return Optional.empty();
		}
	}

	/** A quantity's amount, when it is one. */
	static Optional<BigDecimal> quantity(String text, At at) {
		Optional<BigDecimal> amount = Quantities.amount(text);
		if (amount.isEmpty()) {
			at.report(DiagnosticCode.INVALID_QUANTITY, "'" + text + "' is no quantity");
		}
		return amount;
	}

	/** Demands that exactly one of several fields is given. */
	static boolean exactlyOne(At at, String fields, @Nullable Object... values) {
		long count = Given.count(values);
		if (count != 1) {
			at.report(DiagnosticCode.EXCLUSIVE_FIELDS, (count == 0) ? "nothing is given" : count + " fields are given",
					"exactly one of " + fields);
		}
		return count == 1;
	}

	/** Demands that at least one of several fields is given. */
	static boolean atLeastOne(At at, String fields, @Nullable Object... values) {
		boolean any = Given.count(values) > 0;
		if (!any) {
			at.report(DiagnosticCode.REQUIRED_FIELD, "nothing is given", "at least one of " + fields);
		}
		return any;
	}

}
