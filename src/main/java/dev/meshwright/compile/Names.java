package dev.meshwright.compile;

import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.DnsNames;
import dev.meshwright.model.Nearest;

/** Reports names and labels that Kubernetes would not take. */
final class Names {

	private static final Pattern EXTENSION_PROVIDER = Pattern.compile("[-A-Za-z0-9_.]{1,253}");

	private Names() {
	}

	/** A namespace or port: lower-case letters, digits and {@code -}. */
	static void rfc1123(String name, At at) {
		if (!DnsNames.isLabel(name)) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + name + "' is no RFC 1123 label",
					"at most 63 lower-case letters, digits and -, beginning and ending with a letter or digit");
		}
	}

	/** A service or version: as RFC 1123, beginning with a letter. */
	static void rfc1035(String name, At at) {
		if (!DnsNames.isServiceName(name)) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + name + "' is no RFC 1035 label",
					"at most 63 lower-case letters, digits and -, beginning with a letter and not ending with -");
		}
	}

	/** The name of an object such as a Secret. */
	static void object(String name, At at) {
		if (!DnsNames.isSubdomain(name)) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + name + "' is no RFC 1123 subdomain",
					"at most 253 lower-case letters, digits, - and .");
		}
	}

	/** The name of an extension provider of the mesh, which is rather free in it. */
	static void extensionProvider(String name, At at) {
		if (!EXTENSION_PROVIDER.matcher(name).matches()) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + name + "' is no name of an extension provider",
					"at most 253 letters, digits, -, _ and .");
		}
	}

	/** The labels in a map. */
	static void labels(Map<String, String> labels, At at) {
		labels.forEach((key, value) -> {
			if (!DnsNames.isLabelKey(key) || !DnsNames.isLabelValue(value)) {
				at.at(key).report(DiagnosticCode.INVALID_LABEL, "'" + key + ": " + value + "' is no label");
			}
		});
	}

	/**
	 * A hint for a remedy, {@code ; did you mean 'v2'?}, or nothing when no known name is
	 * near.
	 */
	static String nearest(String name, Collection<String> known) {
		return Nearest.to(name, known).map((candidate) -> "; did you mean '" + candidate + "'?").orElse("");
	}

}
