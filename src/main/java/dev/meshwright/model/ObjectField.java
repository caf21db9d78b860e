package dev.meshwright.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A field of an object, spelled as API servers spell it in conflicts and drift, such as
 * {@code .spec.template.spec.containers[name="web"].image}.
 *
 * @param steps the way to it, at least one
 */
public record ObjectField(List<Step> steps) {

	private static final Pattern STEP = Pattern
		.compile("\\G(?:\\.([A-Za-z][A-Za-z0-9]*)|\\[([A-Za-z]+)=\"([^\"\\\\\\p{Cntrl}]*)\"])");

	public ObjectField {
		steps = List.copyOf(steps);
	}

	/**
	 * One step.
	 *
	 * @param name the field, or the key by which an item of a list is told
	 * @param item the key's value; null for a field
	 */
	public record Step(String name, @Nullable String item) {
	}

	/** The field of a path, or empty when it is none. */
	public static Optional<ObjectField> parse(String path) {
		List<Step> steps = new ArrayList<>();
		Matcher matcher = STEP.matcher(path);
		int end = 0;
		while (matcher.find()) {
			boolean field = matcher.group(1) != null;
			steps.add(field ? new Step(matcher.group(1), null) : new Step(matcher.group(2), matcher.group(3)));
			end = matcher.end();
		}
		boolean whole = end == path.length() && !steps.isEmpty() && steps.getFirst().item == null;
		return whole ? Optional.of(new ObjectField(steps)) : Optional.empty();
	}

	/**
	 * The field of a path that is known to be one.
	 * @throws IllegalArgumentException when it is none
	 */
	public static ObjectField of(String path) {
		return parse(path).orElseThrow(() -> new IllegalArgumentException("'" + path + "' is no field"));
	}

	/** Whether a path leads here or below. */
	public boolean covers(String path) {
		String own = toString();
		return path.equals(own) || path.startsWith(own + ".") || path.startsWith(own + "[");
	}

	/** The field's value in an object, or null when it has none. */
	public @Nullable Object in(@Nullable Object tree) {
		Object node = tree;
		for (Step step : this.steps) {
			node = below(node, step);
		}
		return node;
	}

	/** Its JSON pointer in an object that has it; empty when it has not. */
	public Optional<String> pointer(@Nullable Object tree) {
		StringBuilder pointer = new StringBuilder();
		Object node = tree;
		for (Step step : this.steps) {
			Object next = below(node, step);
			if (next == null) {
				return Optional.empty();
			}
			pointer.append('/').append((step.item == null) ? step.name : ((List<?>) node).indexOf(next));
			node = next;
		}
		return Optional.of(pointer.toString());
	}

	/** An object without the field; the same one when it has it not. */
	public Map<String, Object> without(Map<String, Object> tree) {
		return (in(tree) == null) ? tree : map(changed(tree, 0, null));
	}

	/** An object in which the field has a value; what is missing on the way is made. */
	public Map<String, Object> with(Map<String, Object> tree, Object value) {
		return map(changed(tree, 0, value));
	}

	private static @Nullable Object below(@Nullable Object node, Step step) {
		if (step.item == null) {
			return (node instanceof Map<?, ?> fields) ? fields.get(step.name) : null;
		}
		return (node instanceof List<?> items)
				? items.stream().filter((item) -> is(item, step)).findFirst().orElse(null) : null;
	}

	private static boolean is(Object item, Step step) {
		return item instanceof Map<?, ?> fields && String.valueOf(fields.get(step.name)).equals(step.item);
	}

	private @Nullable Object changed(@Nullable Object node, int depth, @Nullable Object value) {
		if (depth == this.steps.size()) {
			return value;
		}
		Step step = this.steps.get(depth);
		if (step.item == null) {
			Map<String, Object> copy = map(node);
			Object child = changed(copy.get(step.name), depth + 1, value);
			if (child == null) {
				copy.remove(step.name);
			}
			else {
				copy.put(step.name, child);
			}
			return copy;
		}
		List<Object> copy = new ArrayList<>((node instanceof List<?> items) ? items : List.of());
		Object item = below(copy, step);
		Object child = changed((item != null) ? item : Map.of(step.name, step.item), depth + 1, value);
		if (item != null) {
			copy.set(copy.indexOf(item), child);
		}
		else {
			copy.add(child);
		}
		return copy;
	}

	/** A copy of a tree's fields; none of what has none. */
	static Map<String, Object> map(@Nullable Object node) {
		Map<String, Object> copy = new LinkedHashMap<>();
		if (node instanceof Map<?, ?> fields) {
			fields.forEach((name, child) -> copy.put(String.valueOf(name), child));
		}
		return copy;
	}

	/** As an API server writes it. */
	@Override
	public String toString() {
		StringBuilder path = new StringBuilder();
		for (Step step : this.steps) {
			if (step.item == null) {
				path.append('.').append(step.name);
			}
			else {
				path.append('[').append(step.name).append("=\"").append(step.item).append("\"]");
			}
		}
		return path.toString();
	}

}
