package dev.meshwright.reconcile;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.document.Json;
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
		List<String> path = Stream.of(pointer.substring(1).split("/"))
			.map((step) -> step.replace("~1", "/").replace("~0", "~"))
			.toList();
		if (!(live.body().get("metadata") instanceof Map<?, ?> metadata)
				|| !(metadata.get("managedFields") instanceof List<?> managers)) {
			return null;
		}
		return managers.stream()
			.filter((entry) -> entry instanceof Map<?, ?> manager
					&& !ClusterGateway.FIELD_MANAGER.equals(manager.get("manager"))
					&& has(manager.get("fieldsV1"), path, live.body()))
			.map((entry) -> String.valueOf(((Map<?, ?>) entry).get("manager")))
			.findFirst()
			.orElse(null);
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
