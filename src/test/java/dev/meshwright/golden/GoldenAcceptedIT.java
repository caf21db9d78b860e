package dev.meshwright.golden;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.document.Documents;
import dev.meshwright.document.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real API server with the real CRDs takes every golden object: no unknown field, no
 * wrong type, no broken rule of the schema.
 */
class GoldenAcceptedIT {

	@ParameterizedTest
	@MethodSource("dev.meshwright.golden.GoldenCase#all")
	void isAcceptedByARealApiServer(GoldenCase golden) {
		KubernetesClient client = RealApiServer.get().client();
		List<String> refusals = new ArrayList<>();
		for (JsonNode object : objects(golden)) {
			if (object.at("/kind").stringValue().equals("Namespace")) {
				ensure(client, object.at("/metadata/name").stringValue());
			}
			else {
				ensure(client, object.at("/metadata/namespace").stringValue());
			}
			apply(client, object, refusals);
		}
		assertThat(refusals).as("objects of %s that the API server refuses", golden).isEmpty();
	}

	private static List<JsonNode> objects(GoldenCase golden) {
		SortedMap<String, String> files = golden.expected();
		files.remove("diagnostics.yaml");
		return files.values()
			.stream()
			.flatMap((text) -> Documents.yaml(text.getBytes(StandardCharsets.UTF_8)).stream())
			.toList();
	}

	/**
	 * Dry, so that cases which declare the same names do not meet each other's objects.
	 */
	private static void apply(KubernetesClient client, JsonNode object, List<String> refusals) {
		String json = Json.mapper().writeValueAsString(object);
		try {
			client.resource(Serialization.unmarshal(json, GenericKubernetesResource.class))
				.dryRun(true)
				.fieldValidation(FieldValidateable.Validation.STRICT)
				.fieldManager("meshwright")
				.serverSideApply();
		}
		catch (KubernetesClientException ex) {
			refusals.add(object.at("/kind") + " " + object.at("/metadata/name") + ": " + ex.getMessage());
		}
	}

	private static void ensure(KubernetesClient client, String namespace) {
		if (client.namespaces().withName(namespace).get() == null) {
			client.resource(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
				.create();
		}
	}

}
