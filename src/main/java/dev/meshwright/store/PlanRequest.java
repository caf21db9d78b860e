package dev.meshwright.store;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.document.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is to be planned, as jobs and plans keep it: a change set, or what is declared.
 *
 * @param message of a change set, why
 * @param changes the change set; empty when what is declared is planned
 * @param scope whose objects are planned, of what is declared; of a change set everything
 * that depends on it is
 */
public record PlanRequest(String message, List<Change> changes, Scope scope) {

	/**
	 * Some of what is declared.
	 *
	 * @param namespace only this namespace, or null for all
	 * @param service only this service of it, or null for all and the namespace itself
	 * @param cluster only on this cluster, or null for all
	 */
	public record Scope(@Nullable String namespace, @Nullable String service, @Nullable String cluster) {

		/** Everything. */
		public static final Scope ALL = new Scope(null, null, null);

	}

	public String json() {
		ObjectNode tree = Json.mapper().createObjectNode();
		tree.put("message", this.message);
		tree.set("scope", Json.mapper().valueToTree(this.scope));
		this.changes.forEach((change) -> ChangeDocument.write(tree.withArray("/items").addObject(), change));
		return tree.toString();
	}

	/** The request that {@link #json} wrote. */
	public static PlanRequest read(String json) {
		JsonNode tree = Json.mapper().readTree(json);
		List<Change> changes = new ArrayList<>();
		if (tree.has("items")) {
			tree.get("items").forEach((item) -> changes.add(ChangeDocument.read(item)));
		}
		return new PlanRequest(tree.get("message").asString(), changes,
				Json.mapper().treeToValue(tree.get("scope"), Scope.class));
	}

}
