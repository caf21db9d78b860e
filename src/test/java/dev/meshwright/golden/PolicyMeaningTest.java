package dev.meshwright.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.meshwright.document.Documents;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every sentence on what a policy means has its proof, and the page that lists both is
 * made from the file that names them.
 */
class PolicyMeaningTest {

	private static final Path SENTENCES = Path.of("src", "test", "resources", "conformance", "policies.yaml");

	private static final Path PAGE = Path.of("docs", "policies.md");

	static Stream<Arguments> proofs() {
		return topics().stream()
			.flatMap((topic) -> topic.get("sentences").valueStream())
			.flatMap((sentence) -> sentence.get("proofs")
				.valueStream()
				.map((proof) -> Arguments.argumentSet(sentence.get("says").stringValue() + " " + name(proof), proof)));
	}

	private static List<JsonNode> topics() {
		try {
			return Documents.yaml(Files.readAllBytes(SENTENCES)).getFirst().valueStream().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String name(JsonNode proof) {
		return proof.has("golden") ? "golden/" + proof.get("golden").stringValue()
				: proof.get("test").stringValue().replaceFirst(".*\\.", "");
	}

	@ParameterizedTest
	@MethodSource("proofs")
	void isProven(JsonNode proof) throws ClassNotFoundException {
		if (proof.has("test")) {
			runs(proof.get("test").stringValue());
			return;
		}
		SortedMap<String, String> files = GoldenCase.all()
			.stream()
			.filter((each) -> each.toString().equals(proof.get("golden").stringValue()))
			.findFirst()
			.orElseThrow()
			.expected();
		finds(proof, files);
		Map<String, List<JsonNode>> objects = objects(files);
		proof.path("objects").properties().forEach((object) -> compare(object, objects));
		proof.path("only")
			.properties()
			.forEach((kind) -> assertThat(objects.keySet()).filteredOn((key) -> key.startsWith(kind.getKey() + " "))
				.containsExactlyInAnyOrderElementsOf(kind.getValue()
					.valueStream()
					.map((each) -> kind.getKey() + " " + each.stringValue())
					.toList()));
	}

	/** A test of this name is among those that run. */
	private static void runs(String test) throws ClassNotFoundException {
		String[] parts = test.split("#");
		assertThat(Arrays.stream(Class.forName(parts[0]).getDeclaredMethods())
			.filter((method) -> method.isAnnotationPresent(Test.class)
					|| method.isAnnotationPresent(ParameterizedTest.class)))
			.extracting(Method::getName)
			.contains(parts[1]);
	}

	private static void finds(JsonNode proof, SortedMap<String, String> files) {
		String found = files.getOrDefault("diagnostics.yaml", "");
		List<String> expected = proof.path("finds").valueStream().map(JsonNode::stringValue).toList();
		assertThat(found.lines().filter((line) -> line.startsWith("  code: ")).map((line) -> line.substring(8)))
			.containsAll(expected);
		if (proof.has("refused")) {
			assertThat(found).contains("severity: ERROR");
			assertThat(files).as("objects of what is refused").doesNotContainKey("istio.yaml");
		}
		else if (expected.isEmpty()) {
			assertThat(found).doesNotContain(proof.has("finds") ? "code:" : "severity: ERROR");
		}
	}

	/** On every cluster that has the object. */
	private static void compare(Map.Entry<String, JsonNode> expected, Map<String, List<JsonNode>> objects) {
		List<JsonNode> found = objects.getOrDefault(expected.getKey(), List.of());
		assertThat(found.isEmpty()).as("there is no " + expected.getKey()).isEqualTo(expected.getValue().isNull());
		found.forEach((object) -> expected.getValue()
			.properties()
			.forEach((field) -> assertThat(text(object.at(field.getKey()))).as(expected.getKey() + field.getKey())
				.isEqualTo(text(field.getValue()))));
	}

	private static @Nullable String text(JsonNode node) {
		return (node.isMissingNode() || node.isNull()) ? null : node.isValueNode() ? node.asString() : node.toString();
	}

	/** The objects of a case by kind, namespace and name, one for each cluster. */
	private static Map<String, List<JsonNode>> objects(SortedMap<String, String> files) {
		return files.entrySet()
			.stream()
			.filter((file) -> !file.getKey().equals("diagnostics.yaml"))
			.flatMap((file) -> Documents.yaml(file.getValue().getBytes(StandardCharsets.UTF_8)).stream())
			.collect(Collectors.groupingBy((object) -> object.at("/kind").asString() + " "
					+ object.at("/metadata/namespace").asString() + "/" + object.at("/metadata/name").asString()));
	}

	@Test
	void pageShowsEverySentence() throws IOException {
		List<String> lines = new ArrayList<>(List.of("# What the policies mean", "",
				"Each sentence holds on every provider that can express it, and has what proves it: a folder under",
				"`src/test/resources/golden`, whose input shows how it is declared, or a test.", ""));
		for (JsonNode topic : topics()) {
			lines.addAll(List.of("## " + topic.get("topic").stringValue(), "", "| meaning | proof |", "| --- | --- |"));
			topic.get("sentences")
				.valueStream()
				.forEach((sentence) -> lines.add("| " + sentence.get("says").stringValue() + " | "
						+ sentence.get("proofs")
							.valueStream()
							.map((proof) -> "`" + name(proof) + "`")
							.distinct()
							.collect(Collectors.joining(", "))
						+ " |"));
			lines.add("");
		}
		String expected = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
		if (Boolean.getBoolean("golden.update")) {
			Files.writeString(PAGE, expected);
		}
		assertThat(PAGE).as("run with -Dgolden.update=true to rewrite %s", PAGE).hasContent(expected);
	}

}
