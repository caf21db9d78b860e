package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

import dev.meshwright.document.Json;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Locks the rows that a change set concerns and compares them with what it declares. */
class LockedRows {

	private static final String DECLARED = """
			unnest(:kinds::text[], :namespaces::text[], :names::text[], :specs::text[], :labels::text[],
				:annotations::text[]) as i(kind, namespace, name, spec, labels, annotations)""";

	private final JdbcClient jdbc;

	LockedRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * What is stored under the ids of the changes, locked in the order of their keys;
	 * where nothing is declared, what is being deleted. The database compares, because it
	 * alone knows what it makes of a JSON document.
	 */
	Map<ResourceId, Row> lock(List<Change> changes) {
		List<ResourceId> ids = changes.stream().map(Change::id).toList();
		Map<ResourceId, Row> rows = new TreeMap<>();
		this.jdbc
			.sql("select " + ResourceRow.DECLARED
					+ """
							, coalesce(r.spec = i.spec::jsonb, false) as same_spec,
								coalesce(r.labels = i.labels::jsonb and r.annotations = i.annotations::jsonb, false) as same_metadata
							from %s join resource r on r.kind = i.kind and r.namespace = i.namespace and r.name = i.name
							order by r.kind, r.namespace, r.name
							for update of r"""
						.formatted(Columns.few(DECLARED, "i", "kind")))
			.params(Columns.ids(ids))
			.param("specs", Columns.texts(changes, (change) -> json(change, Change.Put::specTree)))
			.param("labels", Columns.texts(changes, (change) -> json(change, Change.Put::labels)))
			.param("annotations", Columns.texts(changes, (change) -> json(change, Change.Put::annotations)))
			.query((ResultSet row, int number) -> row(row))
			.list()
			.stream()
			.flatMap(Optional::stream)
			.forEach((row) -> rows.put(row.row().id(), row));
		List<ResourceId> undeclared = ids.stream().filter((id) -> !rows.containsKey(id)).toList();
		if (!undeclared.isEmpty()) {
			// only now: a delete that we waited for has moved its row there
			terminating(undeclared).forEach((row) -> rows.put(row.id(), new Row(row, false, false)));
		}
		return rows;
	}

	private static Optional<Row> row(ResultSet row) throws SQLException {
		boolean sameSpec = row.getBoolean("same_spec");
		boolean sameMetadata = row.getBoolean("same_metadata");
		return ResourceRow.read(row).map((read) -> new Row(read, sameSpec, sameMetadata));
	}

	private List<ResourceRow> terminating(List<ResourceId> ids) {
		return this.jdbc
			.sql("select " + ResourceRow.TERMINATING + " from " + Columns.table()
					+ " join terminating t on t.kind = i.kind and t.namespace = i.namespace and t.name = i.name")
			.params(Columns.ids(ids))
			.query((ResultSet row, int number) -> ResourceRow.read(row))
			.list()
			.stream()
			.flatMap(Optional::stream)
			.toList();
	}

	private static @Nullable String json(Change change, Function<Change.Put, Object> part) {
		return switch (change) {
			case Change.Put put -> Json.mapper().writeValueAsString(part.apply(put));
			case Change.Delete _ -> null;
		};
	}

	/**
	 * What is stored.
	 *
	 * @param row the row; with a deletionTimestamp when it is not declared any more
	 * @param sameSpec whether the change declares the same spec
	 * @param sameMetadata whether the change declares the same labels and annotations
	 */
	record Row(ResourceRow row, boolean sameSpec, boolean sameMetadata) {

		boolean declared() {
			return this.row.metadata().deletionTimestamp() == null;
		}

	}

}
