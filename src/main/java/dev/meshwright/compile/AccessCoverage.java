package dev.meshwright.compile;

import java.util.List;
import java.util.Objects;

import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.AccessRule.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Whether every call that one access rule lets a caller make is let through by another.
 * Said only where it is certain; who the caller is has been looked at before.
 */
final class AccessCoverage {

	private static final Operation ANYTHING = new Operation(null, null, null, null);

	private AccessCoverage() {
	}

	static boolean covers(AccessRule wide, AccessRule narrow) {
		return tokens(wide, narrow) && (wide.when() == null || wide.when().equals(narrow.when()))
				&& (wide.to() == null || operations(narrow).stream()
					.allMatch((operation) -> wide.to().stream().anyMatch((other) -> covers(other, operation))));
	}

	private static boolean tokens(AccessRule wide, AccessRule narrow) {
		return Given.list(wide.from())
			.stream()
			.allMatch((source) -> source.claims() == null || Given.list(narrow.from())
				.stream()
				.anyMatch((other) -> Objects.equals(other.claims(), source.claims())));
	}

	private static List<Operation> operations(AccessRule rule) {
		return (rule.to() != null) ? rule.to() : List.of(ANYTHING);
	}

	private static boolean covers(Operation wide, Operation narrow) {
		return allow(wide.hosts(), narrow.hosts()) && allow(wide.methods(), narrow.methods())
				&& allow(wide.ports(), narrow.ports())
				&& (wide.paths() == null || (narrow.paths() != null && narrow.paths()
					.stream()
					.allMatch((path) -> wide.paths().stream().anyMatch((other) -> Coverage.covers(other, path)))));
	}

	private static boolean allow(@Nullable List<String> wide, @Nullable List<String> narrow) {
		return wide == null || (narrow != null && wide.containsAll(narrow));
	}

}
