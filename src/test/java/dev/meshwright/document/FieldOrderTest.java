package dev.meshwright.document;

import dev.meshwright.model.Kind;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class FieldOrderTest {

	@Test
	void fieldsComeInTheOrderOfTheRecordAndNothingIsLost() {
		ObjectNode spec = (ObjectNode) Json.mapper().readTree("""
				{"unheardOf": {"b": 1, "a": 2},
				 "exposure": {"gateway": "public", "hosts": ["b.example.com", "a.example.com"]},
				 "versions": [{"selector": {"z": "1", "app": "x"}, "name": "v1"},
				              {"workload": {"replicas": 2, "image": "app:1"}, "name": "v2"}],
				 "ports": [{"protocol": "HTTP", "targetPort": "web", "port": 80, "name": "http"}]}""");

		ObjectNode arranged = FieldOrder.arrange(Kind.SERVICE, spec);

		assertThat(arranged).hasToString(Json.mapper().readTree("""
				{"ports": [{"name": "http", "port": 80, "targetPort": "web", "protocol": "HTTP"}],
				 "versions": [{"name": "v1", "selector": {"z": "1", "app": "x"}},
				              {"name": "v2", "workload": {"image": "app:1", "replicas": 2}}],
				 "exposure": {"hosts": ["b.example.com", "a.example.com"], "gateway": "public"},
				 "unheardOf": {"b": 1, "a": 2}}""").toString());
		assertThat(arranged).isEqualTo(spec);
	}

}
