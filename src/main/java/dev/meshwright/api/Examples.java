package dev.meshwright.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

import dev.meshwright.document.Documents;
import dev.meshwright.document.Json;
import dev.meshwright.model.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The examples of the API's document, which the tests send as they are. */
final class Examples {

	private static final List<JsonNode> RESOURCES = read();

	private Examples() {
	}

	/**
	 * The example of a kind, as a whole envelope.
	 * @param inNamespace whether it is to live in a namespace; most kinds leave no choice
	 */
	static JsonNode of(Kind kind, boolean inNamespace) {
		return RESOURCES.stream()
			.filter((resource) -> kind.toString().equals(resource.get("kind").stringValue()))
			.filter((resource) -> resource.get("metadata").has("namespace") == inNamespace)
			.findFirst()
			.orElseThrow();
	}

	/**
	 * All examples as one change set, in an order in which they may also be put alone.
	 */
	static ObjectNode changeSet() {
		ObjectNode changeSet = Json.mapper().createObjectNode();
		changeSet.put("message", "Declare the shop");
		ArrayNode items = changeSet.putArray("items");
		RESOURCES.forEach((resource) -> items.addObject().put("op", "put").set("resource", resource));
		return changeSet;
	}

	/** What is declared in the examples' namespace, planned. */
	static ObjectNode plan() {
		ObjectNode plan = Json.mapper().createObjectNode();
		plan.putObject("scope").put("namespace", "shop");
		return plan;
	}

	private static List<JsonNode> read() {
		try (InputStream stream = Examples.class.getResourceAsStream("examples.yaml")) {
			return Documents.yaml(java.util.Objects.requireNonNull(stream).readAllBytes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
