package dev.meshwright.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The way from an object's root to one of its fields, through maps only: a list is one
 * field, with everything in it.
 *
 * @param names the names on the way, at least one
 */
record FieldPath(List<String> names) {

	private static final Set<String> IDENTITY = Set.of("apiVersion", "kind", "status");

	private static final Set<String> METADATA_IDENTITY = Set.of("name", "namespace", "uid", "resourceVersion",
			"generation", "creationTimestamp", "deletionTimestamp", "managedFields");

	FieldPath {
		names = List.copyOf(names);
	}

	/**
	 * The leaves of an object that a manager can own, with their values: scalars, lists
	 * and empty maps; identity and status are not among them.
	 */
	static Map<FieldPath, Object> leaves(Map<?, ?> object) {
		Map<FieldPath, Object> leaves = new LinkedHashMap<>();
		collect(object, new ArrayList<>(), leaves);
		return leaves;
	}

	private static void collect(Map<?, ?> map, List<String> way, Map<FieldPath, Object> leaves) {
		for (Map.Entry<?, ?> field : map.entrySet()) {
			String name = String.valueOf(field.getKey());
			Object value = field.getValue();
			boolean identity = way.isEmpty() ? IDENTITY.contains(name)
					: way.equals(List.of("metadata")) && METADATA_IDENTITY.contains(name);
			if (identity || value == null) {
				continue;
			}
			way.add(name);
			if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
				collect(inner, way, leaves);
			}
			else {
				leaves.put(new FieldPath(way), value);
			}
			way.removeLast();
		}
	}

	/** Whether one of the two is, or lies below, the other. */
	boolean overlaps(FieldPath other) {
		int shared = Math.min(this.names.size(), other.names.size());
		return this.names.subList(0, shared).equals(other.names.subList(0, shared));
	}

	/** Whether this lies below the other. */
	boolean below(FieldPath other) {
		return this.names.size() > other.names.size() && overlaps(other);
	}

	/** The value here, or null when there is none. */
	@Nullable Object in(Map<?, ?> object) {
		Object value = object;
		for (String name : this.names) {
			value = (value instanceof Map<?, ?> map) ? map.get(name) : null;
		}
		return value;
	}

	/** Puts a value here, making maps on the way. */
	void set(Map<String, Object> object, Object value) {
		Map<String, Object> map = object;
		for (String name : this.names.subList(0, this.names.size() - 1)) {
			@SuppressWarnings("unchecked")
			Map<String, Object> next = (map.get(name) instanceof Map<?, ?> inner) ? (Map<String, Object>) inner
					: new LinkedHashMap<>();
			map.put(name, next);
			map = next;
		}
		map.put(this.names.getLast(), value);
	}

	/** Takes the value here away, and the maps on the way that it leaves empty. */
	void remove(Map<String, Object> object) {
		remove(object, this.names);
	}

	private static void remove(Map<String, Object> map, List<String> names) {
		String first = names.getFirst();
		if (names.size() == 1) {
			map.remove(first);
		}
		else if (map.get(first) instanceof Map<?, ?> inner) {
			@SuppressWarnings("unchecked")
			Map<String, Object> below = (Map<String, Object>) inner;
			remove(below, names.subList(1, names.size()));
			if (below.isEmpty()) {
				map.remove(first);
			}
		}
	}

	/** As an API server writes it: {@code .spec.replicas}. */
	@Override
	public String toString() {
		return "." + String.join(".", this.names);
	}

}
