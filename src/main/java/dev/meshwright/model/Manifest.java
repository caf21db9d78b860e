package dev.meshwright.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One compiled object before it is pushed. The body carries no server-owned field and
 * none of the stamps (fence, revision, installation) that the push adds, so equal
 * declarations give equal bodies.
 *
 * @param ref which object it is
 * @param body apiVersion, kind, metadata and spec as a tree of maps, lists, strings,
 * numbers and booleans
 * @param phase when it may be pushed: {@link Phase#MAKE} for what only adds,
 * {@link Phase#SWITCH} for what moves requests
 * @param widened the keyed lists of the body that, while phases make and switch last,
 * hold the old items beside the new ones, so that nothing still in use is taken away
 * before the switch
 * @param awaits the Deployments that must have an available replica before this manifest
 * may take effect; only those that the object's last pushed state did not await already
 * are waited for
 */
public record Manifest(ObjectRef ref, Map<String, Object> body, Phase phase, List<KeyedList> widened,
		Set<ObjectRef> awaits) {

	public Manifest {
		body = Collections.unmodifiableMap(body);
		widened = List.copyOf(widened);
		awaits = Collections.unmodifiableSet(new TreeSet<>(awaits));
	}

	/** A manifest that only adds and awaits nothing. */
	public static Manifest make(ObjectRef ref, Map<String, Object> body) {
		return new Manifest(ref, body, Phase.MAKE, List.of(), Set.of());
	}

	/**
	 * The three steps of a push, in their order. Objects are taken away in {@link #BREAK}
	 * only.
	 */
	public enum Phase {

		/** Creates and adds. */
		MAKE,

		/** Moves routes and selectors to what was made. */
		SWITCH,

		/** Narrows and deletes what nothing uses any more. */
		BREAK

	}

	/**
	 * A list in the body whose items are told apart by one of their fields.
	 *
	 * @param pointer JSON pointer of the list, such as {@code /spec/subsets}
	 * @param key the field that names an item, such as {@code name}
	 */
	public record KeyedList(String pointer, String key) {
	}

}
