package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.compile.Placement;
import dev.meshwright.document.Json;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import tools.jackson.databind.JsonNode;

/**
 * Everything that is declared for a service, from its namespace, itself and the policies
 * that target it.
 *
 * @param kind always {@code EffectiveService}
 * @param namespace the service's namespace
 * @param name the service's name
 * @param revision the revision that this shows
 * @param clusters the clusters on which it is
 * @param fields each field with its value and where it comes from
 * @param diagnostics what the checks say that need no cluster
 */
record EffectiveView(String kind, String namespace, String name, long revision, List<String> clusters,
		List<Field> fields, List<Warning> diagnostics) {

	static EffectiveView of(ResourceId id, Placement placed, Snapshot snapshot) {
		List<Field> fields = new ArrayList<>();
		snapshot.find(ResourceId.namespace(id.namespace()))
			.ifPresent((namespace) -> add("namespace", namespace, fields));
		snapshot.find(id).ifPresent((service) -> add("service", service, fields));
		snapshot.index(Key.target(Kind.ROUTING_POLICY, id.namespace(), id.name()))
			.forEach((policy) -> add("routing", policy, fields));
		return new EffectiveView("EffectiveService", id.namespace(), id.name(), snapshot.revision(),
				List.copyOf(placed.clusters()), fields, placed.diagnostics().stream().map(Warning::of).toList());
	}

	private static void add(String part, Resource<?> resource, List<Field> fields) {
		JsonNode spec = Json.mapper().valueToTree(resource.spec());
		spec.properties()
			.forEach((entry) -> fields.add(new Field(part + "." + entry.getKey(), entry.getValue(),
					resource.id().toString(), "/spec/" + entry.getKey(), resource.metadata().generation())));
	}

	/**
	 * One field.
	 *
	 * @param field its name, after the part it belongs to: namespace, service or routing
	 * @param value its value
	 * @param from the resource that says so
	 * @param pointer where in that resource, a JSON pointer
	 * @param generation that resource's generation
	 */
	record Field(String field, JsonNode value, String from, String pointer, long generation) {
	}

}
