package dev.meshwright.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.document.Documents;
import dev.meshwright.document.Envelope;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import org.springframework.http.HttpStatus;

/** Reads change sets, JSON or multi-document YAML, collecting every error. */
final class ChangeSets {

	private static final int MOST_ITEMS = 5000;

	private static final int MOST_MESSAGE = 1000;

	private final List<ShapeError> errors = new ArrayList<>();

	private final List<Writes.Item> items = new ArrayList<>();

	private final Set<ResourceId> named = new HashSet<>();

	private String message = "";

	private ChangeSets() {
	}

	/** {@code {message?, items: [{op: put|delete, resource}]}}. */
	static ChangeSet json(byte[] body) {
		ChangeSets reader = new ChangeSets();
		JsonNode tree = Documents.json(body);
		reader.fields(tree, Set.of("message", "items"), "");
		reader.message(tree.get("message"), "/message");
		@Nullable JsonNode items = tree.get("items");
		if (items == null || !items.isArray()) {
			reader.error("/items", "REQUIRED", "items is missing or not a list: it must be given");
			return reader.done();
		}
		for (int i = 0; i < Math.min(items.size(), MOST_ITEMS + 1); i++) {
			reader.item(items.get(i), "/items/" + i);
		}
		return reader.done();
	}

	/**
	 * Each document a put; one may be of {@code kind: ChangeSet}, with {@code message}
	 * and {@code delete}, a list of what names resources. Pointers then begin with the
	 * document's place in the stream, {@code /items/<i>/resource}.
	 */
	static ChangeSet yaml(byte[] body) {
		ChangeSets reader = new ChangeSets();
		List<JsonNode> documents = Documents.yaml(body);
		boolean changeSet = false;
		for (int i = 0; i < documents.size(); i++) {
			JsonNode document = documents.get(i);
			String prefix = "/items/" + i + "/resource";
			@Nullable JsonNode kind = document.get("kind");
			if (kind == null || !kind.isString() || !kind.stringValue().equals("ChangeSet")) {
				reader.put(document, prefix);
			}
			else if (changeSet) {
				reader.error(prefix + "/kind", "CONTRADICTION", "There are two ChangeSet documents; keep one");
			}
			else {
				changeSet = true;
				reader.changeSet(document, prefix);
			}
		}
		return reader.done();
	}

	private ChangeSet done() {
		if (this.items.isEmpty() && this.errors.isEmpty()) {
			error("", "REQUIRED", "The change set changes nothing; give at least one resource");
		}
		if (this.items.size() > MOST_ITEMS) {
			error("/items", "TOO_LARGE", "A change set has at most " + MOST_ITEMS + " items; send several");
		}
		if (!this.errors.isEmpty()) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, this.errors);
		}
		return new ChangeSet(this.message.isEmpty() ? "Change set" : this.message, this.items);
	}

	private void changeSet(JsonNode document, String prefix) {
		fields(document, Set.of("apiVersion", "kind", "message", "delete"), prefix);
		message(document.get("message"), prefix + "/message");
		@Nullable JsonNode deletes = document.get("delete");
		if (deletes != null && !deletes.isArray()) {
			error(prefix + "/delete", "WRONG_TYPE", "Expected a list of what names resources");
		}
		else if (deletes != null) {
			for (int i = 0; i < deletes.size(); i++) {
				delete(deletes.get(i), prefix + "/delete/" + i);
			}
		}
	}

	private void item(JsonNode item, String prefix) {
		fields(item, Set.of("op", "resource"), prefix);
		JsonNode resource = (item.get("resource") != null) ? item.get("resource")
				: JsonNodeFactory.instance.objectNode();
		@Nullable JsonNode op = item.get("op");
		switch ((op != null && op.isString()) ? op.stringValue() : "") {
			case "put" -> put(resource, prefix + "/resource");
			case "delete" -> delete(resource, prefix + "/resource");
			default -> error(prefix + "/op", "UNKNOWN_VALUE", "op must be put or delete");
		}
	}

	private void put(JsonNode document, String prefix) {
		Declarations.Reading reading = Declarations.named(document);
		reading.errors().forEach((error) -> error(prefix + error.pointer(), error.code(), error.message()));
		reading.declared().ifPresent((declared) -> add(declared.put(), prefix));
	}

	/** What is to be deleted is named by kind and metadata; a spec is passed over. */
	private void delete(JsonNode document, String prefix) {
		List<ShapeError> found = new ArrayList<>();
		Envelope.Reading reading = Envelope.read(document);
		reading.errors().stream().filter((error) -> !error.pointer().startsWith("/spec")).forEach(found::add);
		Optional<ResourceId> id = Declarations.id(reading.envelope(), found);
		found.forEach((error) -> error(prefix + error.pointer(), error.code(), error.message()));
		id.ifPresent((resource) -> add(new Change.Delete(resource, Preconditions.of(reading.envelope())), prefix));
	}

	private void add(Change change, String prefix) {
		if (!this.named.add(change.id())) {
			error(prefix, "DUPLICATE", change.id() + " is named twice; keep one");
		}
		this.items.add(new Writes.Item(change, prefix, HttpStatus.CONFLICT));
	}

	private void message(@Nullable JsonNode node, String pointer) {
		if (node == null || node.isNull()) {
			return;
		}
		if (!node.isString() || node.stringValue().length() > MOST_MESSAGE) {
			error(pointer, "WRONG_TYPE", "message must be a text of at most " + MOST_MESSAGE + " characters");
		}
		else {
			this.message = node.stringValue();
		}
	}

	private void fields(JsonNode node, Set<String> known, String prefix) {
		if (!node.isObject()) {
			error(prefix, "WRONG_TYPE", "Expected an object with " + String.join(", ", new java.util.TreeSet<>(known)));
		}
		node.propertyNames()
			.stream()
			.filter((name) -> !known.contains(name))
			.forEach((name) -> error(prefix + "/" + dev.meshwright.document.Pointers.escape(name), "UNKNOWN_FIELD",
					"There is no such field; known are " + String.join(", ", new java.util.TreeSet<>(known))));
	}

	private void error(String pointer, String code, String text) {
		this.errors.add(new ShapeError(pointer, code, text));
	}

	/**
	 * A change set.
	 *
	 * @param message why
	 * @param items what it does
	 */
	record ChangeSet(String message, List<Writes.Item> items) {
	}

}
