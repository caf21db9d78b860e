package dev.meshwright.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The immutable, keyed view of the declarations at one revision that one compilation
 * reads. There is no way to ask for everything: whatever is asked for has a {@link Key},
 * so what a result depends on is known exactly.
 */
public interface Snapshot {

	/** The head revision that this view shows. */
	long revision();

	/**
	 * The resource of this name, or empty when it is not declared (a deleted one is not).
	 */
	Optional<Resource<?>> find(ResourceId id);

	/**
	 * The resources that carry this index key, in the order of their ids; empty when
	 * there are none.
	 */
	List<Resource<?>> index(Key key);

	/** What was last found in a cluster, or empty when it was never reached. */
	Optional<ClusterFacts> facts(String cluster);

	/**
	 * The accounts under which pods of a service may run on any cluster at the time of
	 * the view: what was pushed, and is not yet replaced everywhere. Empty for a service
	 * that was never pushed, or whose pods are not managed.
	 */
	default SortedSet<String> accountsInUse(ServiceRef service) {
		return new TreeSet<>();
	}

	/**
	 * Says what will be asked for, so that a view that has to look everything up can do
	 * so at once. It is no read, and changes no answer.
	 * @param ids for {@link #find}
	 * @param keys for {@link #index}
	 */
	default void expect(Collection<ResourceId> ids, Collection<Key> keys) {
	}

	/** As {@link #find}, with the spec's type known. */
	default <S extends Spec> Optional<Resource<S>> find(ResourceId id, Class<S> type) {
		return find(id).map((resource) -> resource.as(type));
	}

	/** As {@link #index}, keeping the resources of one spec type. */
	default <S extends Spec> List<Resource<S>> index(Key key, Class<S> type) {
		return index(key).stream()
			.filter((resource) -> type.isInstance(resource.spec()))
			.map((resource) -> resource.as(type))
			.toList();
	}

}
