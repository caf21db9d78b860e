package dev.meshwright.reconcile;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.ObjectGateway;
import dev.meshwright.document.Json;
import dev.meshwright.model.ObjectField;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Who has which field of a live object, as the API server keeps it in
 * {@code managedFields}. See
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management.
 */
final class FieldManagers {

	private FieldManagers() {
	}

	/** Another manager that has a field, or null when there is none. */
	static @Nullable String other(LiveObject live, String pointer) {
		return of(live, pointer).stream()
			.filter((manager) -> !ObjectGateway.FIELD_MANAGER.equals(manager))
			.findFirst()
			.orElse(null);
	}

	/** Who has a field, or anything below it; nobody when it does not live. */
	static Set<String> of(LiveObject live, ObjectField field) {
		return field.pointer(live.body()).map((pointer) -> of(live, pointer)).orElse(Set.of());
	}

	/** Whether the API server keeps books of an object at all. */
	static boolean known(LiveObject live) {
		return !entries(live).isEmpty();
	}

	private static Set<String> of(LiveObject live, String pointer) {
		List<String> path = Stream.of(pointer.substring(1).split("/"))
			.map((step) -> step.replace("~1", "/").replace("~0", "~"))
			.toList();
		return entries(live).stream()
			.filter((entry) -> entry instanceof Map<?, ?> manager && has(manager.get("fieldsV1"), path, live.body()))
			.map((entry) -> String.valueOf(((Map<?, ?>) entry).get("manager")))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	private static List<?> entries(LiveObject live) {
		return (live.body().get("metadata") instanceof Map<?, ?> metadata
				&& metadata.get("managedFields") instanceof List<?> managers) ? managers : List.of();
	}

	private static boolean has(@Nullable Object fields, List<String> path, @Nullable Object live) {
		if (!(fields instanceof Map<?, ?> names)) {
			return false;
		}
		if (names.isEmpty() || path.isEmpty()) {
			return true;
		}
		String step = path.getFirst();
		List<String> rest = path.subList(1, path.size());
		if (live instanceof List<?> items) {
			Object item = (step.matches("\\d{1,6}") && Integer.parseInt(step) < items.size())
					? items.get(Integer.parseInt(step)) : null;
			return item != null && names.entrySet()
				.stream()
				.anyMatch((entry) -> names(String.valueOf(entry.getKey()), item) && has(entry.getValue(), rest, item));
		}
		Object child = (live instanceof Map<?, ?> values) ? values.get(step) : null;
		return has(names.get("f:" + step), rest, child);
	}

	/** Whether {@code k:{"name":"app"}} or {@code v:"app"} names an item. */
	private static boolean names(String key, Object item) {
		try {
			return switch (key.substring(0, Math.min(2, key.length()))) {
				case "k:" -> item instanceof Map<?, ?> fields && Json.mapper()
					.readTree(key.substring(2))
					.properties()
					.stream()
					.allMatch(
							(field) -> field.getValue().asString().equals(String.valueOf(fields.get(field.getKey()))));
				case "v:" -> Json.mapper().readTree(key.substring(2)).asString().equals(String.valueOf(item));
				default -> false;
			};
		}
		catch (JacksonException ex) {
			return false;
		}
	}

}
