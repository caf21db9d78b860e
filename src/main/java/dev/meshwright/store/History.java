package dev.meshwright.store;

import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The declarations as they were, and how they differ between revisions. What a caller may
 * not see is as if it did not exist.
 */
public interface History {

	/**
	 * A resource as it was declared at a revision.
	 * @throws StoreFailure.NoRevision there is no such revision, or not yet
	 * @throws StoreFailure.Unreadable this version cannot read it
	 */
	Optional<StoredResource> find(Caller caller, ResourceId id, long revision);

	/**
	 * One page of what was declared at a revision, ordered by namespace and name. Costs
	 * one lookup for each resource that there ever was between the page's first and last.
	 * @throws StoreFailure.NoRevision there is no such revision, or not yet
	 * @throws StoreFailure.Unreadable this version cannot read one of them
	 */
	Resources.Page list(Caller caller, Resources.ListQuery query, long revision);

	/**
	 * Up to {@code limit} resources whose declared state (spec, labels, annotations)
	 * differs between two revisions, in the order of kind, namespace and name.
	 * @param from the older revision; 0 is before the first
	 * @param to the newer revision
	 * @param after the last resource of the page before, or null for the first page
	 */
	List<Difference> differences(Caller caller, Scope scope, long from, long to, @Nullable ResourceId after, int limit);

	/**
	 * What a revision changed, and by which later revision each was changed last.
	 * @return empty when there is no such revision
	 */
	Optional<ChangeSet> changeSet(Caller caller, long revision);

	/** Which resources. */
	sealed interface Scope {

	}

	/**
	 * One resource.
	 *
	 * @param id which
	 */
	record One(ResourceId id) implements Scope {
	}

	/**
	 * Everything that lives in a namespace. The Namespace itself lives in none.
	 *
	 * @param namespace its name
	 */
	record InNamespace(String namespace) implements Scope {
	}

	/** Everything. */
	record Everything() implements Scope {
	}

	/**
	 * How one resource differs between two revisions.
	 *
	 * @param id the resource
	 * @param before its state at the older one, as in {@link Revisions.RevisionChange};
	 * null when it was not declared
	 * @param after its state at the newer one, likewise
	 * @param revision the newest revision in between that changed it
	 */
	record Difference(ResourceId id, @Nullable ObjectNode before, @Nullable ObjectNode after, long revision) {
	}

	/**
	 * What one revision changed.
	 *
	 * @param changes the changes, each with the newest revision that changed the resource
	 * @param complete whether these are all: false when others are not for this caller,
	 * or of a kind that this version does not know
	 */
	record ChangeSet(List<Difference> changes, boolean complete) {
	}

}
