package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;

/** The syntax of DNS names, IP addresses and CIDR blocks; nothing is ever resolved. */
final class Hosts {

	private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

	private static final Pattern DNS = Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");

	private static final Pattern NUMERIC_END = Pattern.compile(".*\\.[0-9]+|[0-9]+");

	private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");

	private static final Pattern HEXTET = Pattern.compile("[0-9a-fA-F]{1,4}");

	private Hosts() {
	}

	/** A DNS name, or {@code *.} and one. */
	static void dns(String host, At at) {
		if (!isDns(host)) {
			at.report(DiagnosticCode.INVALID_HOST, "'" + host + "' is no host name");
		}
	}

	static boolean isDns(String host) {
		return host.length() <= 253 && DNS.matcher(host).matches() && !NUMERIC_END.matcher(host).matches();
	}

	static boolean isWildcard(String host) {
		return host.startsWith("*.");
	}

	/**
	 * A host and the wildcards that cover it, the most exact first: of
	 * {@code a.example.com} also {@code *.example.com} and {@code *.com}.
	 */
	static List<String> covering(String host) {
		List<String> entries = new ArrayList<>();
		entries.add(host);
		String rest = isWildcard(host) ? host.substring(2) : host;
		for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
			rest = rest.substring(dot + 1);
			entries.add("*." + rest);
		}
		return entries;
	}

	/** An IP address or CIDR block. */
	static void cidr(String text, At at) {
		int slash = text.indexOf('/');
		String address = (slash < 0) ? text : text.substring(0, slash);
		boolean v6 = isV6(address);
		if (!(v6 || isV4(address)) || (slash >= 0 && !isLength(text.substring(slash + 1), v6 ? 128 : 32))) {
			at.report(DiagnosticCode.INVALID_ADDRESS, "'" + text + "' is no IP address or CIDR block",
					"an address such as 10.0.0.1, or a block such as 10.0.0.0/24");
		}
	}

	static boolean isAddress(String text) {
		return isV4(text) || isV6(text);
	}

	private static boolean isLength(String text, int most) {
		return text.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(text) <= most;
	}

	private static boolean isV4(String text) {
		return IPV4.matcher(text).matches();
	}

	private static boolean isV6(String text) {
		int gap = text.indexOf("::");
		if (gap < 0) {
			return hextets(text) == 8;
		}
		int before = (gap == 0) ? 0 : hextets(text.substring(0, gap));
		int after = (gap + 2 == text.length()) ? 0 : hextets(text.substring(gap + 2));
		return before >= 0 && after >= 0 && before + after < 8;
	}

	/** How many groups of 16 bits the text is, or -1. */
	private static int hextets(String text) {
		String[] groups = text.split(":", -1);
		int count = 0;
		for (int index = 0; index < groups.length; index++) {
			if (HEXTET.matcher(groups[index]).matches()) {
				count++;
			}
			else if (index == groups.length - 1 && isV4(groups[index])) {
				count += 2;
			}
			else {
				return -1;
			}
		}
		return count;
	}

}
