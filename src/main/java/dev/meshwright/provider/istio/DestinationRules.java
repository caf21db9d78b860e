package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.KeyedList;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/**
 * The one complete DestinationRule of each host of a service: its subsets and how it is
 * balanced. A subset whose labels change, because a version that ran elsewhere is now
 * managed, awaits what is managed.
 */
final class DestinationRules {

	private static final List<KeyedList> WIDENED = List.of(new KeyedList("/spec/subsets", "name"));

	private DestinationRules() {
	}

	/** Nothing when there is neither a version nor a load balancing setting. */
	static List<Manifest> of(ServiceModel service) {
		Tree policy = trafficPolicy(service);
		List<Map<String, Object>> subsets = service.versions()
			.stream()
			.map((version) -> Tree.of("name", version.name()).with("labels", Values.sorted(version.labels())).map())
			.toList();
		List<Manifest> manifests = new ArrayList<>();
		if (subsets.isEmpty() && policy.isEmpty()) {
			return manifests;
		}
		for (String host : Hosts.ofCallee(service)) {
			String name = IstioRenderer.numbered(service.ref().name(), manifests.size());
			ObjectRef ref = IstioObjects.ref(ObjectKind.DESTINATION_RULE, service, name);
			Tree spec = Tree.of("host", host)
				.with("exportTo", Hosts.exportTo(service))
				.with("trafficPolicy", policy)
				.with("subsets", subsets);
			manifests.add(new Manifest(ref, IstioObjects.body(ref, service, spec), Manifest.Phase.MAKE, WIDENED,
					IstioObjects.deployments(service)));
		}
		return manifests;
	}

	/**
	 * A port's settings replace those of the destination as a whole in Istio, which is
	 * what a port's load balancing means here, too.
	 */
	private static Tree trafficPolicy(ServiceModel service) {
		ServiceModel.Routing routing = service.routing();
		boolean old = MeshVersion.WARMUP.isNewerThanThatOf(service.cluster());
		List<Map<String, Object>> ports = new ArrayList<>();
		new TreeMap<>(routing.portLoadBalancing()).forEach((number, loadBalancing) -> {
			Tree balancer = LoadBalancers.of(loadBalancing, old);
			if (!balancer.isEmpty()) {
				ports.add(Tree.of("port", Tree.of("number", number)).with("loadBalancer", balancer).map());
			}
		});
		return Tree
			.of("loadBalancer",
					routing.loadBalancing().map((balancing) -> LoadBalancers.of(balancing, old)).orElse(null))
			.with("portLevelSettings", ports);
	}

}
