package dev.meshwright.provider.kubernetes;

import com.google.re2j.Pattern;
import dev.meshwright.model.StringMatch;
import dev.meshwright.model.routing.HttpMatch;

/**
 * The path that a match asks for.
 *
 * @param type how it is compared
 * @param value the path, its beginning by whole segments (without a slash at the end), or
 * an RE2 expression for the whole of it
 */
record PathMatch(Type type, String value) {

	/** How a path is compared, the most specific first. */
	enum Type {

		EXACT, PREFIX, REGEX

	}

	/** The path of a match; a gRPC call is a path, too. */
	static PathMatch of(HttpMatch match) {
		HttpMatch.Grpc grpc = match.grpc();
		if (grpc != null) {
			return (grpc.method() != null) ? new PathMatch(Type.EXACT, "/" + grpc.service() + "/" + grpc.method())
					: new PathMatch(Type.PREFIX, "/" + grpc.service());
		}
		StringMatch path = match.path();
		if (path == null) {
			return new PathMatch(Type.PREFIX, "/");
		}
		if (path.exact() != null) {
			return new PathMatch(Type.EXACT, path.exact());
		}
		return (path.prefix() != null) ? new PathMatch(Type.PREFIX, withoutLastSlash(path.prefix()))
				: new PathMatch(Type.REGEX, String.valueOf(path.regex()));
	}

	/**
	 * Whether some path may be taken by both. Of two expressions, or an expression and a
	 * prefix, it is assumed.
	 */
	boolean overlaps(PathMatch other) {
		return switch (this.type) {
			case EXACT -> other.takes(this.value);
			case PREFIX -> switch (other.type) {
				case EXACT -> takes(other.value);
				case PREFIX -> takes(other.value) || other.takes(this.value);
				case REGEX -> true;
			};
			case REGEX -> other.type != Type.EXACT || takes(other.value);
		};
	}

	private boolean takes(String path) {
		return switch (this.type) {
			case EXACT -> this.value.equals(path);
			case PREFIX -> this.value.equals("/") || path.equals(this.value) || path.startsWith(this.value + "/");
			case REGEX -> Pattern.matches(this.value, path);
		};
	}

	private static String withoutLastSlash(String prefix) {
		return (prefix.length() > 1 && prefix.endsWith("/")) ? prefix.substring(0, prefix.length() - 1) : prefix;
	}

}
