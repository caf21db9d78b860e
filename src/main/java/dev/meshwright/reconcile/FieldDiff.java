package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.meshwright.document.Pointers;
import org.jspecify.annotations.Nullable;

/**
 * What differs between an object as it is and as it would be, looking only at fields that
 * bodies of ours name: what others keep in the object is none of a plan's business.
 */
final class FieldDiff {

	/** What tells the items of a list apart, where they have it. */
	private static final List<String> KEYS = List.of("name", "containerPort", "port", "mountPath", "key", "type");

	private final List<Change> changes = new ArrayList<>();

	private final Set<String> passedOver;

	private FieldDiff(Set<String> passedOver) {
		this.passedOver = passedOver;
	}

	/**
	 * A field that differs.
	 *
	 * @param pointer JSON pointer
	 * @param before the value before, or null
	 * @param after the value after, or null
	 * @param field the name of the field, or of the list that it is an item of
	 * @param secret whether the names on the way to it say that it may be secret
	 */
	record Change(String pointer, @Nullable Object before, @Nullable Object after, String field, boolean secret) {
	}

	/**
	 * Compares.
	 * @param before the object as it is
	 * @param after the object as it would be
	 * @param ours the bodies that name our fields: what would be pushed and what was
	 * pushed last
	 * @param passedOver JSON pointers of fields that are handed over and keep their value
	 */
	static List<Change> between(Map<String, Object> before, Map<String, Object> after, List<Map<String, Object>> ours,
			Set<String> passedOver) {
		FieldDiff diff = new FieldDiff(passedOver);
		diff.compare("", before, after, List.copyOf(ours), "", false);
		return diff.changes;
	}

	private void compare(String pointer, @Nullable Object before, @Nullable Object after, List<?> ours, String name,
			boolean secret) {
		if (this.passedOver.contains(pointer) || Objects.equals(before, after)) {
			return;
		}
		if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> fresh && all(ours, Map.class)) {
			Set<Object> fields = new LinkedHashSet<>();
			ours.forEach((body) -> fields.addAll(((Map<?, ?>) body).keySet()));
			for (Object each : fields) {
				String field = String.valueOf(each);
				compare(pointer + "/" + Pointers.escape(field), old.get(field), fresh.get(field), children(ours, field),
						field, secret || Masking.isSecret(name, field, old) || Masking.isSecret(name, field, fresh));
			}
			return;
		}
		if (before instanceof List<?> old && after instanceof List<?> fresh && all(ours, List.class)
				&& items(pointer, old, fresh, ours, name, secret)) {
			return;
		}
		Object was = ofOurs(before, ours);
		Object willBe = ofOurs(after, ours);
		if (!same(was, willBe)) {
			this.changes.add(new Change(pointer, was, willBe, name, secret));
		}
	}

	/** Compares item by item, if it can be told which is which. */
	private boolean items(String pointer, List<?> old, List<?> fresh, List<?> ours, String field, boolean secret) {
		String key = key(old, fresh, ours);
		if (key == null) {
			boolean aligned = old.size() == fresh.size()
					&& ours.stream().allMatch((list) -> ((List<?>) list).size() == old.size());
			for (int i = 0; aligned && i < old.size(); i++) {
				int index = i;
				boolean follows = i > 0
						&& (Masking.tellsOfNext(old.get(i - 1)) || Masking.tellsOfNext(fresh.get(i - 1)));
				compare(pointer + "/" + i, old.get(i), fresh.get(i),
						ours.stream().map((list) -> ((List<?>) list).get(index)).filter(Objects::nonNull).toList(),
						field, secret || follows);
			}
			return aligned;
		}
		Set<Object> names = new LinkedHashSet<>();
		ours.forEach((list) -> ((List<?>) list).forEach((item) -> names.add(((Map<?, ?>) item).get(key))));
		// what others put into a list that is ours as a whole goes with the write
		old.stream()
			.map((item) -> ((Map<?, ?>) item).get(key))
			.filter((name) -> index(fresh, key, name) < 0)
			.forEach(names::add);
		for (Object name : names) {
			int index = index(fresh, key, name);
			int place = (index >= 0) ? index : index(old, key, name);
			compare(pointer + "/" + Math.max(0, place), item(old, key, name), item(fresh, key, name),
					ours.stream().map((list) -> item((List<?>) list, key, name)).filter(Objects::nonNull).toList(),
					field, secret);
		}
		return true;
	}

	/** A field that every item of all these lists has, with a value of its own. */
	private static @Nullable String key(List<?> old, List<?> fresh, List<?> ours) {
		List<List<?>> lists = new ArrayList<>(List.of(old, fresh));
		ours.forEach((list) -> lists.add((List<?>) list));
		return KEYS.stream()
			.filter((key) -> lists.stream().allMatch((list) -> distinguishes(list, key)))
			.findFirst()
			.orElse(null);
	}

	private static boolean distinguishes(List<?> list, String key) {
		Set<Object> values = new LinkedHashSet<>();
		return list.stream()
			.allMatch((item) -> item instanceof Map<?, ?> fields && fields.get(key) != null
					&& values.add(fields.get(key)));
	}

	private static int index(List<?> list, String key, Object name) {
		for (int i = 0; i < list.size(); i++) {
			if (list.get(i) instanceof Map<?, ?> fields && name.equals(fields.get(key))) {
				return i;
			}
		}
		return -1;
	}

	private static @Nullable Object item(List<?> list, String key, Object name) {
		int index = index(list, key, name);
		return (index < 0) ? null : list.get(index);
	}

	private static List<Object> children(List<?> ours, Object field) {
		List<Object> children = new ArrayList<>();
		for (Object body : ours) {
			Object child = ((Map<?, ?>) body).get(field);
			if (child != null) {
				children.add(child);
			}
		}
		return children;
	}

	private static boolean all(List<?> ours, Class<?> type) {
		return !ours.isEmpty() && ours.stream().allMatch(type::isInstance);
	}

	/** A value without the fields that no body of ours names. */
	private static @Nullable Object ofOurs(@Nullable Object value, List<?> ours) {
		if (!(value instanceof Map<?, ?> fields) || !all(ours, Map.class)) {
			return value;
		}
		Map<Object, Object> kept = new LinkedHashMap<>();
		fields.forEach((field, child) -> {
			List<Object> named = children(ours, field);
			Object part = named.isEmpty() ? null : ofOurs(child, named);
			if (part != null) {
				kept.put(field, part);
			}
		});
		return kept;
	}

	private static boolean same(@Nullable Object before, @Nullable Object after) {
		if (before instanceof Number one && after instanceof Number other) {
			return Double.compare(one.doubleValue(), other.doubleValue()) == 0;
		}
		return Objects.equals(before, after);
	}

}
