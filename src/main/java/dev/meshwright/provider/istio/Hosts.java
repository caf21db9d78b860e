package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.service.ServiceSpec;

/** Under which hosts a service is known, and to whom. */
final class Hosts {

	private Hosts() {
	}

	/**
	 * The hosts that callers inside the mesh use; several only for an external service.
	 */
	static List<String> ofCallee(ServiceModel service) {
		return service.external().map(ServiceSpec.External::hosts).orElse(List.of(service.host()));
	}

	/** The exposure, if it is at a gateway whose routes are Istio's own objects. */
	static Optional<Exposure> exposure(ServiceModel service) {
		return service.exposure().filter((exposure) -> exposure.gateway().api() == GatewayEntry.Api.ISTIO);
	}

	/**
	 * Who may see the routing of a service; the same for all of its objects, because a
	 * caller that sees only some of them would route to subsets that it does not know. An
	 * external service is seen by its own namespace and by its gateway only.
	 */
	static List<String> exportTo(ServiceModel service) {
		SortedSet<String> namespaces = new TreeSet<>();
		if (service.external().isEmpty()) {
			namespaces.addAll(service.visibleTo());
		}
		exposure(service).map((exposure) -> exposure.gateway().namespace()).ifPresent(namespaces::add);
		namespaces.remove(service.ref().namespace());
		return Stream.concat(Stream.of("."), namespaces.stream()).toList();
	}

	/**
	 * The names by which a TLS client inside the mesh may ask for a service. Istio
	 * refuses a server name that the VirtualService's hosts do not cover, and a foreign
	 * name among those hosts would take over the connections of whoever owns it; so it is
	 * these and no others.
	 */
	static List<String> serverNames(ServiceModel service) {
		List<String> names = new ArrayList<>(ofCallee(service));
		if (service.external().isEmpty()) {
			String shortName = service.ref().name() + "." + service.ref().namespace();
			names.add(shortName + ".svc");
			names.add(shortName);
		}
		service.exposure().ifPresent((exposure) -> names.addAll(exposure.hosts()));
		return names;
	}

	/** Whether a host, perhaps a wildcard, covers a name. */
	static boolean covers(String host, String name) {
		return host.equals(name) || (host.startsWith("*.") && name.endsWith(host.substring(1)));
	}

	static boolean covers(List<String> hosts, String name) {
		return hosts.stream().anyMatch((host) -> covers(host, name));
	}

}
