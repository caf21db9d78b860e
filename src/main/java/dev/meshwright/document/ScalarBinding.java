package dev.meshwright.document;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import dev.meshwright.model.Durations;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.Nearest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Binds texts, numbers, booleans, durations, times and enums, without converting any. */
final class ScalarBinding {

	private static final Pattern RFC_3339 = Pattern
		.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})");

	private final List<ShapeError> errors;

	ScalarBinding(List<ShapeError> errors) {
		this.errors = errors;
	}

	static boolean isScalar(Class<?> type) {
		return type == IntOrString.class;
	}

	@Nullable Object bind(Class<?> type, JsonNode node, String pointer) {
		if (type == String.class) {
			return node.isString() ? node.stringValue() : wrongType("a text", node, pointer);
		}
		if (type == Boolean.class || type == boolean.class) {
			return node.isBoolean() ? (Object) node.booleanValue() : wrongType("true or false", node, pointer);
		}
		if (type == Integer.class || type == int.class) {
			return integer(node, pointer, false);
		}
		if (type == Long.class || type == long.class) {
			return integer(node, pointer, true);
		}
		if (type == Double.class || type == double.class) {
			return decimal(node, pointer);
		}
		if (type == Duration.class) {
			return duration(node, pointer);
		}
		if (type == Instant.class) {
			return instant(node, pointer);
		}
		if (type == IntOrString.class) {
			return intOrString(node, pointer);
		}
		if (type.isEnum()) {
			return constant(type, node, pointer);
		}
		throw new IllegalStateException("No field can be of " + type);
	}

	private @Nullable Object integer(JsonNode node, String pointer, boolean wide) {
		if (!node.isIntegralNumber()) {
			return wrongType("an integer", node, pointer);
		}
		if (wide ? !node.canConvertToLong() : !node.canConvertToInt()) {
			return error(pointer, "OUT_OF_RANGE", "The number is too great; at most "
					+ (wide ? Long.MAX_VALUE : Integer.MAX_VALUE) + " can be given");
		}
		return wide ? (Object) node.longValue() : (Object) node.intValue();
	}

	private @Nullable Object decimal(JsonNode node, String pointer) {
		if (!node.isNumber()) {
			return wrongType("a number", node, pointer);
		}
		if (node.isBigInteger() || !Double.isFinite(node.doubleValue())) {
			return error(pointer, "OUT_OF_RANGE", "The number is too great");
		}
		return node.doubleValue();
	}

	private @Nullable Object duration(JsonNode node, String pointer) {
		if (!node.isString()) {
			return wrongType("a duration such as 250ms, 3s or 1h30m", node, pointer);
		}
		@Nullable Duration duration = Durations.parse(node.stringValue()).orElse(null);
		return (duration != null) ? duration : error(pointer, "MALFORMED_DURATION", Pointers.shown(node.stringValue())
				+ " is not a duration; write numbers with units (ns, us, ms, s, m, h), such as 250ms, 3s or 1h30m");
	}

	private @Nullable Object instant(JsonNode node, String pointer) {
		if (!node.isString()) {
			return wrongType("a time such as 2026-03-01T08:00:00Z", node, pointer);
		}
		try {
			if (RFC_3339.matcher(node.stringValue()).matches()) {
				return OffsetDateTime.parse(node.stringValue()).toInstant();
			}
		}
		catch (DateTimeParseException _) {
			// such as the 30th of February: malformed, too
		}
		return error(pointer, "MALFORMED_TIME", Pointers.shown(node.stringValue())
				+ " is not a time; write it as RFC 3339 does, with seconds and offset, such as 2026-03-01T08:00:00Z");
	}

	private @Nullable Object intOrString(JsonNode node, String pointer) {
		if (node.isString()) {
			return IntOrString.of(node.stringValue());
		}
		@Nullable Object number = node.isIntegralNumber() ? integer(node, pointer, false)
				: wrongType("an integer or a text", node, pointer);
		return (number instanceof Integer value) ? IntOrString.of(value) : null;
	}

	private @Nullable Object constant(Class<?> type, JsonNode node, String pointer) {
		Object[] constants = type.getEnumConstants();
		List<String> allowed = Arrays.stream(constants).map(Object::toString).toList();
		if (!node.isString()) {
			return wrongType("one of " + String.join(", ", allowed), node, pointer);
		}
		int index = allowed.indexOf(node.stringValue());
		if (index >= 0) {
			return constants[index];
		}
		return error(pointer, "UNKNOWN_VALUE",
				Pointers.shown(node.stringValue()) + " is not allowed; it must be one of " + String.join(", ", allowed)
						+ Nearest.to(node.stringValue(), allowed)
							.map((nearest) -> "; did you mean " + nearest + "?")
							.orElse(""));
	}

	@Nullable Object wrongType(String expected, JsonNode found, String pointer) {
		return error(pointer, "WRONG_TYPE", "Expected " + expected + ", found " + Pointers.describe(found));
	}

	private @Nullable Object error(String pointer, String code, String message) {
		this.errors.add(new ShapeError(pointer, code, message));
		return null;
	}

}
