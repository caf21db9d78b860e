package dev.meshwright.api;

import java.util.List;

import dev.meshwright.document.ShapeError;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.History;
import dev.meshwright.store.Revisions;
import dev.meshwright.store.Snapshots;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Finds what has to be written so that an earlier state is declared again. What is
 * written is a new revision like any other; history is never rewritten.
 */
@Component
class Rollbacks {

	private static final int MOST_ITEMS = 5000;

	private final Revisions revisions;

	private final History history;

	private final Snapshots snapshots;

	Rollbacks(Revisions revisions, History history, Snapshots snapshots) {
		this.revisions = revisions;
		this.history = history;
		this.snapshots = snapshots;
	}

	/**
	 * What a rollback changes.
	 * @param dryRun whether it is only shown, which needs no base: the revision that it
	 * shows is the base of the rollback
	 * @throws ApiFailure 403, 404, 409 when something was changed after its base, 422,
	 * 428
	 */
	Restoration rollback(Caller caller, RollbackRequest request, boolean dryRun) {
		History.Scope scope = request.scope().scope();
		permitted(caller, scope);
		long head = this.revisions.head();
		existing("/to", request.to(), head);
		@Nullable Long base = request.base();
		if (base != null) {
			existing("/base", base, head);
		}
		List<History.Difference> differences = lasting(scope,
				this.history.differences(caller, scope, request.to(), head, null, MOST_ITEMS + 1));
		if (base != null) {
			changedSince(differences.stream().filter((difference) -> difference.revision() > base).toList());
		}
		Restoration restoration = Restoration.of(differences);
		if (base == null && !dryRun) {
			needsNoBase(restoration);
		}
		return restoration;
	}

	/**
	 * What undoing a revision changes.
	 * @throws ApiFailure 403 when not all of it is the caller's, 404, 409 when a later
	 * revision changed the same resources, 422
	 */
	Restoration undo(Caller caller, long revision) {
		History.ChangeSet changeSet = this.history.changeSet(caller, revision)
			.orElseThrow(() -> noRevision("", revision, this.revisions.head()));
		if (!changeSet.complete()) {
			throw ApiFailure.of(HttpStatus.FORBIDDEN, "FORBIDDEN", "Revision " + revision
					+ " also changed what you may not see, and is undone as a whole or not at all; roll back your"
					+ " resources one by one, or ask an administrator");
		}
		changedSince(changeSet.changes().stream().filter((difference) -> difference.revision() > revision).toList());
		return Restoration.of(changeSet.changes());
	}

	/**
	 * What is decided for a time is not part of what is declared for good: it neither
	 * ends nor begins again because that goes back, unless it is named.
	 */
	private static List<History.Difference> lasting(History.Scope scope, List<History.Difference> differences) {
		if (differences.size() > MOST_ITEMS) {
			throw ApiFailure.of(HttpStatus.UNPROCESSABLE_CONTENT, "TOO_LARGE",
					"More than " + MOST_ITEMS + " resources would change; restore it namespace by namespace");
		}
		return (scope instanceof History.One) ? differences
				: differences.stream().filter((difference) -> difference.id().kind() != Kind.OVERRIDE).toList();
	}

	private static void permitted(Caller caller, History.Scope scope) {
		boolean permitted = switch (scope) {
			case History.One(ResourceId id) -> caller.namespaces().includes(id.namespace());
			case History.InNamespace(String namespace) -> caller.namespaces().includes(namespace);
			case History.Everything _ -> caller.namespaces().unrestricted() && caller.may(Permission.ADMINISTER);
		};
		if (!permitted) {
			throw ApiFailure.of(HttpStatus.FORBIDDEN,
					new ShapeError("/scope", "FORBIDDEN", "You may not write that; ask an administrator"));
		}
	}

	private static void existing(String pointer, long revision, long head) {
		if (revision < 1 || revision > head) {
			throw noRevision(pointer, revision, head);
		}
	}

	private static ApiFailure noRevision(String pointer, long revision, long head) {
		return ApiFailure.of(HttpStatus.NOT_FOUND, new ShapeError(pointer, "NO_SUCH_REVISION",
				"There is no revision " + revision + "; the newest is " + head));
	}

	private static void changedSince(List<History.Difference> later) {
		if (!later.isEmpty()) {
			throw ApiFailure.of(HttpStatus.CONFLICT, later.stream()
				.map((difference) -> new ShapeError("", "CHANGED_SINCE",
						difference.id() + " was changed by revision " + difference.revision()
								+ "; look at it, and decide whether that goes, too",
						difference.id().toString()))
				.toList());
		}
	}

	/** Where a write must say which version it means, so must a rollback. */
	private void needsNoBase(Restoration restoration) {
		List<ShapeError> needed = this.snapshots.read((snapshot) -> restoration.items()
			.stream()
			.filter((item) -> Writes.needsPrecondition(snapshot, item.change()))
			.map((item) -> item.error("", "PRECONDITION_REQUIRED", item.change().id()
					+ " is not written without a precondition: give base, the revision of the dry run that you looked at"))
			.toList());
		if (!needed.isEmpty()) {
			throw ApiFailure.of(HttpStatus.PRECONDITION_REQUIRED, needed);
		}
	}

}
