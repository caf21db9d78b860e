package dev.meshwright.cluster;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.meshwright.model.ObjectKind;

/** Ready endpoints, as EndpointSlices tell them and as a sandbox makes them up. */
final class Endpoints {

	private Endpoints() {
	}

	/**
	 * The ready ones of a list of EndpointSlices. A condition that is not given counts as
	 * ready, as Kubernetes says.
	 */
	static int ready(Map<String, Object> slices) {
		int ready = 0;
		for (Object slice : items(slices.get("items"))) {
			for (Object endpoint : items(ObjectJson.map(slice).get("endpoints"))) {
				Object condition = ObjectJson.map(ObjectJson.map(endpoint).get("conditions")).get("ready");
				ready += Boolean.FALSE.equals(condition) ? 0 : 1;
			}
		}
		return ready;
	}

	/** As many as the replicas of the Deployments whose pods a Service selects. */
	static int ready(SandboxObject service, Iterable<SandboxObject> objects) {
		Map<?, ?> selector = ObjectJson.map(ObjectJson.map(service.body().get("spec")).get("selector"));
		int ready = 0;
		for (SandboxObject object : objects) {
			if (object.ref().kind() == ObjectKind.DEPLOYMENT
					&& object.ref().namespace().equals(service.ref().namespace()) && selects(selector, object)) {
				Object replicas = ObjectJson.map(object.body().get("status")).get("readyReplicas");
				ready += (replicas instanceof Number number) ? number.intValue() : 0;
			}
		}
		return ready;
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
