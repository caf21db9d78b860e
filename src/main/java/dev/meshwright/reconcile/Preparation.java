package dev.meshwright.reconcile;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.store.PushState.InventoryEntry;
import dev.meshwright.store.Pushes;
import dev.meshwright.store.Units.Cause;

/**
 * Finds out what a plan needs to know: what drifted, what became of earlier intents, and
 * what a committed revision takes away. Reads, and changes nothing.
 */
final class Preparation {

	private final Pushes pushes;

	private final String installation;

	Preparation(Pushes pushes, String installation) {
		this.pushes = pushes;
		this.installation = installation;
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
		List<ObjectRef> compared = jobs.stream()
			.filter(Preparation::isResync)
			.flatMap((job) -> job.inventory().keySet().stream())
			.toList();
		try {
			live.prepare(compared);
		}
		catch (ClusterFailure failure) {
			unread = Optional.of(failure);
		}
		for (UnitJob job : jobs) {
			try {
				if (unread.isPresent() && isResync(job)) {
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
	 * stays as it is. The tombstones keep the uids, should it be declared again.
	 */
	void letGo(UnitJob job) {
		if (!job.compilation().hasErrors()) {
			job.bury(List.copyOf(job.inventory().values()), job.compilation().revision());
		}
	}

	private static boolean isResync(UnitJob job) {
		return job.claim().cause() == Cause.RESYNC;
	}

	private void prepare(UnitJob job, LiveView live) throws InterruptedException {
		if (job.compilation().hasErrors()) {
			return;
		}
		compare(job, live);
		settleIntents(job, live);
		List<InventoryEntry> vanished = job.vanished();
		if (!vanished.isEmpty()) {
			OptionalLong revision = this.pushes.justification(job.compilation().reads(), job.state().compiledRevision(),
					job.compilation().revision());
			if (revision.isPresent()) {
				job.bury(vanished, revision.getAsLong());
			}
			else {
				job.orphan(vanished);
			}
		}
		if (!PushEnds.waitsForNamespace(job)) {
			job.makePlan();
		}
	}

	/** Everything in a resync; at all times what is fought over. */
	private static void compare(UnitJob job, LiveView live) throws InterruptedException {
		for (InventoryEntry entry : job.inventory().values()) {
			if (entry.uid() != null && entry.hash() != null && !entry.orphaned()
					&& (isResync(job) || entry.forced() > 0)) {
				Optional<LiveObject> found = live.find(entry.ref());
				if (found.isEmpty() || LiveComparison.drifted(entry, found.get())) {
					job.suspect().add(entry.ref());
				}
				else if (entry.forced() > 0) {
					job.calmed().add(entry.ref());
				}
			}
		}
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
