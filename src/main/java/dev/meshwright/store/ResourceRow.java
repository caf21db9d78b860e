package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

import dev.meshwright.document.Json;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A declaration as its row says it, whether or not this version can bind its spec.
 *
 * @param id which resource
 * @param metadata what the server knows of it
 * @param spec the spec, unbound
 */
record ResourceRow(ResourceId id, Metadata metadata, JsonNode spec) {

	/** What {@link #read} needs of {@code resource}, aliased {@code r}. */
	static final String DECLARED = """
			r.kind, r.namespace, r.name, r.uid, r.generation, r.revision, r.labels, r.annotations, r.spec,
			r.created_at, r.updated_by, null::timestamptz as deleted_at
			""";

	/** What {@link #read} needs of {@code terminating}, aliased {@code t}. */
	static final String TERMINATING = """
			t.kind, t.namespace, t.name, t.uid, t.generation, t.revision, t.labels, t.annotations, t.spec,
			t.created_at, t.updated_by, t.deleted_at
			""";

	/** Reads a row; empty when it is of a kind that this version does not know. */
	static Optional<ResourceRow> read(ResultSet row) throws SQLException {
		Optional<ResourceId> id = id(row);
		return id.isEmpty() ? Optional.empty() : Optional.of(new ResourceRow(id.get(),
				new Metadata(row.getObject("uid", UUID.class), row.getLong("generation"), row.getLong("revision"),
						labels(row.getString("labels")), labels(row.getString("annotations")),
						instant(row, "created_at"), nullableInstant(row, "deleted_at"), row.getString("updated_by")),
				document(row.getString("spec"))));
	}

	/** The id in columns kind, namespace and name; empty when the kind is not known. */
	static Optional<ResourceId> id(ResultSet row) throws SQLException {
		String namespace = row.getString("namespace");
		String name = row.getString("name");
		return Kind.named(row.getString("kind")).map((kind) -> new ResourceId(kind, namespace, name));
	}

	/**
	 * What a hand in the database made of a document may be nested too deep to be read:
	 * then it is a text, which is no spec, and concerns its own resource alone.
	 */
	private static JsonNode document(String json) {
		try {
			return Json.mapper().readTree(json);
		}
		catch (JacksonException ex) {
			return StringNode.valueOf(ex.getOriginalMessage());
		}
	}

	/**
	 * The spec as a tree.
	 * @throws IllegalStateException it is none
	 */
	ObjectNode specTree() {
		if (this.spec instanceof ObjectNode tree) {
			return tree;
		}
		throw new IllegalStateException("its spec is no object");
	}

	static ObjectNode object(String json) {
		return (ObjectNode) Json.mapper().readTree(json);
	}

	/** An image of the history, null when nothing was declared. */
	static @Nullable ObjectNode image(@Nullable String json) {
		return (json != null) ? object(json) : null;
	}

	static Instant instant(ResultSet row, String column) throws SQLException {
		return row.getObject(column, OffsetDateTime.class).toInstant();
	}

	private static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	private static Map<String, String> labels(String json) {
		return labels(document(json));
	}

	/** The texts of an object. */
	static Map<String, String> labels(JsonNode object) {
		Map<String, String> labels = new TreeMap<>();
		object.properties().forEach((label) -> labels.put(label.getKey(), label.getValue().asString()));
		return Collections.unmodifiableMap(labels);
	}

}
