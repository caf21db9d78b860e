package dev.meshwright.api;

import java.util.List;

import dev.meshwright.store.Commits;
import org.jspecify.annotations.Nullable;

/**
 * What a change set did, or with {@code dryRun} would do.
 *
 * @param kind always {@code ChangeSetResult}
 * @param revision the head revision after it
 * @param dryRun whether nothing was stored
 * @param items what became of each item, in the order sent
 * @param warnings what should be looked at
 * @param manifests the objects that the changed services and namespaces compile to; only
 * with {@code dryRun}
 * @param deletes the objects that they compile to now and would not any more, so that
 * they would be deleted; what would be let go and stay is not among them; only with
 * {@code dryRun}
 * @param differences what would change, field by field; only with {@code dryRun} of a
 * rollback or an undo
 */
record WriteView(String kind, long revision, boolean dryRun, List<ItemView> items, List<Warning> warnings,
		@Nullable List<ManifestsView.OfCluster> manifests, @Nullable List<ObjectsView> deletes,
		@Nullable List<RevisionViews.DiffView> differences) {

	static WriteView of(Writes.Written written, boolean dryRun) {
		return of(written, dryRun, null);
	}

	static WriteView of(Writes.Written written, boolean dryRun, @Nullable List<RevisionViews.DiffView> differences) {
		return new WriteView("ChangeSetResult", written.revision(), dryRun,
				written.results().stream().map(ItemView::of).toList(), written.warnings(),
				dryRun ? written.manifests() : null, dryRun ? written.deletes() : null, differences);
	}

	/**
	 * Objects of one cluster.
	 *
	 * @param cluster the cluster's name
	 * @param items which objects
	 */
	record ObjectsView(String cluster, List<ObjectView> items) {
	}

	/**
	 * Names an object.
	 *
	 * @param kind its kind
	 * @param namespace its namespace; empty for one that lives in none
	 * @param name its name
	 */
	record ObjectView(String kind, String namespace, String name) {
	}

	/**
	 * What became of one item.
	 *
	 * @param outcome created, updated, unchanged or deleted
	 * @param resource the resource as it is now; as it was, when deleted
	 */
	record ItemView(String outcome, ResourceView resource) {

		static ItemView of(Commits.Result result) {
			return new ItemView(result.outcome().name().toLowerCase(java.util.Locale.ROOT),
					ResourceView.of(result.stored(), null));
		}

	}

}
