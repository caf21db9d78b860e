package dev.meshwright.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.meshwright.model.ObjectKind;

/**
 * The endpoints of one Service, gathered from its EndpointSlices: one pod stands in two
 * of them when it has addresses of two families, or while it is moved.
 */
final class Endpoints {

	private final Map<String, LiveEndpoint> found = new LinkedHashMap<>();

	/** Adds those of a list of EndpointSlices. */
	void add(Map<String, Object> slices) {
		for (Object slice : items(slices.get("items"))) {
			for (Object item : items(ObjectJson.map(slice).get("endpoints"))) {
				Map<?, ?> tree = ObjectJson.map(item);
				LiveEndpoint endpoint = endpoint(tree);
				String uid = ObjectJson.text(ObjectJson.map(tree.get("targetRef")).get("uid"));
				this.found.merge(uid.isEmpty() ? endpoint.addresses().toString() : uid, endpoint, LiveEndpoint::and);
			}
		}
	}

	List<LiveEndpoint> all() {
		return List.copyOf(this.found.values());
	}

	/** A condition that is not given counts as ready, as Kubernetes says. */
	private static LiveEndpoint endpoint(Map<?, ?> tree) {
		SortedSet<String> addresses = new TreeSet<>();
		items(tree.get("addresses")).forEach((address) -> addresses.add(ObjectJson.text(address)));
		Map<?, ?> conditions = ObjectJson.map(tree.get("conditions"));
		Map<?, ?> target = ObjectJson.map(tree.get("targetRef"));
		return new LiveEndpoint(addresses, !Boolean.FALSE.equals(conditions.get("ready")),
				Boolean.TRUE.equals(conditions.get("terminating")),
				"Pod".equals(target.get("kind")) ? ObjectJson.text(target.get("name")) : "",
				ObjectJson.text(tree.get("nodeName")), ObjectJson.text(tree.get("zone")));
	}

	/**
	 * As a sandbox makes them up: as many as the replicas of the Deployments whose pods a
	 * Service selects.
	 */
	static List<LiveEndpoint> of(SandboxObject service, Iterable<SandboxObject> objects) {
		Map<?, ?> selector = ObjectJson.map(ObjectJson.map(service.body().get("spec")).get("selector"));
		List<LiveEndpoint> made = new ArrayList<>();
		for (SandboxObject object : objects) {
			if (object.ref().kind() == ObjectKind.DEPLOYMENT
					&& object.ref().namespace().equals(service.ref().namespace()) && selects(selector, object)) {
				Object replicas = ObjectJson.map(object.body().get("status")).get("readyReplicas");
				int ready = (replicas instanceof Number number) ? number.intValue() : 0;
				for (int replica = 0; replica < ready; replica++) {
					made.add(new LiveEndpoint(new TreeSet<>(), true, false, object.ref().name() + "-sandbox-" + replica,
							"", ""));
				}
			}
		}
		return made;
	}

	private static boolean selects(Map<?, ?> selector, SandboxObject deployment) {
		Map<?, ?> template = ObjectJson.map(ObjectJson.map(deployment.body().get("spec")).get("template"));
		Map<?, ?> labels = ObjectJson.map(ObjectJson.map(template.get("metadata")).get("labels"));
		return !selector.isEmpty() && selector.entrySet()
			.stream()
			.allMatch((entry) -> Objects.equals(labels.get(entry.getKey()), entry.getValue()));
	}

	private static List<?> items(Object value) {
		return (value instanceof List<?> items) ? items : List.of();
	}

}
