package dev.meshwright.provider.kubernetes;

import java.util.List;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.document.Json;
import dev.meshwright.model.Manifest;
import tools.jackson.databind.JsonNode;

/** What the renderer made of a model, for looking into it. */
record Rendered(List<Manifest> manifests) {

	static Rendered of(ServiceModel service) {
		return new Rendered(new KubernetesRenderer().renderService(service));
	}

	List<String> refs() {
		return this.manifests.stream().map((manifest) -> manifest.ref().toString()).toList();
	}

	Manifest manifest(String ref) {
		return this.manifests.stream()
			.filter((manifest) -> manifest.ref().toString().equals(ref))
			.findFirst()
			.orElseThrow(() -> new AssertionError(ref + " is not among " + refs()));
	}

	/** The part of an object's body at a JSON pointer, as it would be sent. */
	JsonNode at(String ref, String pointer) {
		return json(manifest(ref)).at(pointer);
	}

	static JsonNode json(Manifest manifest) {
		return Json.mapper().readTree(Json.mapper().writeValueAsString(manifest.body()));
	}

}
