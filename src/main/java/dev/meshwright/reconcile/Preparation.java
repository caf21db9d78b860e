package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.store.PushProgress;
import dev.meshwright.store.PushState.InventoryEntry;
import dev.meshwright.store.Units.Cause;
import dev.meshwright.store.Watches;
import dev.meshwright.store.Watches.Look;

/**
 * Finds out what a plan needs to know: what drifted, what became of earlier intents, and
 * what a committed revision takes away. Reads, and changes nothing.
 */
final class Preparation {

	private final PushProgress pushes;

	private final Watches watches;

	private final String installation;

	private final Closing closing;

	Preparation(PushProgress pushes, Watches watches, String installation) {
		this.pushes = pushes;
		this.watches = watches;
		this.installation = installation;
		this.closing = new Closing(pushes);
	}

	Stamps stamps(UnitJob job) {
		return new Stamps(this.installation, job.claim().fence());
	}

	/**
	 * Prepares and plans; a unit about which the cluster does not answer is obstructed.
	 */
	void prepare(List<UnitJob> jobs, Access.Open open, ClusterLane lane) throws InterruptedException {
		LiveView live = new LiveView(open.gateway(), lane, jobs.stream().anyMatch((job) -> job.claim().urgent()));
		Optional<ClusterFailure> unread = Optional.empty();
		Map<UnitId, Map<ObjectRef, Look>> looks = this.watches
			.looks(jobs.stream().map((job) -> job.claim().unit()).toList());
		List<ObjectRef> compared = new ArrayList<>();
		for (UnitJob job : jobs) {
			job.looks().putAll(looks.getOrDefault(job.claim().unit(), Map.of()));
			watched(job);
			job.inventory()
				.values()
				.stream()
				.filter((entry) -> isCompared(job, entry))
				.map(InventoryEntry::ref)
				.forEach(compared::add);
		}
		try {
			live.prepare(compared);
		}
		catch (ClusterFailure failure) {
			unread = Optional.of(failure);
		}
		for (UnitJob job : jobs) {
			try {
				if (unread.isPresent()
						&& job.inventory().values().stream().anyMatch((entry) -> isCompared(job, entry))) {
					throw unread.get();
				}
				prepare(job, live);
			}
			catch (ClusterFailure failure) {
				job.obstruct(Failures.of(PushEnds.namespace(job), failure));
			}
		}
	}

	/**
	 * The cluster is not declared any more, and with it went the way to it: what is there
	 * stays as it is. The tombstones keep the uids, should it be declared again. Where no
	 * revision took the cluster away, such as when what is declared reads empty, nothing
	 * is let go.
	 */
	void letGo(UnitJob job) {
		List<InventoryEntry> vanished = job.vanished();
		if (vanished.isEmpty()) {
			return;
		}
		OptionalLong revision = justification(job);
		if (revision.isPresent()) {
			job.bury(vanished, revision.getAsLong());
		}
		else {
			job.obstruct(new Outcome.Failed(vanished.getFirst().ref(), "Unjustified",
					"cluster " + job.claim().unit().cluster()
							+ " is not declared, but no revision took it away: its objects stay known. "
							+ "See whether the database is complete, or declare the cluster and delete it"));
		}
	}

	private OptionalLong justification(UnitJob job) {
		return this.pushes.justification(job.compilation().reads(), job.state().compiledRevision(),
				job.compilation().revision());
	}

	private static boolean isResync(UnitJob job) {
		return job.claim().cause() == Cause.RESYNC;
	}

	private void prepare(UnitJob job, LiveView live) throws InterruptedException {
		if (job.compilation().hasErrors()) {
			return;
		}
		try (PushTrace.Span _ = job.trace().step("plan")) {
			plan(job, live);
		}
	}

	private void plan(UnitJob job, LiveView live) throws InterruptedException {
		compare(job, live);
		settleIntents(job, live);
		List<InventoryEntry> vanished = job.vanished();
		if (!vanished.isEmpty() || job.compilation().push().conflictPolicy() == ConflictPolicy.TAKE_OVER) {
			job.limit(this.pushes.limit(job.claim().unit(), job.compilation().reads(), job.compilation().revision()));
		}
		if (!vanished.isEmpty()) {
			OptionalLong revision = justification(job);
			if (revision.isPresent()) {
				job.bury(vanished, revision.getAsLong());
			}
			else {
				job.orphan(vanished);
			}
		}
		job.accountChange()
			.ifPresent((change) -> job
				.hold(this.pushes.notAdmitting(job.claim().unit(), change.former(), change.account())));
		if (!PushEnds.waitsForNamespace(job)) {
			job.makePlan();
		}
		this.closing.close(job);
	}

	/** What the watches have seen needs no other look. */
	private static void watched(UnitJob job) {
		for (InventoryEntry entry : job.inventory().values()) {
			if (job.looks().get(entry.ref()) == Look.AGREES && entry.intentFence() == null) {
				job.seen().add(entry.ref());
				if (isResync(job) && entry.forced() > 0) {
					calm(job, entry);
				}
			}
		}
	}

	/**
	 * It is as it was pushed. So it is right after our write, too, when whoever fights
	 * for it has not answered yet.
	 */
	private static void calm(UnitJob job, InventoryEntry entry) {
		job.calmed().add(entry.ref());
		Duration left = Fight.left(entry, job.state().now());
		if (Fight.isOn(entry.forced()) && left.isPositive()) {
			job.heldBack().add(Fight.paused(entry.ref(), left));
		}
	}

	/** In a resync whatever nobody watches; at all times what is fought over. */
	private static boolean isCompared(UnitJob job, InventoryEntry entry) {
		return entry.uid() != null && entry.hash() != null && !entry.orphaned() && (isResync(job)
				? !job.seen().contains(entry.ref()) || !entry.rewritten().isEmpty() : entry.forced() > 0);
	}

	private void compare(UnitJob job, LiveView live) throws InterruptedException {
		for (InventoryEntry entry : List.copyOf(job.inventory().values())) {
			if (isCompared(job, entry)) {
				Optional<LiveObject> found = live.find(entry.ref());
				Optional<Drift> drift = Drift.of(entry, found);
				if (drift.isEmpty()) {
					job.looked(entry, found.orElseThrow(), LiveComparison.ownedHash(found.orElseThrow()));
					job.seen().add(entry.ref());
					if (entry.forced() > 0 || job.looks().get(entry.ref()) == Look.DIFFERS) {
						calm(job, entry);
					}
					if (!entry.rewritten().isEmpty() && !isStillRewritten(job, entry, found.orElseThrow(), live)) {
						job.suspect().add(entry.ref());
					}
				}
				else {
					drifted(job, entry, drift.get(), found);
				}
			}
		}
	}

	/**
	 * Whether an admission webhook would make the same of it again; it is not written to
	 * find out.
	 */
	private boolean isStillRewritten(UnitJob job, InventoryEntry entry, LiveObject found, LiveView live)
			throws InterruptedException {
		Map<String, Object> body = stamps(job).on(entry.body(), entry.revision());
		try {
			// our stamps are new with each attempt
			return Rewriting.alike(entry.body(), found,
					live.rehearse(new Apply(entry.ref(), body, entry.uid(), found.resourceVersion(), false)));
		}
		catch (ClusterFailure unknown) {
			return true;
		}
	}

	/** It is set right, unless the namespace or a fight asks to leave it. */
	private void drifted(UnitJob job, InventoryEntry entry, Drift drift, Optional<LiveObject> found) {
		boolean reported = job.compilation().push().driftPolicy() == DriftPolicy.REPORT;
		if (reported && !drift.shows()) {
			job.seen().add(entry.ref());
			return;
		}
		job.seen().remove(entry.ref());
		job.drifts().put(entry.ref(), drift);
		Duration left = Fight.left(entry, job.state().now());
		if (reported) {
			return;
		}
		if (left.isPositive()) {
			job.heldBack().add(Fight.over(entry.ref(), drift.conflicts(), left));
			return;
		}
		job.suspect().add(entry.ref());
		found.filter((it) -> it.uid().equals(entry.uid()) && !stamps(job).outrunBy(it))
			.ifPresent((it) -> job.looked(entry, it, entry.ownedHash()));
	}

	/**
	 * An intent to create something that is not wanted any more: whether anything came of
	 * it, only the cluster knows.
	 */
	private void settleIntents(UnitJob job, LiveView live) throws InterruptedException {
		Stamps stamps = stamps(job);
		for (InventoryEntry entry : job.vanished()) {
			if (entry.uid() == null) {
				Optional<LiveObject> found = live.find(entry.ref());
				job.found(entry, found.filter((it) -> stamps.prove(it, entry.intentFence())).map(LiveObject::uid));
			}
		}
	}

}
