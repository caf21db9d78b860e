package dev.meshwright.reconcile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Shared fields of an object that change hands with a write.
 *
 * @param released JSON pointers of fields that we pushed and leave out now: dropped
 * without further ado, a field that only we own would fall back to the API server's
 * default (a Deployment to one replica)
 * @param regained JSON pointers of fields that we had left out and push again
 */
record SharedFields(Set<String> released, Set<String> regained) {

	static final SharedFields NONE = new SharedFields(Set.of(), Set.of());

	/** What changes hands when one body takes another's place. */
	static SharedFields between(Map<String, Object> old, Map<String, Object> body, Set<String> shared) {
		Set<String> released = new TreeSet<>();
		Set<String> regained = new TreeSet<>();
		for (String pointer : shared) {
			boolean before = value(old, path(pointer)) != null;
			boolean after = value(body, path(pointer)) != null;
			if (before && !after) {
				released.add(pointer);
			}
			if (after && !before) {
				regained.add(pointer);
			}
		}
		return new SharedFields(released, regained);
	}

	/** Whether a field, as a conflict names it, comes back to us. */
	boolean regains(String conflict) {
		return this.regained.stream().anyMatch((pointer) -> conflict.equals("." + String.join(".", path(pointer))));
	}

	/**
	 * The released fields with their live values, to be put into the body of an apply;
	 * empty when none of them lives.
	 */
	Map<String, Object> live(Map<String, Object> live) {
		Map<String, Object> fields = new LinkedHashMap<>();
		for (String pointer : this.released) {
			Object value = value(live, path(pointer));
			if (value != null) {
				put(fields, path(pointer), value);
			}
		}
		return fields;
	}

	private static @Nullable Object value(@Nullable Object tree, List<String> path) {
		Object node = tree;
		for (String field : path) {
			node = (node instanceof Map<?, ?> fields) ? fields.get(field) : null;
		}
		return node;
	}

	@SuppressWarnings("unchecked")
	private static void put(Map<String, Object> tree, List<String> path, Object value) {
		Map<String, Object> node = tree;
		for (String field : path.subList(0, path.size() - 1)) {
			node = (Map<String, Object>) node.computeIfAbsent(field, (_) -> new LinkedHashMap<String, Object>());
		}
		node.put(path.getLast(), value);
	}

	private static List<String> path(String pointer) {
		return List.of(pointer.substring(1).split("/"));
	}

}
