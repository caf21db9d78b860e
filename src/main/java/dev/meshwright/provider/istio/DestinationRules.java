package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.KeyedList;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/**
 * The one complete DestinationRule of each host of a service: its subsets and how it is
 * balanced, what its callers do when parts of it fail, and the TLS that they begin. A
 * subset whose labels change, because a version that ran elsewhere is now managed, awaits
 * what is managed.
 */
final class DestinationRules {

	private static final List<KeyedList> WIDENED = List.of(new KeyedList("/spec/subsets", "name"));

	private DestinationRules() {
	}

	/**
	 * Nothing when there is neither a version nor anything that holds for its callers.
	 */
	static List<Manifest> of(ServiceModel service) {
		List<Map<String, Object>> subsets = service.versions()
			.stream()
			.map((version) -> Tree.of("name", version.name()).with("labels", Values.sorted(version.labels())).map())
			.toList();
		List<Manifest> manifests = new ArrayList<>();
		List<String> hosts = Hosts.ofCallee(service);
		for (int index = 0; index < hosts.size(); index++) {
			String host = hosts.get(index);
			Tree policy = TrafficPolicies.of(service, host, false);
			if (!subsets.isEmpty() || !policy.isEmpty()) {
				Tree spec = Tree.of("host", host)
					.with("exportTo", Hosts.exportTo(service))
					.with("trafficPolicy", policy)
					.with("subsets", subsets);
				manifests.add(manifest(IstioRenderer.numbered(service.ref().name(), index), spec, service));
			}
			manifests.addAll(withCertificates(service, host, index));
		}
		return manifests;
	}

	/**
	 * A sidecar is given a Secret only by a rule that selects its pod, so each caller has
	 * its own; such a rule takes the place of the one for all.
	 */
	private static List<Manifest> withCertificates(ServiceModel service, String host, int index) {
		List<Manifest> manifests = new ArrayList<>();
		service.upstreamTls().ifPresent((tls) -> tls.callers().forEach((caller, labels) -> {
			String name = service.ref().name() + "." + caller + ((index == 0) ? "" : "." + (index + 1));
			Tree spec = Tree.of("host", host)
				.with("exportTo", List.of("."))
				.with("workloadSelector", Tree.of("matchLabels", labels))
				.with("trafficPolicy", TrafficPolicies.of(service, host, true));
			manifests.add(manifest(name, spec, service));
		}));
		return manifests;
	}

	private static Manifest manifest(String name, Tree spec, ServiceModel service) {
		ObjectRef ref = IstioObjects.ref(ObjectKind.DESTINATION_RULE, service, name);
		return new Manifest(ref, IstioObjects.body(ref, service, spec), Manifest.Phase.MAKE, WIDENED,
				IstioObjects.deployments(service));
	}

}
