package dev.meshwright.store;

import java.util.Map;
import java.util.TreeMap;

import dev.meshwright.document.Json;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A change as a job or a plan keeps it. */
public final class ChangeDocument {

	private ChangeDocument() {
	}

	/** Adds the fields of a change to a tree. */
	public static ObjectNode write(ObjectNode tree, Change change) {
		tree.put("kind", change.id().kind().toString())
			.put("namespace", change.id().namespace())
			.put("name", change.id().name());
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
		return tree;
	}

	/** The change that {@link #write} wrote. */
	public static Change read(JsonNode tree) {
		ResourceId id = new ResourceId(Kind.named(tree.get("kind").asString()).orElseThrow(),
				tree.get("namespace").asString(), tree.get("name").asString());
		JsonNode said = tree.get("precondition");
		Change.Precondition precondition = new Change.Precondition(text(said.get("resourceVersion")),
				text(said.get("uid")), said.get("absent").booleanValue());
		return tree.has("orphan") ? new Change.Delete(id, precondition, tree.get("orphan").booleanValue())
				: new Change.Put(id, SpecBinder.stored(id.kind(), tree.get("spec")), (ObjectNode) tree.get("spec"),
						texts(tree.get("labels")), texts(tree.get("annotations")), precondition);
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
