package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.Manifest.KeyedList;
import org.jspecify.annotations.Nullable;

/**
 * Unites keyed lists, so that what is still used stays while what will be used is already
 * there.
 */
final class Widening {

	private Widening() {
	}

	/**
	 * The new body, with the items of the old one that the new one has no more at the end
	 * of each keyed list.
	 */
	static Map<String, Object> widen(Map<String, Object> body, Map<String, Object> old, List<KeyedList> lists) {
		Map<String, Object> widened = body;
		for (KeyedList list : lists) {
			List<?> items = items(body, list);
			Set<Object> keys = keys(items, list);
			List<Object> united = new ArrayList<>(items);
			for (Object item : items(old, list)) {
				if (!keys.contains(key(item, list))) {
					united.add(item);
				}
			}
			if (united.size() > items.size()) {
				widened = with(widened, path(list), united);
			}
		}
		return widened;
	}

	/** Whether a keyed list of the new body has an item that the old one has not. */
	static boolean adds(Map<String, Object> body, Map<String, Object> old, List<KeyedList> lists) {
		return lists.stream()
			.anyMatch((list) -> !keys(items(old, list), list).containsAll(keys(items(body, list), list)));
	}

	private static Set<Object> keys(List<?> items, KeyedList list) {
		Set<Object> keys = new LinkedHashSet<>();
		items.forEach((item) -> keys.add(key(item, list)));
		return keys;
	}

	private static Object key(Object item, KeyedList list) {
		Object key = (item instanceof Map<?, ?> fields) ? fields.get(list.key()) : null;
		return (key != null) ? key : item;
	}

	private static List<?> items(Map<String, Object> body, KeyedList list) {
		Object node = body;
		for (String field : path(list)) {
			node = (node instanceof Map<?, ?> fields) ? fields.get(field) : null;
		}
		return (node instanceof List<?> items) ? items : List.of();
	}

	private static List<String> path(KeyedList list) {
		return List.of(list.pointer().substring(1).split("/"))
			.stream()
			.map((field) -> field.replace("~1", "/").replace("~0", "~"))
			.toList();
	}

	private static Map<String, Object> with(@Nullable Object tree, List<String> path, Object value) {
		Map<String, Object> copy = new LinkedHashMap<>();
		if (tree instanceof Map<?, ?> fields) {
			fields.forEach((field, child) -> copy.put((String) field, child));
		}
		String field = path.getFirst();
		copy.put(field, (path.size() == 1) ? value : with(copy.get(field), path.subList(1, path.size()), value));
		return copy;
	}

}
