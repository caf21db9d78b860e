package dev.meshwright.provider.istio;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A map of an object's body under construction. Keys keep the order in which they are
 * added, and what is absent or empty is left out, so that equal models give equal bodies
 * without noise.
 */
final class Tree {

	private final Map<String, Object> map = new LinkedHashMap<>();

	static Tree of(String key, @Nullable Object value) {
		return new Tree().with(key, value);
	}

	/** Adds a value unless it is null or an empty map or collection. */
	Tree with(String key, @Nullable Object value) {
		Object plain = (value instanceof Tree tree) ? tree.map : value;
		boolean absent = plain == null || (plain instanceof Map<?, ?> map && map.isEmpty())
				|| (plain instanceof Collection<?> collection && collection.isEmpty());
		if (!absent) {
			this.map.put(key, plain);
		}
		return this;
	}

	boolean isEmpty() {
		return this.map.isEmpty();
	}

	Map<String, Object> map() {
		return this.map;
	}

}
