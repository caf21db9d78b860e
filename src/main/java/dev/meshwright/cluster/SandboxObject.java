package dev.meshwright.cluster;

import java.util.Map;
import java.util.Set;

import dev.meshwright.model.ObjectRef;

/**
 * An object of a sandbox. Never changed: a new one takes its place.
 *
 * @param ref which object
 * @param body the whole object
 * @param owners the leaves that each field manager owns
 */
record SandboxObject(ObjectRef ref, Map<String, Object> body, Map<String, Set<FieldPath>> owners) {

	String uid() {
		return metadata("uid");
	}

	String resourceVersion() {
		return metadata("resourceVersion");
	}

	boolean ours() {
		return "meshwright".equals(ObjectJson.map(ObjectJson.map(this.body.get("metadata")).get("labels"))
			.get("app.kubernetes.io/managed-by"));
	}

	/** For a caller: a copy, so that nobody changes what is stored. */
	LiveObject live() {
		return ObjectJson.live(this.ref.kind(), ObjectJson.copy(this.body));
	}

	private String metadata(String field) {
		return ObjectJson.text(ObjectJson.map(this.body.get("metadata")).get(field));
	}

}
