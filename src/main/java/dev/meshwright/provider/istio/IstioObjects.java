package dev.meshwright.provider.istio;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/** The frame that every object of a service shares: reference, apiVersion, metadata. */
final class IstioObjects {

	private IstioObjects() {
	}

	static ObjectRef ref(ObjectKind kind, ServiceModel service, String name) {
		return new ObjectRef(kind, service.ref().namespace(), name);
	}

	/** The Deployments of a service that become available. */
	static Set<ObjectRef> deployments(ServiceModel service) {
		Set<ObjectRef> deployments = new TreeSet<>();
		service.managedVersions()
			.stream()
			.filter(ServiceModel.Version::runs)
			.forEach((version) -> deployments
				.add(ref(ObjectKind.DEPLOYMENT, service, service.ref().name() + "-" + version.name())));
		return deployments;
	}

	/** The body around a spec. */
	static Map<String, Object> body(ObjectRef ref, ServiceModel service, Tree spec) {
		Map<String, Object> labels = new LinkedHashMap<>();
		labels.put("app.kubernetes.io/managed-by", "meshwright");
		labels.put("app.kubernetes.io/name", service.ref().name());
		return Tree.of("apiVersion", ref.kind().apiVersion())
			.with("kind", ref.kind().kind())
			.with("metadata", Tree.of("name", ref.name()).with("namespace", ref.namespace()).with("labels", labels))
			.with("spec", spec)
			.map();
	}

}
