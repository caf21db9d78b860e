package dev.meshwright.provider.kubernetes;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An object of a body while it is written. Fields keep the order in which they are
 * written, and what says nothing is left out, so that we own no field without need.
 */
final class Tree {

	private final Map<String, Object> fields = new LinkedHashMap<>();

	private Tree() {
	}

	static Tree empty() {
		return new Tree();
	}

	/** An object with one field, or none when the value says nothing. */
	static Tree of(String name, @Nullable Object value) {
		return empty().with(name, value);
	}

	/**
	 * Writes a field unless its value is null or empty. The API server does not keep
	 * empty texts either.
	 */
	Tree with(String name, @Nullable Object value) {
		Object plain = (value instanceof Tree tree) ? tree.fields : value;
		boolean nothing = plain == null || plain.equals("") || (plain instanceof Map<?, ?> map && map.isEmpty())
				|| (plain instanceof Collection<?> list && list.isEmpty());
		return nothing ? this : always(name, plain);
	}

	/** Writes a field, also when its value is empty. */
	Tree always(String name, Object value) {
		this.fields.put(name, (value instanceof Tree tree) ? tree.fields : value);
		return this;
	}

	/** The object as the body holds it. */
	Map<String, Object> toMap() {
		return this.fields;
	}

	/** Objects as the body holds them. */
	static List<Map<String, Object>> list(Collection<Tree> trees) {
		return trees.stream().map(Tree::toMap).toList();
	}

}
