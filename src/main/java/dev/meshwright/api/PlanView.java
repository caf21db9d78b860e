package dev.meshwright.api;

import java.time.Instant;
import java.util.List;

import dev.meshwright.model.Caller;
import dev.meshwright.model.plan.PlannedAction;
import dev.meshwright.model.plan.PlannedFinding;
import dev.meshwright.model.plan.PlannedObject;
import dev.meshwright.model.plan.PlannedUnit;
import dev.meshwright.store.Change;
import dev.meshwright.store.PlanRequest;
import dev.meshwright.store.Plans;
import org.jspecify.annotations.Nullable;

/**
 * What a change set, or what is declared, would do to the clusters, as it was found out
 * once. It shows what is in namespaces that the caller may read.
 *
 * @param kind always {@code Plan}
 * @param id its id
 * @param digest a hash of what was planned, what was read for it and what would be done;
 * equal plans have equal digests
 * @param revision the revision at which it was made
 * @param creationTimestamp when it was made
 * @param expirationTimestamp until when it may be applied
 * @param applicable whether it may be applied: no error, and every cluster answered
 * @param applied what came of applying it; absent until it is
 * @param message of a change set, why
 * @param items the change set that was planned; absent when what is declared was
 * @param scope what was planned of what is declared; absent for a change set
 * @param summary how many objects would be created, updated and so on
 * @param diagnostics what the compiler says
 * @param units what would be done for each service and namespace on each cluster
 */
record PlanView(String kind, String id, String digest, long revision, Instant creationTimestamp,
		Instant expirationTimestamp, boolean applicable, @Nullable AppliedView applied, @Nullable String message,
		@Nullable List<ItemView> items, PlanBody.@Nullable ScopeView scope, SummaryView summary,
		List<PlannedFinding> diagnostics, List<PlannedUnit> units) {

	/** A plan as this caller may see it. */
	static PlanView of(Plans.Saved plan, Caller caller) {
		PlanRequest request = PlanRequest.read(plan.request());
		boolean changes = !request.changes().isEmpty();
		List<PlannedUnit> units = plan.content()
			.units()
			.stream()
			.filter((unit) -> caller.namespaces().includes(unit.namespace()))
			.toList();
		List<PlannedFinding> findings = plan.content()
			.findings()
			.stream()
			.filter((finding) -> caller.namespaces().includes(finding.namespace()))
			.toList();
		AppliedView applied = (plan.appliedAt() == null) ? null
				: new AppliedView(plan.appliedAt(), plan.appliedRevision());
		return new PlanView("Plan", plan.id().toString(), plan.digest(), plan.revision(), plan.createdAt(),
				plan.expiresAt(), plan.applicable() && !plan.expired(), applied, changes ? request.message() : null,
				changes ? items(request, caller) : null, changes ? null : PlanBody.ScopeView.of(request.scope()),
				SummaryView.of(units), findings, units);
	}

	private static List<ItemView> items(PlanRequest request, Caller caller) {
		return request.changes()
			.stream()
			.filter((change) -> caller.namespaces().includes(change.id().namespace()))
			.map((change) -> new ItemView((change instanceof Change.Put) ? "put" : "delete",
					change.id().kind().toString(), change.id().namespace(), change.id().name()))
			.toList();
	}

	/**
	 * What came of applying a plan.
	 *
	 * @param at when it was applied
	 * @param revision the head revision after that
	 */
	record AppliedView(Instant at, @Nullable Long revision) {
	}

	/**
	 * One resource of the change set.
	 *
	 * @param op put or delete
	 * @param kind its kind
	 * @param namespace its namespace; empty for one that lives in none
	 * @param name its name
	 */
	record ItemView(String op, String kind, String namespace, String name) {
	}

	/**
	 * How many objects, by what would become of them.
	 *
	 * @param create would be made
	 * @param update would be changed
	 * @param delete would be deleted
	 * @param release would stay without the fields that are ours
	 * @param unchanged are as they should be
	 * @param conflict are somebody else's, or have a field that is
	 * @param refused would be refused by the cluster
	 * @param held would not be touched until an operator releases them
	 * @param orphaned are kept although nothing declares them
	 * @param unknown could not be asked for
	 * @param takeOver of those updated, how many are somebody else's and would become
	 * ours
	 */
	record SummaryView(int create, int update, int delete, int release, int unchanged, int conflict, int refused,
			int held, int orphaned, int unknown, int takeOver) {

		static SummaryView of(List<PlannedUnit> units) {
			int[] counts = new int[PlannedAction.values().length];
			int takeOver = 0;
			for (PlannedUnit unit : units) {
				for (PlannedObject object : unit.objects()) {
					counts[object.action().ordinal()]++;
					takeOver += object.takeOver() ? 1 : 0;
				}
			}
			return new SummaryView(counts[PlannedAction.CREATE.ordinal()], counts[PlannedAction.UPDATE.ordinal()],
					counts[PlannedAction.DELETE.ordinal()], counts[PlannedAction.RELEASE.ordinal()],
					counts[PlannedAction.UNCHANGED.ordinal()], counts[PlannedAction.CONFLICT.ordinal()],
					counts[PlannedAction.REFUSED.ordinal()], counts[PlannedAction.HELD.ordinal()],
					counts[PlannedAction.ORPHANED.ordinal()], counts[PlannedAction.UNKNOWN.ordinal()], takeOver);
		}

	}

}
