package dev.meshwright.compile;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One named case for each way to go wrong: {@code compile/diagnostics.yaml} says what is
 * special about a sound set of declarations and which findings, all of them, it gives.
 */
class DiagnosticsTest {

	@SuppressWarnings("unchecked")
	private static final Map<String, Object> CASES = read();

	@SuppressWarnings("unchecked")
	private static Map<String, Object> read() {
		try (InputStream yaml = DiagnosticsTest.class.getResourceAsStream("/compile/diagnostics.yaml")) {
			return Declared.YAML.readValue(yaml, Map.class);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> cases() {
		return (List<Map<String, Object>>) CASES.get("cases");
	}

	@TestFactory
	List<DynamicTest> cases_find_what_they_should() {
		return cases().stream()
			.map((each) -> DynamicTest.dynamicTest((String) each.get("name"),
					() -> assertThat(found(each)).isEqualTo(expected(each))))
			.toList();
	}

	@Test
	void everyCodeHasACase() {
		Set<DiagnosticCode> missing = EnumSet.allOf(DiagnosticCode.class);
		cases().forEach((each) -> expected(each)
			.forEach((line) -> missing.remove(DiagnosticCode.valueOf(line.substring(0, line.indexOf(' '))))));
		assertThat(missing).as("codes that no case of compile/diagnostics.yaml produces").isEmpty();
	}

	@SuppressWarnings("unchecked")
	private static Set<String> expected(Map<String, Object> each) {
		return new TreeSet<>((List<String>) each.getOrDefault("expect", List.of()));
	}

	private static Set<String> found(Map<String, Object> each) {
		ClusterFacts facts = new ClusterFacts("uid", "v1.36.0", Set.of("v1/Namespace", "v1/Service"));
		Declared.Empty base = new Declared.Empty(each.containsKey("facts") ? Map.of("east", facts) : Map.of());
		Validated validated = new Validator(TestRenderers.compiler()).validate(base, resources(each), List.of(),
				(_) -> Set.of());
		Set<String> found = new TreeSet<>();
		validated.diagnostics().forEach((diagnostic) -> found.add(diagnostic.code() + " " + diagnostic.pointer()));
		assertThat(validated.diagnostics()).allSatisfy((diagnostic) -> {
			assertThat(diagnostic.message()).isNotBlank();
			assertThat(diagnostic.remedy()).isNotBlank().doesNotContain("%s");
		});
		return found;
	}

	@SuppressWarnings("unchecked")
	private static List<Resource<?>> resources(Map<String, Object> each) {
		List<Resource<?>> resources = new ArrayList<>();
		resources.add(merged(Kind.CLUSTER, "", "east", "cluster", each));
		resources.add(merged(Kind.NAMESPACE, "", "shop", "namespace", each));
		resources.add(merged(Kind.SERVICE, "shop", (String) each.getOrDefault("as", "webapp"), "service", each));
		Map.of("routing", Kind.ROUTING_POLICY, "failover", Kind.FAILOVER_POLICY, "security", Kind.SECURITY_POLICY)
			.forEach((field, kind) -> {
				if (each.containsKey(field)) {
					Map<String, Object> spec = new LinkedHashMap<>(
							Map.of("service", each.getOrDefault("as", "webapp")));
					spec.putAll((Map<String, Object>) each.get(field));
					resources.add(Declared.resource(Declared.document(kind, "shop", "webapp", spec)));
				}
			});
		((List<Map<String, Object>>) each.getOrDefault("others", List.of()))
			.forEach((other) -> resources.add(Declared.resource(other)));
		return resources;
	}

	@SuppressWarnings("unchecked")
	private static Resource<?> merged(Kind kind, String namespace, String name, String field,
			Map<String, Object> each) {
		Map<String, Object> spec = new LinkedHashMap<>((Map<String, Object>) CASES.get(field));
		spec.putAll((Map<String, Object>) each.getOrDefault(field, Map.of()));
		return Declared.resource(Declared.document(kind, namespace, name, spec));
	}

}
