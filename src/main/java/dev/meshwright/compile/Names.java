package dev.meshwright.compile;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;

/** The syntax of names and labels, as Kubernetes has it. */
final class Names {

	private static final Pattern RFC1123 = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

	private static final Pattern RFC1035 = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

	private static final Pattern SUBDOMAIN = Pattern
		.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

	private static final Pattern LABEL_NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

	private Names() {
	}

	/** A namespace or port: lower-case letters, digits and {@code -}. */
	static void rfc1123(String name, At at) {
		if (!isRfc1123(name)) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + name + "' is no RFC 1123 label",
					"at most 63 lower-case letters, digits and -, beginning and ending with a letter or digit");
		}
	}

	/** A service or version: as RFC 1123, beginning with a letter. */
	static void rfc1035(String name, At at) {
		if (!isRfc1035(name)) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + name + "' is no RFC 1035 label",
					"at most 63 lower-case letters, digits and -, beginning with a letter and not ending with -");
		}
	}

	/** The name of an object such as a Secret. */
	static void object(String name, At at) {
		if (name.length() > 253 || !SUBDOMAIN.matcher(name).matches()) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + name + "' is no RFC 1123 subdomain",
					"at most 253 lower-case letters, digits, - and .");
		}
	}

	static boolean isRfc1123(String name) {
		return RFC1123.matcher(name).matches();
	}

	static boolean isRfc1035(String name) {
		return RFC1035.matcher(name).matches();
	}

	/** The labels in a map. */
	static void labels(Map<String, String> labels, At at) {
		labels.forEach((key, value) -> {
			if (!isLabelKey(key) || !isLabelValue(value)) {
				at.at(key).report(DiagnosticCode.INVALID_LABEL, "'" + key + ": " + value + "' is no label");
			}
		});
	}

	static boolean isLabelKey(String key) {
		int slash = key.indexOf('/');
		return LABEL_NAME.matcher(key.substring(slash + 1)).matches()
				&& (slash < 0 || (slash <= 253 && SUBDOMAIN.matcher(key.substring(0, slash)).matches()));
	}

	static boolean isLabelValue(String value) {
		return value.isEmpty() || LABEL_NAME.matcher(value).matches();
	}

	/**
	 * A hint for a remedy, {@code ; did you mean 'v2'?}, or nothing when no known name is
	 * near.
	 */
	static String nearest(String name, Collection<String> known) {
		return known.stream()
			.sorted()
			.min(Comparator.comparingInt((candidate) -> distance(name, candidate)))
			.filter((candidate) -> distance(name, candidate) <= Math.max(1, name.length() / 3))
			.map((candidate) -> "; did you mean '" + candidate + "'?")
			.orElse("");
	}

	private static int distance(String left, String right) {
		int[] previous = new int[right.length() + 1];
		for (int column = 0; column <= right.length(); column++) {
			previous[column] = column;
		}
		for (int row = 1; row <= left.length(); row++) {
			int[] current = new int[right.length() + 1];
			current[0] = row;
			for (int column = 1; column <= right.length(); column++) {
				int change = previous[column - 1] + ((left.charAt(row - 1) != right.charAt(column - 1)) ? 1 : 0);
				current[column] = Math.min(change, Math.min(previous[column], current[column - 1]) + 1);
			}
			previous = current;
		}
		return previous[right.length()];
	}

}
