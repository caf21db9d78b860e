package dev.meshwright.model;

import java.time.Instant;
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
 * before the switch; an item that changes does so in phase switch
 * @param awaits the Deployments that must have an available replica before this manifest
 * may move requests, by its phase or by an item of a keyed list that changes; only those
 * that the object's last pushed state did not await already are waited for
 * @param shared paths, as {@link ObjectField} reads them, of fields that belong to
 * another controller whenever the body leaves them out, such as the {@code replicas} of a
 * Deployment with an autoscaler: one that was pushed before keeps its live value, and one
 * that comes back is taken from whoever had it meanwhile
 * @param needs what other services have to have made before this manifest may move
 * requests, and may take away only when it does so no more
 * @param leases fields of the body that are left to other managers while their lease
 * lasts: {@link #at} takes them out
 */
public record Manifest(ObjectRef ref, Map<String, Object> body, Phase phase, List<KeyedList> widened,
		Set<ObjectRef> awaits, Set<String> shared, Set<Need> needs, List<FieldLease> leases) {

	public Manifest {
		body = Collections.unmodifiableMap(body);
		widened = List.copyOf(widened);
		awaits = Collections.unmodifiableSet(new TreeSet<>(awaits));
		shared = Collections.unmodifiableSet(new TreeSet<>(shared));
		needs = Collections.unmodifiableSet(new TreeSet<>(needs));
		leases = List.copyOf(leases);
	}

	/** A manifest of which nothing is leased. */
	public Manifest(ObjectRef ref, Map<String, Object> body, Phase phase, List<KeyedList> widened,
			Set<ObjectRef> awaits, Set<String> shared, Set<Need> needs) {
		this(ref, body, phase, widened, awaits, shared, needs, List.of());
	}

	/** A manifest that needs nothing of other services. */
	public Manifest(ObjectRef ref, Map<String, Object> body, Phase phase, List<KeyedList> widened,
			Set<ObjectRef> awaits, Set<String> shared) {
		this(ref, body, phase, widened, awaits, shared, Set.of());
	}

	/** A manifest that shares no field. */
	public Manifest(ObjectRef ref, Map<String, Object> body, Phase phase, List<KeyedList> widened,
			Set<ObjectRef> awaits) {
		this(ref, body, phase, widened, awaits, Set.of());
	}

	/** A manifest that only adds and awaits nothing. */
	public static Manifest make(ObjectRef ref, Map<String, Object> body) {
		return new Manifest(ref, body, Phase.MAKE, List.of(), Set.of());
	}

	/** The same, with fields that are left to other managers. */
	public Manifest with(List<FieldLease> leases) {
		return new Manifest(this.ref, this.body, this.phase, this.widened, this.awaits, this.shared, this.needs,
				leases);
	}

	/**
	 * What is pushed at a time: without the fields whose lease is in force then, which an
	 * annotation names.
	 */
	public Manifest at(Instant now) {
		List<FieldLease> holding = this.leases.stream().filter((lease) -> lease.holds(now)).toList();
		Map<String, Object> left = holding.isEmpty() ? this.body : FieldLease.on(this.body, holding);
		return new Manifest(this.ref, left, this.phase, this.widened, this.awaits, this.shared, this.needs, holding);
	}

	/**
	 * Something of another service on the same cluster.
	 *
	 * @param ref the object, which is named like its service
	 * @param subset the subset that it must have, empty for the object as a whole
	 */
	public record Need(ObjectRef ref, String subset) implements Comparable<Need> {

		/** Tells needs apart: the object's text, and the subset after a {@code #}. */
		public String key() {
			return this.subset.isEmpty() ? this.ref.toString() : this.ref + "#" + this.subset;
		}

		@Override
		public int compareTo(Need other) {
			return key().compareTo(other.key());
		}

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
	 * A list in the body whose items are told apart by some of their fields.
	 *
	 * @param pointer JSON pointer of the list, such as {@code /spec/subsets}
	 * @param keys the fields that together name an item, such as {@code name}
	 * @param unique further fields in which no two items may agree: an old item that
	 * would agree with a new one does not stay beside it
	 */
	public record KeyedList(String pointer, List<String> keys, List<String> unique) {

		public KeyedList {
			keys = List.copyOf(keys);
			unique = List.copyOf(unique);
		}

		/** A list whose items are told apart by one field. */
		public KeyedList(String pointer, String key) {
			this(pointer, List.of(key), List.of());
		}

	}

}
