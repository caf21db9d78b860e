package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterFailure.FieldConflict;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.document.CanonicalJson;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.plan.FieldChange;
import dev.meshwright.model.plan.FieldOwner;
import dev.meshwright.model.plan.PlannedAction;
import dev.meshwright.model.plan.PlannedObject;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a push would do to each object of a unit, by pushing it in a
 * {@link Rehearsal}.
 *
 * @param job the unit
 * @param course the whole way of its push
 * @param gateway the cluster
 * @param lane the way to it
 * @param stamps what is added to each body
 * @param former uids of objects that we had and let go
 */
record ObjectForecast(UnitJob job, Course course, ClusterGateway gateway, ClusterLane lane, Stamps stamps,
		Map<ObjectRef, Set<String>> former) {

	private static final Set<String> SILENT = Set.of(Failures.UNREACHABLE, Failures.INTERNAL, "Throttled");

	/**
	 * What would become of an object.
	 *
	 * @param object as it is shown
	 * @param evidence a hash of what was seen of it and would be done
	 */
	record Seen(PlannedObject object, String evidence) {

		/** The same of an object whose fields others have. */
		Seen with(List<FieldOwner> owners, @Nullable String uid) {
			PlannedObject it = this.object;
			return new Seen(
					new PlannedObject(it.apiVersion(), it.kind(), it.namespace(), it.name(), it.action(), it.phases(),
							it.takeOver(), it.verified(), it.reason(), it.message(), it.changes(), owners, uid),
					CanonicalJson.sha256(List.of(this.evidence, owners.stream().map(FieldOwner::toString).toList())));
		}

	}

	/** An object; empty when nothing is known of it, nor would be. */
	Optional<Seen> of(ObjectRef ref, @Nullable Step step) throws InterruptedException {
		@Nullable InventoryEntry entry = this.job.inventory().get(ref);
		return switch (step) {
			case Step.Write write -> Optional.of(write(write, entry));
			case Step.Remove remove when entry != null -> remove(remove, entry);
			case Step.Remove _ -> Optional.empty();
			case null -> (entry == null || entry.uid() == null) ? Optional.empty()
					: Optional.of(seen(ref,
							this.job.orphans().contains(ref) ? PlannedAction.ORPHANED : PlannedAction.UNCHANGED,
							entry.uid(), String.valueOf(entry.hash())));
		};
	}

	private Seen write(Step.Write write, @Nullable InventoryEntry entry) throws InterruptedException {
		Rehearsal rehearsal = new Rehearsal(this.gateway);
		ObjectRef ref = write.ref();
		Optional<LiveObject> live;
		try {
			live = this.lane.call(true, () -> this.gateway.get(ref));
		}
		catch (ClusterFailure failure) {
			return failed(Failures.of(ref, failure), write, null);
		}
		String uid = live.map(LiveObject::uid).orElse("");
		boolean ours = entry != null && entry.uid() != null;
		return switch (rehearse(ref, () -> push(rehearsal).write(write, entry, false))) {
			case Outcome.Written written when live.isEmpty() -> seen(ref, PlannedAction.CREATE, uid, write.hash());
			case Outcome.Written written -> {
				List<FieldDiff.Change> changes = changes(write, entry, live.get(), written.live().body());
				boolean takeOver = !ours && ref.kind() != ObjectKind.NAMESPACE
						&& (rehearsal.forced() || this.job.takeovers().adopts(ref, uid));
				PlannedAction action = (changes.isEmpty() && !takeOver) ? PlannedAction.UNCHANGED
						: PlannedAction.UPDATE;
				yield seen(ref, action, takeOver, true, null, null, shown(changes, live.get()), uid, write.hash(),
						changes);
			}
			case Outcome.Failed failed when failed.reason().equals("DryRunUnsupported")
					|| (failed.reason().equals("NamespaceMissing") && live.isEmpty()) ->
				unverified(failed, write, entry, live);
			case Outcome.Failed failed when failed.reason().equals(Failures.CONFLICT) && live.isPresent() ->
				conflict(failed, write, entry, live.get());
			case Outcome.Failed failed -> failed(failed, write, live.orElse(null));
			case Outcome.Removed _ -> throw new IllegalStateException("A write removes nothing: " + ref);
		};
	}

	private Outcome rehearse(ObjectRef ref, Supplier<Outcome> push) throws InterruptedException {
		try {
			return this.lane.call(true, push);
		}
		catch (ClusterFailure failure) {
			return Failures.of(ref, failure);
		}
	}

	private ObjectPush push(Rehearsal rehearsal) {
		Instant now = this.job.state().now();
		return new ObjectPush(rehearsal, this.stamps, this.job.compilation().revision(), this.job.takeovers(),
				this.former, now, this.job.claim().takenOver(), (ref) -> Optional.empty());
	}

	private ObjectRemoval removal() {
		return new ObjectRemoval(new Rehearsal(this.gateway), this.lane.moving());
	}

	/** The API server could not be asked: it is what our own books say. */
	private Seen unverified(Outcome.Failed failed, Step.Write write, @Nullable InventoryEntry entry,
			Optional<LiveObject> live) {
		boolean unasked = failed.reason().equals("NamespaceMissing");
		List<FieldDiff.Change> changes = live.map((found) -> changes(write, entry, found, write.body()))
			.orElse(List.of());
		return seen(write.ref(), live.isEmpty() ? PlannedAction.CREATE : PlannedAction.UPDATE, false, false,
				unasked ? "NamespacePending" : failed.reason(),
				unasked ? "The Kubernetes Namespace is not there yet, so the API server could not be asked"
						: Masking.message(failed.message(), write.body()),
				live.map((found) -> shown(changes, found)).orElse(List.of()), live.map(LiveObject::uid).orElse(""),
				write.hash(), changes);
	}

	/** Somebody else's, as a whole or in some fields; and whether it could be adopted. */
	private Seen conflict(Outcome.Failed failed, Step.Write write, @Nullable InventoryEntry entry, LiveObject live)
			throws InterruptedException {
		Map<String, Object> body = this.stamps.on(write.body(), this.job.compilation().revision());
		List<FieldOwner> owners = new ArrayList<>();
		try {
			LiveObject after = this.lane.call(true, () -> {
				try {
					return this.gateway.dryRun(take(body, live, false)).live();
				}
				catch (FieldConflict conflict) {
					conflict.fields()
						.stream()
						.map((field) -> new FieldOwner(field.manager(), field.path()))
						.distinct()
						.forEach(owners::add);
					return this.gateway.dryRun(take(body, live, true)).live();
				}
			});
			return conflict(write, live, Masking.message(failed.message(), write.body()), owners,
					shown(changes(write, entry, live, after.body()), live), live.uid());
		}
		catch (ClusterFailure failure) {
			String why = "It cannot be adopted: " + Failures.of(write.ref(), failure).message();
			return conflict(write, live, Masking.message(failed.message() + ". " + why, write.body()), owners,
					List.of(), null);
		}
	}

	private static Apply take(Map<String, Object> body, LiveObject live, boolean force) {
		return new Apply(live.ref(), body, live.uid(), live.resourceVersion(), force);
	}

	private Seen conflict(Step.Write write, LiveObject live, String message, List<FieldOwner> owners,
			List<FieldChange> changes, @Nullable String uid) {
		Seen seen = seen(write.ref(), PlannedAction.CONFLICT, false, true, Failures.CONFLICT, message, changes,
				live.uid(), write.hash(), List.of());
		return seen.with(owners, uid);
	}

	private Seen failed(Outcome.Failed failed, Step.Write write, @Nullable LiveObject live) {
		PlannedAction action = SILENT.contains(failed.reason()) ? PlannedAction.UNKNOWN
				: failed.reason().equals(Failures.CONFLICT) ? PlannedAction.CONFLICT : PlannedAction.REFUSED;
		return seen(write.ref(), action, false, action == PlannedAction.CONFLICT, failed.reason(),
				Masking.message(failed.message(), write.body()), List.of(), (live != null) ? live.uid() : "",
				write.hash(), List.of());
	}

	private Optional<Seen> remove(Step.Remove remove, InventoryEntry entry) throws InterruptedException {
		ObjectRef ref = remove.ref();
		String uid = String.valueOf(entry.uid());
		if (remove.how() == Step.How.FORGET) {
			return Optional.of(seen(ref, PlannedAction.RELEASE, uid, ""));
		}
		try {
			if (this.lane.call(true, () -> this.gateway.get(ref))
				.filter((live) -> live.uid().equals(entry.uid()))
				.isEmpty()) {
				return Optional.empty();
			}
		}
		catch (ClusterFailure failure) {
			Outcome.Failed failed = Failures.of(ref, failure);
			return Optional.of(seen(ref, PlannedAction.UNKNOWN, false, false, failed.reason(), failed.message(),
					List.of(), uid, "", List.of()));
		}
		PlannedAction wanted = (remove.how() == Step.How.WITHDRAW) ? PlannedAction.RELEASE : PlannedAction.DELETE;
		return Optional.of(switch (rehearse(ref, () -> removal().remove(remove, entry, false))) {
			case Outcome.Failed failed -> {
				PlannedAction action = switch (failed.reason()) {
					case "Orphaned" -> PlannedAction.ORPHANED;
					case "Terminating" -> wanted;
					default -> SILENT.contains(failed.reason()) ? PlannedAction.UNKNOWN : PlannedAction.REFUSED;
				};
				yield seen(ref, action, false, false, failed.reason(), failed.message(), List.of(), uid, "", List.of());
			}
			default -> seen(ref, wanted, uid, "");
		});
	}

	private static List<FieldDiff.Change> changes(Step.Write write, @Nullable InventoryEntry entry, LiveObject live,
			Map<String, Object> after) {
		List<Map<String, Object>> ours = new ArrayList<>(List.of(write.body()));
		if (entry != null && !entry.body().isEmpty()) {
			ours.add(entry.body());
		}
		return FieldDiff.between(live.body(), after, ours, write.shared().pointers(live.body()));
	}

	private static List<FieldChange> shown(List<FieldDiff.Change> changes, LiveObject live) {
		return changes.stream()
			.map((change) -> new FieldChange(change.pointer(), Masking.masked(change.before(), change),
					Masking.masked(change.after(), change), FieldManagers.other(live, change.pointer())))
			.toList();
	}

	private Seen seen(ObjectRef ref, PlannedAction action, String uid, String hash) {
		boolean asked = action == PlannedAction.CREATE;
		return seen(ref, action, false, asked, null, null, List.of(), uid, hash, List.of());
	}

	private Seen seen(ObjectRef ref, PlannedAction action, boolean takeOver, boolean verified, @Nullable String reason,
			@Nullable String message, List<FieldChange> shown, String uid, String hash,
			List<FieldDiff.Change> changes) {
		ObjectKind kind = ref.kind();
		boolean touched = action != PlannedAction.UNCHANGED && action != PlannedAction.ORPHANED;
		List<String> phases = !touched ? List.of()
				: this.course.phases(ref).stream().map((phase) -> phase.name().toLowerCase(Locale.ROOT)).toList();
		PlannedObject object = new PlannedObject(kind.apiVersion(), kind.kind(), ref.namespace(), ref.name(), action,
				phases, takeOver, verified, reason, message, shown, List.of(), null);
		List<Object> evidence = new ArrayList<>(List.of(action.toString(), takeOver, uid, hash, phases));
		changes.forEach((change) -> evidence.add(List.of(change.pointer(), String.valueOf(change.before()))));
		return new Seen(object, CanonicalJson.sha256(evidence));
	}

}
