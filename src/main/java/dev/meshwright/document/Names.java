package dev.meshwright.document;

import java.util.regex.Pattern;

/** The names that Kubernetes takes (RFC 1123). */
public final class Names {

	private static final String LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";

	private static final Pattern ONE = Pattern.compile(LABEL);

	private static final Pattern DOTTED = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");

	private Names() {
	}

	/** Whether it is one DNS label: at most 63 lower-case letters, digits and '-'. */
	public static boolean isLabel(String name) {
		return name.length() <= 63 && ONE.matcher(name).matches();
	}

	/** Whether it is DNS labels with dots between, at most 253 characters. */
	public static boolean isSubdomain(String name) {
		return name.length() <= 253 && DOTTED.matcher(name).matches();
	}

}
