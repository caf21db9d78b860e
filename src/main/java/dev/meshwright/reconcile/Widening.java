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
	 * of each keyed list. An old item that cannot stand beside a new one goes.
	 */
	static Map<String, Object> widen(Map<String, Object> body, Map<String, Object> old, List<KeyedList> lists) {
		Map<String, Object> widened = body;
		for (KeyedList list : lists) {
			List<?> items = items(body, list);
			Set<Object> keys = keys(items, list);
			List<Object> united = new ArrayList<>(items);
			for (Object item : items(old, list)) {
				if (!keys.contains(key(item, list)) && items.stream().noneMatch((fresh) -> clash(item, fresh, list))) {
					united.add(item);
				}
			}
			if (united.size() > items.size()) {
				widened = with(widened, path(list), united);
			}
		}
		return widened;
	}

	/**
	 * The widened body in which the old items also keep their content, so that nothing is
	 * moved yet.
	 */
	static Map<String, Object> add(Map<String, Object> body, Map<String, Object> old, List<KeyedList> lists) {
		Map<String, Object> added = widen(body, old, lists);
		for (KeyedList list : lists) {
			Map<Object, Object> before = new LinkedHashMap<>();
			items(old, list).forEach((item) -> before.put(key(item, list), item));
			List<?> items = items(added, list);
			if (!items.isEmpty()) {
				List<Object> kept = new ArrayList<>();
				items.forEach((item) -> kept.add(before.getOrDefault(key(item, list), item)));
				added = with(added, path(list), kept);
			}
		}
		return added;
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
		if (!(item instanceof Map<?, ?> fields) || !fields.keySet().containsAll(list.keys())) {
			return item;
		}
		return list.keys().stream().<Object>map(fields::get).toList();
	}

	private static boolean clash(Object old, Object fresh, KeyedList list) {
		return old instanceof Map<?, ?> before && fresh instanceof Map<?, ?> after
				&& list.unique()
					.stream()
					.anyMatch((field) -> before.get(field) != null && before.get(field).equals(after.get(field)));
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
