package dev.meshwright.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/** Small objects that a real API server accepts. */
final class TestObjects {

	private TestObjects() {
	}

	static ObjectRef ref(ObjectKind kind, String namespace, String name) {
		return new ObjectRef(kind, namespace, name);
	}

	/** An object of ours with this content beside apiVersion, kind and metadata. */
	static Map<String, Object> body(ObjectRef ref, Map<String, Object> annotations, Map<String, Object> content) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		metadata.put("name", ref.name());
		if (!ref.namespace().isEmpty()) {
			metadata.put("namespace", ref.namespace());
		}
		metadata.put("labels", Map.of("app.kubernetes.io/managed-by", "meshwright"));
		if (!annotations.isEmpty()) {
			metadata.put("annotations", annotations);
		}
		return bare(ref, metadata, content);
	}

	/** What somebody else applies: only the content, no label of ours. */
	static Map<String, Object> partial(ObjectRef ref, Map<String, Object> content) {
		return bare(ref, Map.of("name", ref.name(), "namespace", ref.namespace()), content);
	}

	private static Map<String, Object> bare(ObjectRef ref, Map<String, Object> metadata, Map<String, Object> content) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("apiVersion", ref.kind().apiVersion());
		body.put("kind", ref.kind().kind());
		body.put("metadata", metadata);
		body.putAll(content);
		return body;
	}

	static Map<String, Object> deployment(int replicas) {
		return Map.of("spec",
				Map.of("replicas", replicas, "selector", Map.of("matchLabels", Map.of("app", "web")), "template",
						Map.of("metadata", Map.of("labels", Map.of("app", "web")), "spec",
								Map.of("containers", List.of(Map.of("name", "app", "image", "example.com/web:1"))))));
	}

	static Map<String, Object> virtualService(String host) {
		return Map.of("spec", Map.of("hosts", List.of(host), "http",
				List.of(Map.of("route", List.of(Map.of("destination", Map.of("host", host)))))));
	}

}
