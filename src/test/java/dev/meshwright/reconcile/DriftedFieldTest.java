package dev.meshwright.reconcile;

import java.util.List;
import java.util.Map;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.document.Json;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DriftedFieldTest {

	private static final ObjectRef REF = new ObjectRef(ObjectKind.DEPLOYMENT, "shop", "webapp-v1");

	@Test
	void nothingDiffersAsLongAsWeOwnIt() {
		Map<String, Object> pushed = Map.of("spec", Map.of("replicas", 3));
		assertThat(between(pushed, """
				{"spec": {"replicas": 3}, "metadata": {"managedFields": [
				  {"manager": "meshwright", "operation": "Apply", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]}}"""))
			.isEmpty();
	}

	@Test
	void aFieldThatAnotherTookOverNamesHim() {
		Map<String, Object> pushed = Map.of("spec", Map.of("replicas", 3));
		assertThat(between(pushed, """
				{"spec": {"replicas": 5}, "metadata": {"managedFields": [
				  {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]}}"""))
			.containsExactly(new DriftedField(".spec.replicas", 3, 5, "kubectl-edit", null));
	}

	@Test
	void anItemOfAKeyedListIsNamedByItsKey() {
		Map<String, Object> pushed = Map.of("spec",
				Map.of("ports", List.of(Map.of("port", 80, "protocol", "TCP", "targetPort", 8080))));
		assertThat(between(pushed, """
				{"spec": {"ports": [{"port": 80, "protocol": "TCP", "targetPort": 9090}]},
				 "metadata": {"managedFields": [{"manager": "kubectl-edit", "operation": "Update", "fieldsV1":
				  {"f:spec": {"f:ports": {"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}": {"f:targetPort": {}}}}}}]}}"""))
			.containsExactly(new DriftedField(".spec.ports[port=80,protocol=\"TCP\"].targetPort", 8080, 9090,
					"kubectl-edit", null));
	}

	@Test
	void whatMayBeSecretIsMasked() {
		Map<String, Object> pushed = Map.of("env", List.of(Map.of("name", "DB_PASSWORD", "value", "one")), "args",
				List.of("--token=one"));
		assertThat(between(pushed, """
				{"env": [{"name": "DB_PASSWORD", "value": "two"}], "args": ["--token=two"],
				 "metadata": {"managedFields": [{"manager": "someone", "operation": "Update", "fieldsV1":
				  {"f:env": {"k:{\\"name\\":\\"DB_PASSWORD\\"}": {"f:value": {}}}, "f:args": {}}}]}}"""))
			.containsExactlyInAnyOrder(
					new DriftedField(".env[name=\"DB_PASSWORD\"].value", Masking.MASK, Masking.MASK, "someone", null),
					new DriftedField(".args", List.of("--token=***"), List.of("--token=***"), "someone", null));
	}

	@SuppressWarnings("unchecked")
	private static List<DriftedField> between(Map<String, Object> pushed, String live) {
		return DriftedField.between(pushed, new LiveObject(REF, "uid", "1", Json.mapper().readValue(live, Map.class)));
	}

}
