package dev.meshwright.compile;

import java.util.Map;
import java.util.SortedMap;

import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;

/**
 * Everything that holds for a service, merged from all that is declared and from the
 * defaults.
 *
 * @param service the service
 * @param values a tree with the branches {@code service}, {@code failover} and
 * {@code security}, merged over their levels, {@code routing} and {@code namespace}, each
 * as the spec of that name, {@code overrides}, those in force with name and author, and
 * {@code clusters}; leaves are strings, numbers, booleans, enums, durations and
 * {@link dev.meshwright.model.IntOrString}s
 * @param origins where each leaf comes from, by its JSON pointer in {@code values}
 */
public record Effective(ServiceRef service, Map<String, Object> values, SortedMap<String, Origin> origins) {

	/** Where a value comes from. */
	public sealed interface Origin {

	}

	/**
	 * Somebody declared it.
	 *
	 * @param resource in which resource
	 * @param pointer JSON pointer in that resource's document
	 */
	public record Declared(ResourceId resource, String pointer) implements Origin {
	}

	/** Nobody declared it, and this is what it is then. */
	public record Default() implements Origin {
	}

}
