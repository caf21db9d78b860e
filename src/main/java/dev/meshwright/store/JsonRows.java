package dev.meshwright.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.meshwright.document.Json;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import org.jspecify.annotations.Nullable;

/**
 * Rows handed to one statement as one parameter, for {@code jsonb_to_recordset}: a batch
 * then costs one round trip however many rows it has. Each begins with a unit.
 */
final class JsonRows {

	private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();

	/** The columns of {@link #object}. */
	static final String OBJECT = "object_kind text, object_namespace text, object_name text";

	/** A new row for a unit: columns cluster, namespace, service. */
	JsonRows unit(UnitId unit) {
		this.rows.add(new LinkedHashMap<>());
		return with("cluster", unit.cluster()).with("namespace", unit.namespace()).with("service", unit.service());
	}

	/** Adds the columns object_kind, object_namespace and object_name to the last row. */
	JsonRows object(ObjectRef ref) {
		return with("object_kind", ref.kind().toString()).with("object_namespace", ref.namespace())
			.with("object_name", ref.name());
	}

	/** A new row for an object: columns object_kind, object_namespace, object_name. */
	JsonRows ref(ObjectRef ref) {
		this.rows.add(new LinkedHashMap<>());
		return object(ref);
	}

	/** Adds a column to the last row. */
	JsonRows with(String column, @Nullable Object value) {
		this.rows.getLast().put(column, value);
		return this;
	}

	/**
	 * The rows as a table in the from clause of a statement whose parameter {@code rows}
	 * they are.
	 * @param alias what the statement calls the table
	 * @param columns with their types, beside cluster, namespace and service
	 */
	static String as(String alias, String... columns) {
		String table = "jsonb_to_recordset(cast(:rows as jsonb)) as " + alias
				+ "(cluster text, namespace text, service text" + more(columns) + ")";
		return Columns.few(table, alias, "cluster");
	}

	private static String more(String... columns) {
		return Arrays.stream(columns).map((some) -> ", " + some).collect(Collectors.joining());
	}

	/** The same of rows that begin with an object, not with a unit. */
	static String objects(String alias, String... columns) {
		return Columns.few("jsonb_to_recordset(cast(:rows as jsonb)) as " + alias + "(" + OBJECT + more(columns) + ")",
				alias, "object_kind");
	}

	boolean isEmpty() {
		return this.rows.isEmpty();
	}

	@Override
	public String toString() {
		return Json.mapper().writeValueAsString(this.rows);
	}

}
