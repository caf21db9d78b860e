package dev.meshwright.document;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.model.Kind;
import dev.meshwright.model.Nearest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads one envelope and collects everything that is wrong with it. */
final class EnvelopeReader {

	private static final List<String> FIELDS = List.of("apiVersion", "kind", "metadata", "spec", "status");

	private static final List<String> METADATA = List.of("namespace", "name", "uid", "resourceVersion", "labels",
			"annotations", "generation", "revision", "creationTimestamp", "deletionTimestamp", "updatedBy");

	private final List<ShapeError> errors = new ArrayList<>();

	private final ScalarBinding scalars = new ScalarBinding(this.errors);

	Envelope.Reading read(JsonNode document) {
		if (!document.isObject()) {
			this.scalars.wrongType("an object with a spec", document, "");
		}
		unknown(document, FIELDS, "");
		text(document, "apiVersion", "").filter((version) -> !version.equals(Envelope.API_VERSION))
			.ifPresent((version) -> error("/apiVersion", "UNKNOWN_VALUE",
					Pointers.shown(version) + " is not known; write " + Envelope.API_VERSION + " or leave it out"));
		JsonNode metadata = object(document, "metadata");
		unknown(metadata, METADATA, "/metadata");
		Labels labels = new Labels(this.errors);
		Envelope envelope = new Envelope(kind(document), text(metadata, "namespace", "/metadata"),
				text(metadata, "name", "/metadata"), text(metadata, "resourceVersion", "/metadata"),
				text(metadata, "uid", "/metadata"), labels.labels(map(metadata, "labels")),
				labels.annotations(map(metadata, "annotations")), spec(document));
		return new Envelope.Reading(envelope, List.copyOf(this.errors));
	}

	private Optional<Kind> kind(JsonNode document) {
		Optional<String> text = text(document, "kind", "");
		Optional<Kind> kind = text.flatMap(Kind::named);
		if (text.isPresent() && kind.isEmpty()) {
			List<String> known = Arrays.stream(Kind.values()).map(Kind::toString).toList();
			error("/kind", "UNKNOWN_KIND",
					"There is no kind " + Pointers.shown(text.get()) + "; known are " + String.join(", ", known));
		}
		return kind;
	}

	private ObjectNode spec(JsonNode document) {
		@Nullable JsonNode spec = document.get("spec");
		if (spec instanceof ObjectNode object) {
			return Documents.withoutNulls(object);
		}
		if (spec == null || spec.isNull()) {
			error("/spec", "REQUIRED", "spec is missing: it says what is declared");
		}
		else {
			this.scalars.wrongType("an object", spec, "/spec");
		}
		return JsonNodeFactory.instance.objectNode();
	}

	private JsonNode object(JsonNode parent, String field) {
		@Nullable JsonNode child = parent.get(field);
		if (child != null && !child.isNull() && !child.isObject()) {
			this.scalars.wrongType("an object", child, "/" + field);
		}
		return (child != null && child.isObject()) ? child : JsonNodeFactory.instance.objectNode();
	}

	private Optional<String> text(JsonNode parent, String field, String pointer) {
		@Nullable JsonNode child = parent.get(field);
		if (child == null || child.isNull()) {
			return Optional.empty();
		}
		return Optional.ofNullable((String) this.scalars.bind(String.class, child, pointer + "/" + field));
	}

	private Map<String, String> map(JsonNode metadata, String field) {
		@Nullable JsonNode child = metadata.get(field);
		if (child == null || child.isNull()) {
			return Map.of();
		}
		if (!child.isObject()) {
			this.scalars.wrongType("a map of texts", child, "/metadata/" + field);
			return Map.of();
		}
		Map<String, String> entries = new java.util.TreeMap<>();
		child.properties().forEach((entry) -> {
			String at = "/metadata/" + field + "/" + Pointers.escape(entry.getKey());
			if (this.scalars.bind(String.class, entry.getValue(), at) instanceof String value) {
				entries.put(entry.getKey(), value);
			}
		});
		return entries;
	}

	private void unknown(JsonNode node, List<String> known, String pointer) {
		node.propertyNames()
			.stream()
			.filter((name) -> !known.contains(name))
			.forEach((name) -> error(pointer + "/" + Pointers.escape(name), "UNKNOWN_FIELD",
					"There is no field " + Pointers.shown(name) + "; " + Nearest.advice(name, known)));
	}

	private void error(String pointer, String code, String message) {
		this.errors.add(new ShapeError(pointer, code, message));
	}

}
