package dev.meshwright.store;

import java.util.Arrays;
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

	/** How many rows a statement is planned for, unless there are more. */
	private static final int[] SIZES = { 1, 8 };

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
	 * A function in a from clause that gives so many rows. A planner takes it to give ten
	 * or a hundred, and would rather read a whole table than look that many rows up in
	 * it, when mostly there is one: the limit, which takes none away, tells it better.
	 * Few different limits, so that prepared statements are found again.
	 * @param rows how many rows it gives
	 * @param function the function with its alias and columns
	 * @param alias the alias
	 */
	static String sized(int rows, String function, String alias) {
		return Arrays.stream(SIZES)
			.filter((size) -> rows <= size)
			.mapToObj((size) -> "(select * from " + function + " limit " + size + ") as " + alias + "\n")
			.findFirst()
			.orElse(function + "\n");
	}

	/** The rows of {@link #ids}: {@code i(kind, namespace, name)}. */
	static String table(Collection<ResourceId> ids) {
		return sized(ids.size(),
				"unnest(:kinds::text[], :namespaces::text[], :names::text[]) as i(kind, namespace, name)", "i");
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
