package dev.meshwright.reconcile;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** What may be secret is seen neither in a change nor in a message. */
class MaskingTest {

	private static final String CANARY = "canary-5f2a";

	private static Map<String, Object> env(String name, String value) {
		return Map.of("spec", Map.of("containers",
				List.of(Map.of("name", "app", "env", List.of(Map.of("name", name, "value", value))))));
	}

	private static Map<String, Object> args(String... args) {
		return Map.of("spec", Map.of("containers", List.of(Map.of("name", "app", "args", List.of(args)))));
	}

	@TestFactory
	Stream<DynamicTest> secretsAreMaskedWhereverTheyStand() {
		return Stream.of(
				dynamicTest("env", () -> masked(env("DB_PASSWORD", CANARY), env("DB_PASSWORD", "other-value"))),
				dynamicTest("a new env", () -> masked(Map.of("spec", Map.of()), env("API_TOKEN", CANARY))),
				dynamicTest("an argument", () -> masked(args("--password=" + CANARY), args("--password=x"))),
				dynamicTest("the next argument", () -> masked(args("--token", CANARY), args("--token", "other"))),
				dynamicTest("more arguments", () -> masked(args("--token", CANARY), args("--token", "other", "-v"))),
				dynamicTest("an URL", () -> masked(env("DB", "postgres://app:" + CANARY + "@db/x"), env("DB", "none"))),
				dynamicTest("a header", () -> masked(header(CANARY), header("Basic x"))),
				dynamicTest("a header that is matched", () -> masked(match(CANARY), match("other"))),
				dynamicTest("an annotation", () -> masked(annotation(CANARY), annotation("other"))));
	}

	private static Map<String, Object> header(String value) {
		return Map.of("spec", Map.of("http",
				List.of(Map.of("headers", Map.of("request", Map.of("set", Map.of("authorization", value)))))));
	}

	private static Map<String, Object> match(String value) {
		return Map.of("spec", Map.of("http",
				List.of(Map.of("match", List.of(Map.of("headers", Map.of("x-api-key", Map.of("exact", value))))))));
	}

	private static Map<String, Object> annotation(String value) {
		return Map.of("metadata", Map.of("annotations", Map.of("example.com/client-secret", value)));
	}

	private static void masked(Map<String, Object> before, Map<String, Object> after) {
		List<FieldDiff.Change> changes = FieldDiff.between(before, after, List.of(before, after), Set.of());
		assertThat(changes).isNotEmpty();
		assertThat(changes.toString()).contains(CANARY);
		for (FieldDiff.Change change : changes) {
			assertThat(String.valueOf(Masking.masked(change.before(), change))).doesNotContain(CANARY);
			assertThat(String.valueOf(Masking.masked(change.after(), change))).doesNotContain(CANARY);
		}
		Map<String, Object> holder = before.toString().contains(CANARY) ? before : after;
		assertThat(Masking.message("Invalid value: \"" + CANARY + "\" is too long", holder)).contains(Masking.MASK)
			.doesNotContain(CANARY);
	}

	@Test
	void whatIsNoSecretIsShown() {
		Map<String, Object> before = Map.of("spec",
				Map.of("secretName", "web-tls", "env", List.of(Map.of("name", "LOG_LEVEL", "value", "info")), "args",
						List.of("--verbose", "--level=1"), "automountServiceAccountToken", false));
		Map<String, Object> after = Map.of("spec",
				Map.of("secretName", "web-tls-2", "env", List.of(Map.of("name", "LOG_LEVEL", "value", "debug")), "args",
						List.of("--verbose", "--level=2"), "automountServiceAccountToken", true));
		List<FieldDiff.Change> changes = FieldDiff.between(before, after, List.of(after), Set.of());
		assertThat(changes).hasSize(4).allSatisfy((change) -> {
			assertThat(Masking.masked(change.before(), change)).isEqualTo(change.before());
			assertThat(Masking.masked(change.after(), change)).isEqualTo(change.after());
		});
		assertThat(Masking.message("admission webhook \"x\" denied", before))
			.isEqualTo("admission webhook \"x\" denied");
	}

}
