package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Version;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.KeyedList;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.service.ServiceSpec.Port;

/**
 * The Kubernetes Services: one for the service as a whole, and one for each version that
 * a gateway routes to by itself.
 */
final class ServiceObjects {

	/**
	 * A port that goes stays until nobody can be on his way to it any more, unless its
	 * name is needed for another number.
	 */
	private static final List<KeyedList> PORTS = List
		.of(new KeyedList("/spec/ports", List.of("port", "protocol"), List.of("name")));

	private final ServiceModel service;

	ServiceObjects(ServiceModel service) {
		this.service = service;
	}

	/**
	 * The Service of all versions. Its selector moves requests when versions that run
	 * elsewhere are handed over to managed ones, so it changes in phase switch and not
	 * before the first managed version can serve.
	 */
	Manifest whole() {
		ObjectRef ref = ref(this.service.ref().name());
		Map<String, Object> body = ObjectBody.of(ref, labels(), annotations())
			.with("spec", spec(wholeSelector(this.service)))
			.toMap();
		Set<ObjectRef> awaits = this.service.managedVersions()
			.stream()
			.filter(ServiceModel.Version::runs)
			.limit(1)
			.map((version) -> new ObjectRef(ObjectKind.DEPLOYMENT, ref.namespace(), name(version.name())))
			.collect(Collectors.toSet());
		return new Manifest(ref, body, Phase.SWITCH, PORTS, awaits);
	}

	/** The Service of one version. */
	Manifest version(Version version) {
		ObjectRef ref = ref(name(version.name()));
		Map<String, String> labels = Labels.ofVersion(this.service.ref().name(), version.name());
		return new Manifest(ref, ObjectBody.of(ref, labels, annotations()).with("spec", spec(version.labels())).toMap(),
				Phase.MAKE, PORTS, Set.of());
	}

	/**
	 * What the pods of all versions have in common: for managed versions their name,
	 * otherwise every label that all of them carry with the same value. Empty when they
	 * have nothing in common.
	 */
	static Map<String, String> wholeSelector(ServiceModel service) {
		if (service.managedVersions().size() == service.versions().size()) {
			return Map.of(Labels.NAME, service.ref().name());
		}
		SortedMap<String, String> common = new TreeMap<>(service.versions().getFirst().labels());
		service.versions().forEach((version) -> common.entrySet().retainAll(version.labels().entrySet()));
		return common;
	}

	private Tree spec(Map<String, String> selector) {
		return Tree.of("ports", Tree.list(this.service.ports().stream().map(this::port).toList()))
			.with("selector", selector);
	}

	private Tree port(Port port) {
		return Tree.of("name", port.name())
			.with("port", port.port())
			.with("targetPort", targetPort(port))
			.with("protocol", PodPorts.transport(port))
			.with("appProtocol", port.protocol().appProtocol());
	}

	/**
	 * A name is kept only where pods that we do not make may give it different numbers.
	 */
	private Object targetPort(Port port) {
		boolean managed = this.service.managedVersions().size() == this.service.versions().size();
		return (managed || port.targetPort() == null) ? PodPorts.number(port) : port.targetPort().value();
	}

	/**
	 * Requests of a gateway go round the waypoint unless the Service says otherwise, and
	 * round what is kept there.
	 */
	private Map<String, String> labels() {
		Map<String, String> labels = Labels.ofService(this.service.ref().name());
		if (this.service.namespace().injection() == Injection.AMBIENT && this.service.exposure().isPresent()
				&& this.service.security().authorizes()) {
			labels.put("istio.io/ingress-use-waypoint", "true");
		}
		return labels;
	}

	private Map<String, String> annotations() {
		if (this.service.cluster().mesh() != Mesh.ISTIO) {
			return Map.of();
		}
		String own = this.service.ref().namespace();
		String exportTo = this.service.visibleTo()
			.stream()
			.map((namespace) -> namespace.equals(own) ? "." : namespace)
			.sorted()
			.collect(Collectors.joining(","));
		return Map.of("networking.istio.io/exportTo", exportTo);
	}

	private ObjectRef ref(String name) {
		return new ObjectRef(ObjectKind.SERVICE, this.service.ref().namespace(), name);
	}

	private String name(String version) {
		return this.service.ref().name() + "-" + version;
	}

}
