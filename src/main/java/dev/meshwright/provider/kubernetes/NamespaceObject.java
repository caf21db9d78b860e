package dev.meshwright.provider.kubernetes;

import java.util.Map;

import dev.meshwright.compile.NamespaceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;

/**
 * The Namespace: only its labels are ours, so that one which exists already keeps the
 * rest. No Pod Security level is imposed, because other people's pods may live in it.
 */
final class NamespaceObject {

	private NamespaceObject() {
	}

	static Manifest of(NamespaceModel namespace) {
		Map<String, String> labels = Labels.ours();
		if (namespace.cluster().mesh() == Mesh.ISTIO) {
			enrol(namespace, labels);
		}
		ObjectRef ref = new ObjectRef(ObjectKind.NAMESPACE, "", namespace.name());
		return Manifest.make(ref, ObjectBody.of(ref, labels).toMap());
	}

	private static void enrol(NamespaceModel namespace, Map<String, String> labels) {
		switch (namespace.injection()) {
			// Istio ignores the revision where both labels are set.
			case SIDECAR -> namespace.revision()
				.ifPresentOrElse((revision) -> labels.put("istio.io/rev", revision),
						() -> labels.put("istio-injection", "enabled"));
			case AMBIENT -> {
				labels.put("istio.io/dataplane-mode", "ambient");
				namespace.waypoint().ifPresent((waypoint) -> labels.put("istio.io/use-waypoint", waypoint));
			}
			case NONE -> {
			}
		}
	}

}
