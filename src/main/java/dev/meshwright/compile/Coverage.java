package dev.meshwright.compile;

import java.util.Locale;
import java.util.Map;

import dev.meshwright.model.StringMatch;
import dev.meshwright.model.routing.HttpMatch;
import org.jspecify.annotations.Nullable;

/**
 * Whether every request that one match takes is taken by another. Said only where it is
 * certain: expressions are compared as texts.
 */
final class Coverage {

	private Coverage() {
	}

	/** A match that says nothing but a port. */
	static HttpMatch anyRequest(@Nullable String port) {
		return new HttpMatch(null, null, null, null, port, null, null, null, null, null, null, null);
	}

	static boolean covers(HttpMatch wide, HttpMatch narrow) {
		return coversPath(wide, narrow) && allows(wide.method(), narrow.method()) && allows(wide.host(), narrow.host())
				&& allows(wide.port(), narrow.port()) && allows(wide.scheme(), narrow.scheme())
				&& allows(wide.grpc(), narrow.grpc()) && allows(wide.source(), narrow.source())
				&& allow(wide.headers(), narrow.headers()) && allow(wide.withoutHeaders(), narrow.withoutHeaders())
				&& allow(wide.query(), narrow.query()) && allow(wide.claims(), narrow.claims());
	}

	private static boolean allows(@Nullable Object wide, @Nullable Object narrow) {
		return wide == null || wide.equals(narrow);
	}

	private static boolean allow(@Nullable Map<String, ?> wide, @Nullable Map<String, ?> narrow) {
		return Given.map(narrow).entrySet().containsAll(Given.map(wide).entrySet());
	}

	private static boolean coversPath(HttpMatch wide, HttpMatch narrow) {
		StringMatch path = wide.path();
		if (path == null || takesEveryPath(path)) {
			return true;
		}
		boolean folded = Boolean.TRUE.equals(wide.ignoreCase());
		StringMatch other = narrow.path();
		return other != null && (!Boolean.TRUE.equals(narrow.ignoreCase()) || folded) && covers(path, other, folded);
	}

	/** Whether every path that one takes is taken by another. */
	static boolean covers(StringMatch wide, StringMatch narrow) {
		return takesEveryPath(wide) || covers(wide, narrow, false);
	}

	private static boolean covers(StringMatch path, StringMatch other, boolean folded) {
		if (path.prefix() != null) {
			String below = (other.prefix() != null) ? other.prefix() : other.exact();
			return below != null && isBelow(fold(path.prefix(), folded), fold(below, folded));
		}
		if (path.exact() != null && other.exact() != null) {
			return fold(path.exact(), folded).equals(fold(other.exact(), folded));
		}
		return path.equals(other);
	}

	private static boolean takesEveryPath(StringMatch path) {
		return "/".equals(path.prefix()) || ".*".equals(path.regex()) || "/.*".equals(path.regex());
	}

	/** By whole segments, however many slashes the prefix ends with. */
	private static boolean isBelow(String prefix, String path) {
		String segment = prefix.replaceFirst("/+$", "");
		return path.equals(segment) || path.startsWith(segment + "/");
	}

	private static String fold(String text, boolean folded) {
		return folded ? text.toLowerCase(Locale.ROOT) : text;
	}

}
