package dev.meshwright.provider.kubernetes;

import java.util.Map;

import dev.meshwright.model.ObjectRef;

/** Writes what every object's body begins with. */
final class ObjectBody {

	private ObjectBody() {
	}

	/** A body with apiVersion, kind, name, namespace and labels. */
	static Tree of(ObjectRef ref, Map<String, String> labels) {
		return of(ref, labels, Map.of());
	}

	static Tree of(ObjectRef ref, Map<String, String> labels, Map<String, String> annotations) {
		Tree metadata = Tree.of("name", ref.name());
		if (ref.kind().namespaced()) {
			metadata.with("namespace", ref.namespace());
		}
		return Tree.of("apiVersion", ref.kind().apiVersion())
			.with("kind", ref.kind().kind())
			.with("metadata", metadata.with("labels", labels).with("annotations", annotations));
	}

}
