package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.ForeseenReads;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.store.BulkWork;
import dev.meshwright.store.PushEnd;
import dev.meshwright.store.PushState;
import dev.meshwright.store.Pushes;
import dev.meshwright.store.Pushes.Begun;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Watches;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on units of one cluster that were claimed together: compiles them on one
 * snapshot, plans, records, pushes each on its own, and hands in how each ended.
 */
final class ClusterWork {

	/** How many units begin in one transaction. */
	private static final int AT_ONCE = 16;

	private static final Logger logger = LoggerFactory.getLogger(ClusterWork.class);

	private final BiFunction<UnitId, Snapshot, Compilation> compiler;

	private final int version;

	private final Snapshots snapshots;

	private final Pushes pushes;

	private final ClusterAccess access;

	private final Preparation preparation;

	private final ExecutorService threads;

	private final Predicate<Claim> lost;

	private final Consumer<PushEnd> ends;

	private final Breakdowns breakdowns;

	private final Function<Claim, PushTrace> traces;

	private final Grants grants;

	private final ReentrantLock recording = new ReentrantLock(true);

	/** Work without traces. */
	ClusterWork(BiFunction<UnitId, Snapshot, Compilation> compiler, int version, Snapshots snapshots, Pushes pushes,
			Watches watches, ClusterAccess access, String installation, ExecutorService threads, Predicate<Claim> lost,
			Consumer<PushEnd> ends, Breakdowns breakdowns) {
		this(compiler, version, snapshots, pushes, watches, access, installation, threads, lost, ends, breakdowns,
				(claim) -> PushTrace.none());
	}

	ClusterWork(BiFunction<UnitId, Snapshot, Compilation> compiler, int version, Snapshots snapshots, Pushes pushes,
			Watches watches, ClusterAccess access, String installation, ExecutorService threads, Predicate<Claim> lost,
			Consumer<PushEnd> ends, Breakdowns breakdowns, Function<Claim, PushTrace> traces) {
		this.traces = traces;
		this.compiler = compiler;
		this.version = version;
		this.snapshots = snapshots;
		this.pushes = pushes;
		this.grants = new Grants(pushes);
		this.access = access;
		this.preparation = new Preparation(pushes, watches, installation);
		this.threads = threads;
		this.lost = lost;
		this.ends = ends;
		this.breakdowns = breakdowns;
	}

	/**
	 * Works on units of a cluster until each has ended. When it throws, nothing was
	 * pushed yet; from then on each unit only answers for itself.
	 */
	void work(String cluster, List<Claim> claims, ClusterLane lane) throws InterruptedException {
		Map<Claim, PushTrace> traced = new HashMap<>();
		claims.forEach((claim) -> traced.put(claim, this.traces.apply(claim)));
		try {
			push(cluster, compile(claims, traced), lane);
		}
		finally {
			traced.values().forEach((trace) -> trace.end("BrokenOff"));
		}
	}

	private void push(String cluster, List<UnitJob> jobs, ClusterLane lane) throws InterruptedException {
		List<UnitJob> gone = jobs.stream().filter(UnitJob::isClusterGone).toList();
		List<UnitJob> present = jobs.stream().filter((job) -> !job.isClusterGone()).toList();
		gone.forEach(this.preparation::letGo);
		Access opened = this.access.open(cluster,
				jobs.stream().mapToLong((job) -> job.compilation().revision()).max().orElse(Long.MAX_VALUE));
		switch (opened) {
			case Access.Open open -> this.preparation.prepare(present, open, lane);
			case Access.Shut shut -> present.forEach((job) -> job.obstruct(obstacle(job, shut)));
		}
		push(begin(jobs), jobs, opened, lane);
	}

	/**
	 * A few at a time: while reads are recorded nobody can expand a revision, and
	 * somebody may wait for what he changed just now. So of what is not urgent only one
	 * batch records at a time: several, one beginning before the other ends, would hold
	 * it up until all of them are through.
	 */
	private List<Begun> begin(List<UnitJob> jobs) {
		List<Begun> begun = new ArrayList<>();
		boolean urgent = jobs.stream().anyMatch((job) -> job.claim().urgent());
		for (int first = 0; first < jobs.size(); first += AT_ONCE) {
			List<UnitJob> together = jobs.subList(first, Math.min(first + AT_ONCE, jobs.size()));
			List<PushTrace.Span> steps = together.stream().map((job) -> job.trace().step("begin")).toList();
			if (!urgent) {
				this.recording.lock();
			}
			try {
				begun.addAll(this.pushes.begin(together.stream().map((job) -> job.beginning(this.version)).toList()));
			}
			finally {
				if (!urgent) {
					this.recording.unlock();
				}
				steps.reversed().forEach(PushTrace.Span::close);
			}
		}
		return begun;
	}

	private static Outcome.Failed obstacle(UnitJob job, Access.Shut shut) {
		ObjectRef any = job.inventory().keySet().stream().findFirst().orElse(PushEnds.namespace(job));
		return new Outcome.Failed(any, shut.reason(), shut.message());
	}

	private List<UnitJob> compile(List<Claim> claims, Map<Claim, PushTrace> traced) {
		Map<UnitId, PushState> states = this.pushes.states(claims.stream().map(Claim::unit).toList());
		return this.snapshots.read((snapshot) -> {
			ForeseenReads.announce(states.keySet(), snapshot);
			List<UnitJob> jobs = new ArrayList<>();
			for (Claim claim : claims) {
				PushState state = states.get(claim.unit());
				if (state != null) {
					PushTrace trace = traced.getOrDefault(claim, PushTrace.none());
					try (PushTrace.Span _ = trace.step("compile")) {
						Compilation compilation = this.compiler.apply(claim.unit(), snapshot);
						UnreadableDeclaration.refuse(snapshot, compilation.reads());
						jobs.add(new UnitJob(claim, state, compilation, trace));
					}
				}
			}
			return jobs;
		});
	}

	private void push(List<Begun> begun, List<UnitJob> jobs, Access opened, ClusterLane lane)
			throws InterruptedException {
		Map<UnitId, UnitJob> byUnit = new HashMap<>();
		jobs.forEach((job) -> byUnit.put(job.claim().unit(), job));
		List<Future<?>> pushing = new ArrayList<>();
		for (Begun each : begun) {
			UnitJob job = byUnit.get(each.claim().unit());
			if (job.isClusterGone() && job.obstacle().isEmpty()) {
				end(job, PushEnds.letGo(job), opened);
			}
			else if (opened instanceof Access.Open open && !job.plan().stages().isEmpty()) {
				pushing.add(this.threads
					.submit(() -> BulkWork.run(!job.claim().urgent(), () -> push(job, each, open, lane))));
			}
			else {
				end(job, PushEnds.untouched(job), opened);
			}
		}
		for (Future<?> push : pushing) {
			try {
				push.get();
			}
			catch (ExecutionException ex) {
				logger.error("A push broke off; it is taken up again when its lease is over", ex.getCause());
			}
		}
	}

	private void push(UnitJob job, Begun begun, Access.Open open, ClusterLane lane) {
		try {
			this.access.pushing(job.claim().unit().cluster(), job.compilation().revision(), job.claim().fence());
			ObjectPush objects = new ObjectPush(open.gateway(), this.preparation.stamps(job),
					job.compilation().revision(), job.takeovers(), begun.former(), job.state().now(),
					job.claim().takenOver(), (ref) -> elsewhere(ref, job, open));
			end(job, new UnitPush(job, objects, begun, lane, () -> this.lost.test(job.claim()),
					new Admissions(this.pushes, this.grants))
				.run(), open);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException | Error ex) {
			this.breakdowns.end(job.claim(), ex);
		}
	}

	private Optional<Outcome.Failed> elsewhere(ObjectRef ref, UnitJob job, Access.Open open) {
		return open.sandbox() ? Optional.empty() : this.access.doubt(job.claim().unit().cluster(), open.gateway())
			.map((shut) -> new Outcome.Failed(ref, shut.reason(), shut.message()));
	}

	private void end(UnitJob job, UnitPush.Result result, Access access) {
		try {
			PushEnd end = PushEnds.of(job, result, access instanceof Access.Open open && open.sandbox());
			job.trace().end(PushEnds.outcome(job, result));
			this.ends.accept(end);
		}
		catch (RuntimeException | Error ex) {
			this.breakdowns.end(job.claim(), ex);
		}
	}

}
