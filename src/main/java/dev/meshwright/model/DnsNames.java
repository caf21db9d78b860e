package dev.meshwright.model;

import java.util.regex.Pattern;

/**
 * What may be a name or a label, as Kubernetes has it; one home for the syntax, so that
 * what the API accepts is what the compiler and the gateway accept.
 */
public final class DnsNames {

	private static final String ANY = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";

	private static final Pattern RFC1123 = Pattern.compile(ANY);

	private static final Pattern RFC1035 = Pattern.compile("[a-z](?:[-a-z0-9]*[a-z0-9])?");

	private static final Pattern SUBDOMAIN = Pattern.compile(ANY + "(?:\\." + ANY + ")*");

	private static final Pattern LABEL_NAME = Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

	private static final int LONGEST_LABEL = 63;

	private static final int LONGEST_SUBDOMAIN = 253;

	private DnsNames() {
	}

	/**
	 * Whether it is an RFC 1123 label: at most 63 lower-case letters, digits and
	 * {@code -}, beginning and ending with a letter or digit.
	 */
	public static boolean isLabel(String name) {
		return name.length() <= LONGEST_LABEL && RFC1123.matcher(name).matches();
	}

	/** Whether it is an RFC 1035 label: as RFC 1123, beginning with a letter. */
	public static boolean isServiceName(String name) {
		return name.length() <= LONGEST_LABEL && RFC1035.matcher(name).matches();
	}

	/**
	 * Whether it is an RFC 1123 subdomain: at most 253 lower-case letters, digits,
	 * {@code -} and {@code .}, each part beginning and ending with a letter or digit.
	 */
	public static boolean isSubdomain(String name) {
		return name.length() <= LONGEST_SUBDOMAIN && SUBDOMAIN.matcher(name).matches();
	}

	/**
	 * Whether it can be the key of a label or annotation: a name of at most 63 letters,
	 * digits, {@code -}, {@code _} and {@code .}, perhaps with a subdomain and {@code /}
	 * before it.
	 */
	public static boolean isLabelKey(String key) {
		int slash = key.indexOf('/');
		return LABEL_NAME.matcher(key.substring(slash + 1)).matches()
				&& (slash < 0 || isSubdomain(key.substring(0, slash)));
	}

	/** Whether it can be the value of a label: empty, or as the name of a key. */
	public static boolean isLabelValue(String value) {
		return value.isEmpty() || LABEL_NAME.matcher(value).matches();
	}

}
