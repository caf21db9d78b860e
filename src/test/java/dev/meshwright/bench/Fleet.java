package dev.meshwright.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.meshwright.document.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The declarations that the benchmarks make, as change sets. */
final class Fleet {

	private final List<ObjectNode> resources = new ArrayList<>();

	private final List<ObjectNode> deleted = new ArrayList<>();

	Fleet namespace(String name, String cluster) {
		return add("Namespace", "", name, """
				{"owner": "bench", "placement": {"clusters": ["%s"]}}""".formatted(cluster));
	}

	/**
	 * A managed service with two versions and a weighted route: what most services are.
	 */
	Fleet managed(String namespace, String name) {
		return managed(namespace, name, List.of("v1", "v2"));
	}

	/** The same with these versions; the first gets most of the route. */
	Fleet managed(String namespace, String name, List<String> versions) {
		add("Service", namespace, name, """
				{"ports": [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "HTTP"}],
				 "versions": [%s]}""".formatted(versions.stream()
			.map("""
					{"name": "%1$s", "workload": {"image": "example.com/bench:%1$s", "replicas": 2}}"""::formatted)
			.collect(Collectors.joining(", "))));
		return add("RoutingPolicy", namespace, name, route(name, 100 - 10 * (versions.size() - 1), versions));
	}

	/** A service whose pods somebody else runs. */
	Fleet selected(String namespace, String name) {
		return add("Service", namespace, name, """
				{"ports": [{"name": "http", "port": 80, "protocol": "HTTP"}],
				 "versions": [{"name": "v1", "selector": {"app": "%s"}}]}""".formatted(name));
	}

	/** The route of a service that gives {@code v1} a weight and {@code v2} the rest. */
	Fleet routed(String namespace, String name, int weight) {
		return add("RoutingPolicy", namespace, name, route(name, weight));
	}

	/**
	 * The spec of a route that gives {@code v1} a weight and {@code v2} the rest of 100.
	 */
	static String route(String service, int weight) {
		return route(service, weight, List.of("v1", "v2"));
	}

	private static String route(String service, int weight, List<String> versions) {
		int rest = (100 - weight) / (versions.size() - 1);
		return """
				{"service": "%s", "rules": [{"name": "default", "timeout": "3s", "split": [%s]}]}""".formatted(service,
				versions.stream()
					.map((version) -> "{\"version\": \"%s\", \"weight\": %d}".formatted(version,
							version.equals(versions.getFirst()) ? weight : rest))
					.collect(Collectors.joining(", ")));
	}

	/** Deletes a resource. */
	Fleet delete(String kind, String namespace, String name) {
		ObjectNode resource = Json.mapper().createObjectNode().put("kind", kind);
		resource.putObject("metadata").put("namespace", namespace).put("name", name);
		this.deleted.add(resource);
		return this;
	}

	/** The body of a change set that does all of it. */
	String changeSet() {
		ObjectNode body = Json.mapper().createObjectNode().put("message", "bench");
		ArrayNode items = body.putArray("items");
		this.resources.forEach((resource) -> items.addObject().put("op", "put").set("resource", resource));
		this.deleted.forEach((resource) -> items.addObject().put("op", "delete").set("resource", resource));
		return body.toString();
	}

	private Fleet add(String kind, String namespace, String name, String spec) {
		ObjectNode resource = Json.mapper().createObjectNode().put("apiVersion", "meshwright.dev/v1").put("kind", kind);
		ObjectNode metadata = resource.putObject("metadata").put("name", name);
		if (!namespace.isEmpty()) {
			metadata.put("namespace", namespace);
		}
		resource.set("spec", Json.mapper().readTree(spec));
		this.resources.add(resource);
		return this;
	}

}
