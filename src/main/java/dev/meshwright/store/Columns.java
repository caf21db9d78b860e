package dev.meshwright.store;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * Turns many rows into one parameter a column, for statements that {@code unnest} them:
 * one round trip, however many rows.
 */
final class Columns {

	/** What a caller may see; parameters are those of {@link #scope}. */
	static final String READABLE = "(:everywhere or namespace = '' or namespace = any(:readable::text[]))";

	private Columns() {
	}

	static <T> @Nullable String[] texts(Collection<T> rows, Function<T, @Nullable String> column) {
		return rows.stream().map(column).toArray(String[]::new);
	}

	static <T> Long[] numbers(Collection<T> rows, Function<T, Long> column) {
		return rows.stream().map(column).toArray(Long[]::new);
	}

	/**
	 * A function in a from clause that gives few rows. A planner takes it to give ten or
	 * a hundred, and would rather read a whole table than look that many rows up in it,
	 * when mostly there is one. The condition holds for every row, but a planner takes it
	 * to hold for next to none, and begins with these.
	 * @param function the function with its alias and columns
	 * @param alias the alias
	 * @param column a text column of it that is never null
	 */
	static String few(String function, String alias, String column) {
		return "(select * from " + function + " where " + alias + "." + column + " || '' = " + alias + "." + column
				+ ") as " + alias + "\n";
	}

	/** The rows of {@link #ids}: {@code i(kind, namespace, name)}. */
	static String table() {
		return few("unnest(:kinds::text[], :namespaces::text[], :names::text[]) as i(kind, namespace, name)", "i",
				"kind");
	}

	/** The texts of a parameter: {@code k(key)}. */
	static String keys(String parameter) {
		return few("unnest(:" + parameter + "::text[]) as k(key)", "k", "key");
	}

	/** Parameters {@code kinds}, {@code namespaces} and {@code names}. */
	static Map<String, Object> ids(Collection<ResourceId> ids) {
		Map<String, Object> parameters = new LinkedHashMap<>();
		parameters.put("kinds", texts(ids, (id) -> id.kind().toString()));
		parameters.put("namespaces", texts(ids, ResourceId::namespace));
		parameters.put("names", texts(ids, ResourceId::name));
		return parameters;
	}

	/** Parameters of {@link #READABLE}. */
	static Map<String, Object> scope(NamespaceScope scope) {
		return Map.of("everywhere", scope.unrestricted(), "readable", scope.names().toArray(String[]::new));
	}

	/**
	 * Parameters {@code namespace}, and {@code afterNamespace} and {@code afterName} of
	 * where a list goes on; null for any and for its beginning.
	 */
	static Map<String, @Nullable Object> position(@Nullable String namespace, @Nullable ResourceId after) {
		Map<String, @Nullable Object> position = new LinkedHashMap<>();
		position.put("namespace", namespace);
		position.put("afterNamespace", (after != null) ? after.namespace() : null);
		position.put("afterName", (after != null) ? after.name() : null);
		return position;
	}

}
