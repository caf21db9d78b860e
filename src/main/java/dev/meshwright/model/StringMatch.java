package dev.meshwright.model;

import org.jspecify.annotations.Nullable;

/**
 * How a text is matched; exactly one of the three is given.
 *
 * @param exact the whole text, literally
 * @param prefix the beginning; of a path, by whole segments: {@code /v2} takes
 * {@code /v2} and {@code /v2/x}, not {@code /v2example}
 * @param regex an RE2 expression that matches the whole text, at most 1,024 characters
 */
public record StringMatch(@Nullable String exact, @Nullable String prefix, @Nullable String regex) {

	public static StringMatch exact(String text) {
		return new StringMatch(text, null, null);
	}

	public static StringMatch prefix(String text) {
		return new StringMatch(null, text, null);
	}

	public static StringMatch regex(String text) {
		return new StringMatch(null, null, text);
	}

}
