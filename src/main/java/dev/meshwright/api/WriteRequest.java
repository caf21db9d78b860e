package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.meshwright.document.Json;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.Change;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpStatus;

/**
 * A change set as a job keeps it.
 *
 * @param message why
 * @param origin the request that it came with
 * @param items what it does
 */
record WriteRequest(String message, AuditLog.Origin origin, List<Writes.Item> items) {

	String json() {
		ObjectNode tree = Json.mapper().createObjectNode();
		tree.put("message", this.message);
		tree.put("action", this.origin.action());
		tree.put("remoteAddress", this.origin.remoteAddress());
		this.items.forEach((item) -> item(tree.withArray("/items").addObject(), item));
		return tree.toString();
	}

	static WriteRequest read(String json) {
		JsonNode tree = Json.mapper().readTree(json);
		List<Writes.Item> items = new ArrayList<>();
		tree.get("items").forEach((item) -> items.add(item(item)));
		return new WriteRequest(tree.get("message").asString(),
				new AuditLog.Origin(tree.get("action").asString(), tree.get("remoteAddress").asString()), items);
	}

	private static void item(ObjectNode tree, Writes.Item item) {
		Change change = item.change();
		tree.put("kind", change.id().kind().toString())
			.put("namespace", change.id().namespace())
			.put("name", change.id().name())
			.put("prefix", item.prefix())
			.put("preconditionFailure", item.preconditionFailure().value());
		tree.putObject("precondition")
			.put("resourceVersion", change.precondition().resourceVersion())
			.put("uid", change.precondition().uid())
			.put("absent", change.precondition().absent());
		switch (change) {
			case Change.Put put -> {
				tree.set("spec", put.specTree());
				tree.set("labels", Json.mapper().valueToTree(put.labels()));
				tree.set("annotations", Json.mapper().valueToTree(put.annotations()));
			}
			case Change.Delete delete -> tree.put("orphan", delete.orphan());
		}
	}

	private static Writes.Item item(JsonNode tree) {
		ResourceId id = new ResourceId(Kind.named(tree.get("kind").asString()).orElseThrow(),
				tree.get("namespace").asString(), tree.get("name").asString());
		JsonNode said = tree.get("precondition");
		Change.Precondition precondition = new Change.Precondition(text(said.get("resourceVersion")),
				text(said.get("uid")), said.get("absent").booleanValue());
		Change change = tree.has("orphan") ? new Change.Delete(id, precondition, tree.get("orphan").booleanValue())
				: new Change.Put(id, SpecBinder.stored(id.kind(), tree.get("spec")), (ObjectNode) tree.get("spec"),
						texts(tree.get("labels")), texts(tree.get("annotations")), precondition);
		return new Writes.Item(change, text(tree.get("prefix")),
				HttpStatus.valueOf(tree.get("preconditionFailure").intValue()));
	}

	private static @Nullable String text(@Nullable JsonNode node) {
		return (node == null || node.isNull()) ? null : node.asString();
	}

	private static Map<String, String> texts(JsonNode node) {
		Map<String, String> texts = new TreeMap<>();
		node.properties().forEach((entry) -> texts.put(entry.getKey(), entry.getValue().asString()));
		return texts;
	}

}
