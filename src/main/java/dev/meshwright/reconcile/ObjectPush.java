package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dev.meshwright.cluster.Applied;
import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterFailure.FieldConflict;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.ObjectGateway;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;

/**
 * Applies objects of one unit, and never one that is not ours.
 *
 * <p>
 * A first apply names a resourceVersion that no object has: the API server creates what
 * does not exist and refuses with a conflict when something does, so that looking first
 * is not needed and nothing can come in between.
 *
 * @param gateway the cluster
 * @param stamps what is added to each body
 * @param revision the snapshot's revision
 * @param takeovers what is done about what is not ours
 * @param former uids of objects that we had and let go
 * @param now the database's time
 * @param takenOver whether another worker may still be at work on the unit, unaware that
 * its claim is lost
 * @param elsewhere why nothing may be made now, because what answers is not the cluster
 * any more; empty while it is
 */
record ObjectPush(ObjectGateway gateway, Stamps stamps, long revision, Takeovers takeovers,
		Map<ObjectRef, Set<String>> former, Instant now, boolean takenOver,
		Function<ObjectRef, Optional<Outcome.Failed>> elsewhere) {

	/** Older than every object: etcd counts from 1, and the first write is 2. */
	static final String BEFORE_EVERYTHING = "1";

	private static final int TRIES = 5;

	/**
	 * Applies one object.
	 * @param write what to apply
	 * @param entry what the inventory knew before this attempt, or null
	 * @param drifted whether it was compared at the resourceVersion of the entry, and
	 * others have changed it
	 */
	Outcome write(Step.Write write, @Nullable InventoryEntry entry, boolean drifted) {
		try {
			if (entry == null || (entry.uid() == null && entry.intentFence() == null)) {
				return create(write, entry, TRIES);
			}
			if (entry.uid() == null) {
				return meet(write, entry, this.gateway.get(write.ref()), TRIES);
			}
			Optional<LiveObject> done = unanswered(entry)
					? this.gateway.get(write.ref()).filter((live) -> isDone(write, entry, live)) : Optional.empty();
			return done.map((live) -> done(write, live))
				.orElseGet(() -> update(write, entry, new Target(entry.uid(), entry.resourceVersion(),
						(drifted && repeats(write, entry)) ? Force.AT_THIS_VERSION : Force.NO), TRIES));
		}
		catch (ClusterFailure failure) {
			return Failures.of(write.ref(), failure);
		}
	}

	private Outcome create(Step.Write write, @Nullable InventoryEntry entry, int tries) {
		Optional<Outcome.Failed> objection = this.elsewhere.apply(write.ref());
		if (objection.isPresent()) {
			return objection.get();
		}
		try {
			Map<String, Object> begun = write.shared().begun(body(write, entry));
			Applied applied = this.gateway.apply(new Apply(write.ref(), begun, null, BEFORE_EVERYTHING, false));
			if (applied.created()) {
				return begun(write, entry, applied.live(), tries);
			}
			ObjectRemoval.withdraw(this.gateway, applied.live());
			return foreign(write.ref(), applied.live());
		}
		catch (ClusterFailure.Stale | FieldConflict exists) {
			return meet(write, entry, this.gateway.get(write.ref()), tries - 1);
		}
	}

	/** What is leased begins as it is declared, and is let go at once. */
	private Outcome begun(Step.Write write, @Nullable InventoryEntry entry, LiveObject made, int tries) {
		Optional<LiveObject> live = write.shared().leases().isEmpty() ? Optional.empty()
				: this.gateway.get(write.ref()).filter((it) -> it.uid().equals(made.uid()) && FieldManagers.known(it));
		return live.map((it) -> update(write, entry, target(it, false), tries))
			.orElseGet(() -> written(write, entry, made, List.of()));
	}

	/** Decides what to do about what is there. */
	private Outcome meet(Step.Write write, @Nullable InventoryEntry entry, Optional<LiveObject> found, int tries) {
		if (tries <= 0) {
			return new Outcome.Failed(write.ref(), "Changing",
					write.ref() + " is created and deleted by others again and again");
		}
		if (found.isEmpty()) {
			return create(write, entry, tries);
		}
		LiveObject live = found.get();
		if (live.terminating()) {
			return new Outcome.Failed(write.ref(), Failures.TERMINATING,
					write.ref() + " is being deleted; it is made again when it is gone");
		}
		if (entry != null && isDone(write, entry, live)) {
			return done(write, live);
		}
		if (entry != null && this.stamps.prove(live, entry.intentFence())) {
			Outcome outcome = update(write, entry, target(live, false), tries - 1);
			return (outcome instanceof Outcome.Failed failed) ? failed.knowing(live) : outcome;
		}
		if (this.takeovers.of(write.ref()) == Takeovers.Foreign.TAKE_OVER) {
			return update(write, entry, target(live, true), tries - 1);
		}
		// of a Kubernetes Namespace we only own our labels, whoever made it
		boolean ours = write.ref().kind() == ObjectKind.NAMESPACE
				|| this.former.getOrDefault(write.ref(), Set.of()).contains(live.uid())
				|| this.takeovers.adopts(write.ref(), live.uid());
		return ours ? update(write, entry, target(live, false), tries - 1) : foreign(write.ref(), live);
	}

	private boolean unanswered(InventoryEntry entry) {
		return entry.intentFence() != null && !this.takenOver;
	}

	/**
	 * Whether the last attempt did what this one is about to do, and only its answer was
	 * lost: then nothing is to be written. Where somebody may still be at work whose
	 * claim was taken over it is written all the same, so that his late writes are
	 * refused.
	 */
	private boolean isDone(Step.Write write, InventoryEntry entry, LiveObject live) {
		return unanswered(entry) && write.hash().equals(entry.intentHash()) && write.shared().leases().isEmpty()
				&& (entry.uid() == null || entry.uid().equals(live.uid())) && !live.terminating()
				&& this.stamps.follows(live) && LiveComparison.includes(live.body(), write.body());
	}

	private static Outcome done(Step.Write write, LiveObject live) {
		return new Outcome.Written(write, live, Stamps.revision(live), List.of(), List.of());
	}

	private static Target target(LiveObject live, boolean force) {
		return new Target(live.uid(), live.resourceVersion(), force ? Force.YES : Force.NO);
	}

	/** Whether other managers' fields are taken over. */
	private enum Force {

		NO, AT_THIS_VERSION, YES

	}

	/** Which object is meant, and whether other managers' fields are taken over. */
	private record Target(String uid, @Nullable String resourceVersion, Force force) {
	}

	/**
	 * Whether a write pushes nothing but what was pushed last: whatever others have of it
	 * is drift, so that nobody need be asked which fields these are.
	 */
	private static boolean repeats(Step.Write write, InventoryEntry entry) {
		return entry.resourceVersion() != null && entry.intentFence() == null && write.hash().equals(entry.hash())
				&& write.shared().isAtRest();
	}

	private Outcome update(Step.Write write, @Nullable InventoryEntry entry, Target target, int most) {
		String uid = target.uid;
		String version = target.resourceVersion;
		boolean force = target.force != Force.NO;
		List<FieldConflict.Field> overruled = List.of();
		for (int tries = most; tries > 0; tries--) {
			try {
				Handed handed = handOver(write, uid, version, body(write, entry));
				version = handed.resourceVersion;
				Applied applied = this.gateway.apply(new Apply(write.ref(), handed.body, uid, version, force));
				return written(write, entry, takeBack(write, applied.live()), overruled);
			}
			catch (FieldConflict conflict) {
				// what we pushed last is drift; what we never pushed is theirs
				if (force || !mayOverrule(conflict, write, entry, uid)) {
					throw conflict;
				}
				overruled = conflict.fields().stream().filter((field) -> drifted(field, write, entry)).toList();
				Duration left = (entry == null || overruled.isEmpty()) ? Duration.ZERO : Fight.left(entry, this.now);
				if (left.isPositive()) {
					return Fight.over(write.ref(), overruled, left);
				}
				force = true;
			}
			catch (ClusterFailure.Stale | ClusterFailure.WrongUid changed) {
				Optional<LiveObject> live = this.gateway.get(write.ref());
				if (live.isEmpty() || !live.get().uid().equals(uid)) {
					return meet(write, again(entry), live, tries - 1);
				}
				if (this.stamps.outrunBy(live.get())) {
					return new Outcome.Failed(write.ref(), "Superseded",
							write.ref() + " was written by a later attempt of ours");
				}
				version = live.get().resourceVersion();
				// whatever changed may be a field that we must not take
				force = target.force == Force.YES;
			}
		}
		return new Outcome.Failed(write.ref(), "Changing",
				write.ref() + " is changed by others faster than we read it");
	}

	/**
	 * What remains known of an object in whose place there is another one, or none: if an
	 * attempt of ours made it, that one left an intent open.
	 */
	private static @Nullable InventoryEntry again(@Nullable InventoryEntry entry) {
		return (entry == null || entry.intentFence() == null) ? null : entry;
	}

	private boolean mayOverrule(FieldConflict conflict, Step.Write write, @Nullable InventoryEntry entry, String uid) {
		return !conflict.fields().isEmpty() && conflict.fields()
			.stream()
			.allMatch((field) -> drifted(field, write, entry) || write.shared().regains(field.path())
					|| write.shared().leases(field.path()) || this.takeovers.adopts(write.ref(), uid, field));
	}

	/**
	 * Whether others changed, or took over, what we pushed last; our stamps are part of
	 * that.
	 */
	private boolean drifted(FieldConflict.Field field, Step.Write write, @Nullable InventoryEntry entry) {
		return entry != null && FieldPath.covers(this.stamps.on(entry.body(), entry.revision()), field.path())
				&& !write.shared().regains(field.path());
	}

	/** What to apply after fields were handed over, and to which version. */
	private record Handed(@Nullable String resourceVersion, Map<String, Object> body) {
	}

	/**
	 * Gives the fields that are about to be released a manager that keeps their live
	 * values until their new owner writes them. It also sets back what somebody wrote to
	 * whom a field is not leased.
	 */
	private Handed handOver(Step.Write write, String uid, @Nullable String resourceVersion, Map<String, Object> body) {
		SharedFields shared = write.shared();
		Optional<LiveObject> found = !shared.changeHands() ? Optional.empty()
				: this.gateway.get(write.ref()).filter((live) -> live.uid().equals(uid) && !this.stamps.outrunBy(live));
		if (found.isEmpty()) {
			return new Handed(resourceVersion, body);
		}
		LiveObject live = found.get();
		Map<String, Object> filled = FieldManagers.known(live) ? body : shared.with(body, live.body());
		SharedFields.Handover handover = shared.handover(live);
		if (handover.fields().isEmpty()) {
			return new Handed(resourceVersion, filled);
		}
		return new Handed(handOver(live, handover).resourceVersion(), filled);
	}

	private LiveObject handOver(LiveObject live, SharedFields.Handover handover) {
		Map<String, Object> body = Stamps.nothing(live.ref());
		body.putAll(handover.fields());
		return this.gateway
			.apply(new Apply(live.ref(), body, live.uid(), live.resourceVersion(), handover.force(),
					ObjectGateway.HANDOVER_MANAGER))
			.live();
	}

	/** What is ours again has no other manager of ours any more. */
	private LiveObject takeBack(Step.Write write, LiveObject live) {
		return write.shared().stillHandedOver(live) ? handOver(live, write.shared().returned(live)) : live;
	}

	private Map<String, Object> body(Step.Write write, @Nullable InventoryEntry entry) {
		return this.stamps.on(write.body(), revision(write, entry));
	}

	/** While an intent is open the content may have been another one in between. */
	private long revision(Step.Write write, @Nullable InventoryEntry entry) {
		return (entry != null && entry.intentFence() == null && write.hash().equals(entry.hash())) ? entry.revision()
				: this.revision;
	}

	private Outcome written(Step.Write write, @Nullable InventoryEntry entry, LiveObject live,
			List<FieldConflict.Field> overruled) {
		return new Outcome.Written(write, live, revision(write, entry), overruled,
				Rewriting.of(body(write, entry), live));
	}

	private Outcome foreign(ObjectRef ref, LiveObject live) {
		if (this.takeovers.of(ref) == Takeovers.Foreign.HOLD) {
			return new Outcome.Failed(ref, Programmed.HELD,
					ref + " exists (uid " + live.uid() + ") and was not made by this installation; the plan that was "
							+ "applied does not take it over. Make a plan that does, and apply it");
		}
		return new Outcome.Failed(ref, Failures.CONFLICT, ref + " exists (uid " + live.uid()
				+ ") and was not made by this installation; it is left alone. Rename the service, delete the object, "
				+ "adopt it for the service, or say conflictPolicy: takeOver in the namespace");
	}

}
