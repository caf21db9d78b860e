package dev.meshwright.reconcile;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.KeyedList;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/** Manifests as renderers make them, reduced to what a push is about. */
final class Objects {

	private Objects() {
	}

	static ObjectRef ref(ObjectKind kind, String namespace, String name) {
		return new ObjectRef(kind, namespace, name);
	}

	static Manifest namespace(String name) {
		ObjectRef ref = ref(ObjectKind.NAMESPACE, "", name);
		return Manifest.make(ref, body(ref, Map.of()));
	}

	static Manifest account(String namespace, String name) {
		ObjectRef ref = ref(ObjectKind.SERVICE_ACCOUNT, namespace, name);
		return Manifest.make(ref, body(ref, Map.of()));
	}

	static Manifest service(String namespace, String name, int port) {
		ObjectRef ref = ref(ObjectKind.SERVICE, namespace, name);
		return Manifest.make(ref, body(ref, Map.of("spec", Map.of("selector", Map.of("app.kubernetes.io/name", name),
				"ports", List.of(Map.of("name", "http", "port", port, "protocol", "TCP", "targetPort", 8080))))));
	}

	/** A Deployment whose replicas may change hands. */
	static Manifest deployment(String namespace, String name, Map<String, Object> more) {
		ObjectRef ref = ref(ObjectKind.DEPLOYMENT, namespace, name);
		Map<String, Object> spec = new LinkedHashMap<>(more);
		spec.put("selector", Map.of("matchLabels", Map.of("app", "web")));
		spec.put("template", Map.of("metadata", Map.of("labels", Map.of("app", "web")), "spec",
				Map.of("containers", List.of(Map.of("name", "web", "image", "example.com/web:1")))));
		return new Manifest(ref, body(ref, Map.of("spec", spec)), Phase.MAKE, List.of(), Set.of(),
				Set.of(".spec.replicas"));
	}

	/** A DestinationRule whose subsets widen. */
	static Manifest subsets(String namespace, String name, String... versions) {
		ObjectRef ref = ref(ObjectKind.DESTINATION_RULE, namespace, name);
		List<Map<String, Object>> subsets = Arrays.stream(versions)
			.<Map<String, Object>>map((version) -> Map.of("name", version, "labels", Map.of("version", version)))
			.toList();
		return new Manifest(ref, body(ref, Map.of("spec", Map.of("host", name, "subsets", subsets))), Phase.MAKE,
				List.of(new KeyedList("/spec/subsets", "name")), Set.of());
	}

	/** A VirtualService that sends everything to one subset. */
	static Manifest route(String namespace, String name, String version, ObjectRef... awaits) {
		ObjectRef ref = ref(ObjectKind.VIRTUAL_SERVICE, namespace, name);
		return new Manifest(ref,
				body(ref,
						Map.of("spec",
								Map.of("hosts", List.of(name), "http", List.of(Map.of("name", "default", "route",
										List.of(Map.of("destination", Map.of("host", name, "subset", version)))))))),
				Phase.SWITCH, List.of(), Set.of(awaits));
	}

	static Map<String, Object> body(ObjectRef ref, Map<String, Object> content) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		metadata.put("name", ref.name());
		if (!ref.namespace().isEmpty()) {
			metadata.put("namespace", ref.namespace());
		}
		metadata.put("labels", Map.of(Stamps.MANAGED_BY, Stamps.MESHWRIGHT));
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("apiVersion", ref.kind().apiVersion());
		body.put("kind", ref.kind().kind());
		body.put("metadata", metadata);
		body.putAll(content);
		return body;
	}

}
