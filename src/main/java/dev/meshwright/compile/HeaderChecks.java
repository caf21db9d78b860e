package dev.meshwright.compile;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.HeaderOperations;
import dev.meshwright.model.HeaderOperations.Changes;
import org.jspecify.annotations.Nullable;

/** Names and values of HTTP headers, and changes to them. */
final class HeaderChecks {

	private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private static final Set<String> HOP_BY_HOP = Set.of("connection", "content-length", "host", "keep-alive",
			"transfer-encoding", "upgrade");

	private HeaderChecks() {
	}

	static void name(String name, At at) {
		if (!NAME.matcher(name).matches()) {
			at.report(DiagnosticCode.INVALID_HEADER, "'" + name + "' is no header name");
		}
	}

	static void header(String name, String value, At at) {
		name(name, at);
		if (value.chars().anyMatch((character) -> (character < ' ' && character != '\t') || character == 127)) {
			at.report(DiagnosticCode.INVALID_HEADER, "the value has control characters");
		}
	}

	static void names(@Nullable Map<String, ?> headers, At at) {
		Set<String> seen = new HashSet<>();
		Given.map(headers).keySet().forEach((name) -> {
			name(name, at.at(name));
			if (!seen.add(name.toLowerCase(Locale.ROOT))) {
				at.at(name)
					.report(DiagnosticCode.DUPLICATE_NAME,
							"header '" + name + "' is given twice: case has no meaning in header names");
			}
		});
	}

	static void operations(HeaderOperations operations, At at) {
		at.given("request", operations.request(), (changes, place) -> {
			changes(changes, place);
			place.each("remove", changes.remove(), HeaderChecks::notHost);
		});
		at.given("response", operations.response(), (changes, place) -> {
			changes(changes, place);
			place.entries("set", changes.set(), (name, _, field) -> notHost(name, field));
			place.entries("add", changes.add(), (name, _, field) -> notHost(name, field));
			place.each("remove", changes.remove(), HeaderChecks::notHost);
		});
	}

	/** A header that an answer is given. */
	static void answer(String name, String value, At at) {
		header(name, value, at);
		if (HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
			at.report(DiagnosticCode.INVALID_HEADER, "'" + name + "' belongs to the connection, not to an answer");
		}
	}

	private static void notHost(String name, At at) {
		if (name.equalsIgnoreCase("host")) {
			at.report(DiagnosticCode.INVALID_HEADER, "'" + name + "' can only be set, and only on requests");
		}
	}

	private static void changes(Changes changes, At at) {
		at.entries("set", changes.set(), HeaderChecks::header);
		at.entries("add", changes.add(), HeaderChecks::header);
		at.each("remove", changes.remove(), HeaderChecks::name);
	}

}
