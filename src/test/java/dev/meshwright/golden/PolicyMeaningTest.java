package dev.meshwright.golden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.meshwright.document.Documents;
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
			throw new java.io.UncheckedIOException(ex);
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
			String[] test = proof.get("test").stringValue().split("#");
			assertThat(
					Arrays.stream(Class.forName(test[0]).getDeclaredMethods())
						.filter((method) -> method.isAnnotationPresent(Test.class)
								|| method.isAnnotationPresent(ParameterizedTest.class)))
				.extracting("name")
				.contains(test[1]);
			return;
		}
		String name = proof.get("golden").stringValue();
		GoldenCase golden = GoldenCase.all()
			.stream()
			.filter((each) -> each.toString().equals(name))
			.findFirst()
			.orElseThrow();
		SortedMap<String, String> files = golden.expected();
		String found = files.getOrDefault("diagnostics.yaml", "");
		if (proof.has("finds")) {
			List<String> codes = found.lines()
				.filter((line) -> line.startsWith("  code: "))
				.map((line) -> line.substring(8))
				.distinct()
				.toList();
			List<String> expected = proof.get("finds").valueStream().map(JsonNode::stringValue).toList();
			assertThat(codes).containsAll(expected);
			assertThat(codes.isEmpty()).isEqualTo(expected.isEmpty());
		}
		else if (!proof.has("objects")) {
			assertThat(found).doesNotContain("severity: ERROR");
		}
		Map<String, JsonNode> objects = objects(files);
		proof.path("objects").properties().forEach((object) -> compare(object, objects));
		proof.path("only")
			.properties()
			.forEach((kind) -> assertThat(objects.keySet()).filteredOn((key) -> key.startsWith(kind.getKey() + " "))
				.containsExactlyInAnyOrderElementsOf(kind.getValue()
					.valueStream()
					.map((each) -> kind.getKey() + " " + each.stringValue())
					.toList()));
	}

	private static void compare(Map.Entry<String, JsonNode> expected, Map<String, JsonNode> objects) {
		JsonNode object = objects.get(expected.getKey());
		if (expected.getValue().isNull()) {
			assertThat(object).as(expected.getKey()).isNull();
			return;
		}
		assertThat(object).as(expected.getKey()).isNotNull();
		expected.getValue()
			.properties()
			.forEach((field) -> assertThat(
					object.at(field.getKey()).isMissingNode() ? null : object.at(field.getKey()).asString())
				.as(expected.getKey() + field.getKey())
				.isEqualTo(field.getValue().isNull() ? null : field.getValue().asString()));
	}

	private static Map<String, JsonNode> objects(SortedMap<String, String> files) {
		Map<String, JsonNode> objects = new TreeMap<>();
		files.entrySet()
			.stream()
			.filter((file) -> !file.getKey().equals("diagnostics.yaml"))
			.flatMap((file) -> Documents.yaml(file.getValue().getBytes(StandardCharsets.UTF_8)).stream())
			.forEach((object) -> objects.put(object.at("/kind").asString() + " "
					+ object.at("/metadata/namespace").asString() + "/" + object.at("/metadata/name").asString(),
					object));
		return objects;
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
