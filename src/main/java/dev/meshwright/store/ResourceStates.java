package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What resources were at an earlier revision, from the images of {@code resource_change}:
 * one index lookup each, however long the history is. Beside what a row of
 * {@code resource} has, the author and time come from the revision that stored the image,
 * and the creation from the one that began the incarnation.
 */
class ResourceStates {

	/**
	 * The last change of the resources {@code i(kind, namespace, name)} up to
	 * {@code :revision}, of those that were declared then.
	 */
	static final String AS_OF = """
			 cross join lateral (select c.revision, c.after from resource_change c where c.kind = i.kind
				and c.namespace = i.namespace and c.name = i.name and c.revision <= :revision
				order by c.revision desc limit 1) c
			cross join lateral (select b.revision from resource_change b where b.kind = i.kind
				and b.namespace = i.namespace and b.name = i.name and b.revision <= c.revision and b.before is null
				order by b.revision desc limit 1) b
			join revision written on written.revision = c.revision
			join revision born on born.revision = b.revision
			""";

	/** What {@link #read} needs of {@link #AS_OF}. */
	static final String COLUMNS = """
			i.kind, i.namespace, i.name, c.revision, c.after, written.author, born.created_at
			""";

	private final JdbcClient jdbc;

	ResourceStates(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** The resources among these that were declared at a revision. */
	List<StoredResource> at(long revision, Collection<ResourceId> ids) {
		return this.jdbc.sql("select " + COLUMNS + " from " + Columns.table() + AS_OF + " where c.after is not null")
			.param("revision", revision)
			.params(Columns.ids(ids))
			.query((ResultSet row, int number) -> read(row))
			.list()
			.stream()
			.flatMap(Optional::stream)
			.map((row) -> bind(row, revision))
			.toList();
	}

	/** Reads a row; empty when it is of a kind that this version does not know. */
	static Optional<ResourceRow> read(ResultSet row) throws SQLException {
		Optional<ResourceId> id = ResourceRow.id(row);
		if (id.isEmpty()) {
			return Optional.empty();
		}
		ObjectNode image = ResourceRow.object(row.getString("after"));
		JsonNode metadata = image.get("metadata");
		return Optional.of(new ResourceRow(id.get(),
				new Metadata(UUID.fromString(metadata.get("uid").stringValue()), metadata.get("generation").longValue(),
						row.getLong("revision"), ResourceRow.labels(metadata.get("labels")),
						ResourceRow.labels(metadata.get("annotations")), ResourceRow.instant(row, "created_at"), null,
						row.getString("author")),
				(ObjectNode) image.get("spec")));
	}

	/**
	 * Binds what was declared at a revision.
	 * @throws StoreFailure.Unreadable when the model has moved on: the past cannot be
	 * declared anew, so it must not look as if nothing had been there
	 */
	static StoredResource bind(ResourceRow row, long revision) {
		try {
			return new StoredResource(
					new Resource<>(row.id(), row.metadata(), SpecBinder.stored(row.id().kind(), row.specTree())),
					row.specTree());
		}
		catch (RuntimeException _) {
			throw new StoreFailure.Unreadable(row.id(), revision);
		}
	}

}
