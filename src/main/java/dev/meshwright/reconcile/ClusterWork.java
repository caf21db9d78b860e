package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.compile.Compilation;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.store.PushEnd;
import dev.meshwright.store.PushState;
import dev.meshwright.store.PushState.InventoryEntry;
import dev.meshwright.store.Pushes;
import dev.meshwright.store.Pushes.Begun;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.Units.Cause;
import dev.meshwright.store.Units.Claim;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on units of one cluster that were claimed together: compiles them on one
 * snapshot, plans, records, pushes each on its own, and hands in how each ended.
 */
final class ClusterWork {

	/** To be raised when the same declarations come to compile to other manifests. */
	static final int COMPILER_VERSION = 1;

	private static final Logger logger = LoggerFactory.getLogger(ClusterWork.class);

	private final BiFunction<UnitId, Snapshot, Compilation> compiler;

	private final Snapshots snapshots;

	private final Pushes pushes;

	private final ClusterAccess access;

	private final String installation;

	private final ExecutorService threads;

	private final Predicate<Claim> lost;

	private final Consumer<PushEnd> ends;

	ClusterWork(BiFunction<UnitId, Snapshot, Compilation> compiler, Snapshots snapshots, Pushes pushes,
			ClusterAccess access, String installation, ExecutorService threads, Predicate<Claim> lost,
			Consumer<PushEnd> ends) {
		this.compiler = compiler;
		this.snapshots = snapshots;
		this.pushes = pushes;
		this.access = access;
		this.installation = installation;
		this.threads = threads;
		this.lost = lost;
		this.ends = ends;
	}

	/** Works on units of a cluster until each has ended or its push is under way. */
	void work(String cluster, List<Claim> claims, ClusterLane lane) throws InterruptedException {
		List<UnitJob> jobs = compile(claims);
		Access opened = this.access.open(cluster);
		switch (opened) {
			case Access.Open open -> prepare(jobs, open, lane);
			case Access.Shut shut -> jobs.forEach((job) -> job.obstruct(obstacle(job, shut)));
		}
		Map<UnitId, UnitJob> byUnit = new HashMap<>();
		jobs.forEach((job) -> byUnit.put(job.claim().unit(), job));
		List<Future<?>> pushing = new ArrayList<>();
		for (Begun begun : this.pushes.begin(jobs.stream().map((job) -> job.beginning(COMPILER_VERSION)).toList())) {
			UnitJob job = byUnit.get(begun.claim().unit());
			if (opened instanceof Access.Open open && !job.plan().stages().isEmpty()) {
				pushing.add(this.threads.submit(() -> push(job, begun, open, lane)));
			}
			else {
				this.ends.accept(PushEnds.of(job, PushEnds.untouched(job),
						opened instanceof Access.Open open && open.sandbox()));
			}
		}
		for (Future<?> push : pushing) {
			try {
				push.get();
			}
			catch (java.util.concurrent.ExecutionException ex) {
				logger.error("A push on {} broke off; it is taken up again when its lease is over", cluster,
						ex.getCause());
			}
		}
	}

	private static Outcome.Failed obstacle(UnitJob job, Access.Shut shut) {
		ObjectRef any = job.inventory().keySet().stream().findFirst().orElse(PushEnds.namespace(job));
		return new Outcome.Failed(any, shut.reason(), shut.message());
	}

	private List<UnitJob> compile(List<Claim> claims) {
		Map<UnitId, PushState> states = this.pushes.states(claims.stream().map(Claim::unit).toList());
		return this.snapshots.read((snapshot) -> {
			List<UnitJob> jobs = new ArrayList<>();
			for (Claim claim : claims) {
				PushState state = states.get(claim.unit());
				try {
					if (state != null) {
						jobs.add(new UnitJob(claim, state, this.compiler.apply(claim.unit(), snapshot)));
					}
				}
				catch (RuntimeException ex) {
					logger.error("Compiling {} failed; it is tried again later", claim.unit(), ex);
					this.ends.accept(PushEnds.broken(claim));
				}
			}
			return jobs;
		});
	}

	private void prepare(List<UnitJob> jobs, Access.Open open, ClusterLane lane) throws InterruptedException {
		LiveView live = new LiveView(open.gateway(), lane);
		Optional<ClusterFailure> unread = Optional.empty();
		List<ObjectRef> compared = jobs.stream()
			.filter((job) -> job.claim().cause() == Cause.RESYNC)
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
				if (unread.isPresent() && job.claim().cause() == Cause.RESYNC) {
					throw unread.get();
				}
				prepare(job, live);
			}
			catch (ClusterFailure failure) {
				job.obstruct(Failures.of(PushEnds.namespace(job), failure));
			}
		}
	}

	private void prepare(UnitJob job, LiveView live) throws InterruptedException {
		if (job.compilation().hasErrors()) {
			return;
		}
		if (job.claim().cause() == Cause.RESYNC) {
			compare(job, live);
		}
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

	private static void compare(UnitJob job, LiveView live) throws InterruptedException {
		for (InventoryEntry entry : job.inventory().values()) {
			if (entry.uid() != null && entry.hash() != null && !entry.orphaned()) {
				Optional<LiveObject> found = live.find(entry.ref());
				if (found.isEmpty() || LiveComparison.drifted(entry, found.get())) {
					job.suspect().add(entry.ref());
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

	private Stamps stamps(UnitJob job) {
		return new Stamps(this.installation, job.claim().fence());
	}

	private void push(UnitJob job, Begun begun, Access.Open open, ClusterLane lane) {
		try {
			ObjectPush objects = new ObjectPush(open.gateway(), stamps(job), job.compilation().revision(),
					job.compilation().push().conflictPolicy() == ConflictPolicy.TAKE_OVER);
			UnitPush.Result result = new UnitPush(job, objects, begun.refused(), lane,
					() -> this.lost.test(job.claim()))
				.run();
			this.ends.accept(PushEnds.of(job, result, open.sandbox()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
