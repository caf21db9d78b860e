package dev.meshwright.provider.istio;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.ServiceSpec.External;
import dev.meshwright.model.service.ServiceSpec.External.Endpoint;
import dev.meshwright.model.service.ServiceSpec.External.Location;
import dev.meshwright.model.service.ServiceSpec.External.Resolution;

/** The ServiceEntry of a service that stands for hosts outside the mesh. */
final class ServiceEntries {

	private ServiceEntries() {
	}

	static Optional<Manifest> of(ServiceModel service) {
		return service.external().map((external) -> {
			ObjectRef ref = IstioObjects.ref(ObjectKind.SERVICE_ENTRY, service, service.ref().name());
			return Manifest.make(ref, IstioObjects.body(ref, service, spec(service, external)));
		});
	}

	private static Tree spec(ServiceModel service, External external) {
		Resolution resolution = (external.resolution() == null) ? Resolution.DNS : external.resolution();
		Location location = (external.location() == null) ? Location.MESH_EXTERNAL : external.location();
		return Tree.of("hosts", external.hosts())
			.with("exportTo", Hosts.exportTo(service))
			.with("addresses", external.addresses())
			.with("ports", service.ports().stream().map(ServiceEntries::port).toList())
			.with("location", location.name())
			.with("resolution", resolution.name())
			.with("endpoints", endpoints(external))
			.with("subjectAltNames", external.subjectAltNames());
	}

	private static Map<String, Object> port(ServiceSpec.Port port) {
		Object target = (port.targetPort() == null) ? null : port.targetPort().value();
		boolean differs = target instanceof Integer number && number != port.port();
		return Tree.of("number", port.port())
			.with("name", port.name())
			.with("protocol", port.protocol().name())
			.with("targetPort", differs ? target : null)
			.map();
	}

	private static List<Map<String, Object>> endpoints(External external) {
		List<Endpoint> declared = (external.endpoints() == null) ? List.of() : external.endpoints();
		return declared.stream()
			.map((endpoint) -> Tree.of("address", endpoint.address())
				.with("ports", (endpoint.ports() == null) ? null : new TreeMap<>(endpoint.ports()))
				.with("labels", Values.sorted(endpoint.labels()))
				.with("network", endpoint.network())
				.with("locality", endpoint.locality())
				.with("weight", endpoint.weight())
				.map())
			.toList();
	}

}
