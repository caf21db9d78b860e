package dev.meshwright;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.meshwright.model.ObjectKind;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator grants is what Meshwright uses: the chart's rights, and the table in
 * docs/security.md for kubeconfigs, name exactly the kinds of {@link ObjectKind}.
 */
class ChartTest {

	private static final List<String> VERBS = List.of("get", "list", "watch", "create", "patch", "delete");

	@Test
	void theClusterRoleNamesExactlyTheKindsThatAreEverPushed() throws IOException {
		JsonNode role = documents(Path.of("helm/meshwright/templates/rbac.yaml")).getFirst();
		assertThat(role.at("/kind").asString()).isEqualTo("ClusterRole");
		TreeMap<String, TreeSet<String>> granted = new TreeMap<>();
		List<JsonNode> rules = new ArrayList<>(role.get("rules").valueStream().toList());
		JsonNode read = rules.removeLast();
		assertThat(read.toString()).isEqualTo(
				"{\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices\"],\"verbs\":[\"list\"]}");
		for (JsonNode rule : rules) {
			assertThat(texts(rule.get("verbs"))).as(rule.toString()).isEqualTo(VERBS);
			assertThat(rule.get("apiGroups")).hasSize(1);
			granted.computeIfAbsent(rule.at("/apiGroups/0").asString(), (group) -> new TreeSet<>())
				.addAll(texts(rule.get("resources")));
		}
		assertThat(granted).isEqualTo(pushed());
	}

	@Test
	void besideThemItGrantsOneObjectByItsName() throws IOException {
		List<JsonNode> documents = documents(Path.of("helm/meshwright/templates/rbac.yaml"));
		List<JsonNode> roles = documents.stream().filter((each) -> each.at("/kind").asString().equals("Role")).toList();
		assertThat(documents).hasSize(4);
		assertThat(roles).hasSize(1);
		assertThat(roles.getFirst().get("rules")).hasSize(1);
		JsonNode rule = roles.getFirst().at("/rules/0");
		assertThat(texts(rule.get("resources"))).containsExactly("configmaps");
		assertThat(texts(rule.get("resourceNames"))).containsExactly("meshwright-installation");
		assertThat(texts(rule.get("verbs"))).containsExactly("get", "create", "patch");
		assertThat(Files.readString(Path.of("docs/security.md"))).contains("`meshwright-installation`",
				"get,\ncreate and patch");
	}

	@Test
	void theTableOfRightsSaysTheSame() throws IOException {
		TreeMap<String, TreeSet<String>> told = new TreeMap<>();
		Files.readAllLines(Path.of("docs/security.md"))
			.stream()
			.filter((line) -> line.matches("\\| [a-z.0-9()]+ \\| [a-z, ]+ \\| (get, .*|the same) \\|"))
			.map((line) -> line.split("\\|"))
			.forEach((cells) -> told.put(cells[1].strip().replace("(core)", ""),
					new TreeSet<>(List.of(cells[2].strip().split(", ")))));
		assertThat(told).isEqualTo(pushed());
		assertThat(Files.readString(Path.of("docs/security.md")))
			.contains("| discovery.k8s.io | endpointslices | list |");
	}

	@Test
	void whatRunsIsRestrictedAndAsTheImageIs() throws IOException {
		String chart = Files.readString(Path.of("helm/meshwright/templates/deployment.yaml"));
		assertThat(chart).contains("runAsNonRoot: true", "readOnlyRootFilesystem: true",
				"allowPrivilegeEscalation: false", "capabilities: {drop: [ALL]}", "type: RuntimeDefault");
		assertThat(Files.readString(Path.of("Dockerfile"))).contains("USER 10001:10001");
		assertThat(chart).contains("runAsUser: 10001");
	}

	@Test
	void valuesAndComposeFileAreYaml() throws IOException {
		assertThat(documents(Path.of("helm/meshwright/values.yaml"))).hasSize(1);
		assertThat(documents(Path.of("helm/meshwright/Chart.yaml"))).hasSize(1);
		JsonNode compose = documents(Path.of("docker-compose.yml")).getFirst();
		assertThat(compose.get("services").propertyNames()).contains("postgres", "meshwright", "k3s");
		assertThat(compose.at("/services/k3s/profiles/0").asString()).isEqualTo("k3s");
	}

	private static TreeMap<String, TreeSet<String>> pushed() {
		return Arrays.stream(ObjectKind.values())
			.collect(Collectors.groupingBy(ObjectKind::group, TreeMap::new,
					Collectors.mapping(ObjectKind::plural, Collectors.toCollection(TreeSet::new))));
	}

	private static List<String> texts(JsonNode list) {
		return list.valueStream().map(JsonNode::asString).toList();
	}

	/** Without the lines and values that only Helm understands. */
	private static List<JsonNode> documents(Path file) throws IOException {
		String yaml = Files.readAllLines(file)
			.stream()
			.filter((line) -> !line.strip().startsWith("{{"))
			.map((line) -> line.replaceAll("\\{\\{.*}}", "templated"))
			.collect(Collectors.joining("\n"));
		try (MappingIterator<JsonNode> documents = new YAMLMapper().readerFor(JsonNode.class).readValues(yaml)) {
			return documents.readAll();
		}
	}

}
