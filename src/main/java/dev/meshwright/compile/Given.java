package dev.meshwright.compile;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** What was left out of a declaration, seen as empty or as its default. */
final class Given {

	private Given() {
	}

	static <T> List<T> list(@Nullable List<T> value) {
		return (value != null) ? value : List.of();
	}

	static <T> Map<String, T> map(@Nullable Map<String, T> value) {
		return (value != null) ? value : Map.of();
	}

	static <T> T or(@Nullable T value, T otherwise) {
		return (value != null) ? value : otherwise;
	}

	/** How many of the values are given. */
	static long count(@Nullable Object... values) {
		return Stream.of(values).filter(Objects::nonNull).count();
	}

}
