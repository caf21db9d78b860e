package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.document.Json;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.ChangeDocument;
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
		ChangeDocument.write(tree, item.change())
			.put("prefix", item.prefix())
			.put("preconditionFailure", item.preconditionFailure().value());
	}

	private static Writes.Item item(JsonNode tree) {
		@Nullable JsonNode prefix = tree.get("prefix");
		return new Writes.Item(ChangeDocument.read(tree),
				(prefix == null || prefix.isNull()) ? null : prefix.asString(),
				HttpStatus.valueOf(tree.get("preconditionFailure").intValue()));
	}

}
