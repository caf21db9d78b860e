package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Key;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.store.Deletions;
import dev.meshwright.store.Installation;
import dev.meshwright.store.Plans;
import dev.meshwright.store.PushState;
import dev.meshwright.store.Pushes;
import dev.meshwright.store.Units.Cause;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Watches;

/**
 * Compares what units compile to with the clusters, and follows each push to its end in a
 * rehearsal. Keeps what would be done, and none of what was compiled.
 */
final class Forecasts implements PlanCompiler.Slices {

	private final Pushes pushes;

	private final Plans plans;

	private final Deletions deletions;

	private final ClusterAccess access;

	private final Installation installation;

	private final Watches watches;

	private final Lanes lanes;

	private final SortedMap<UnitId, UnitForecast> forecasts = new TreeMap<>();

	/** How many objects would be deleted on each cluster. */
	private final Map<String, Integer> deletes = new ConcurrentHashMap<>();

	Forecasts(Pushes pushes, Plans plans, Deletions deletions, ClusterAccess access, Installation installation,
			Watches watches, Lanes lanes) {
		this.pushes = pushes;
		this.plans = plans;
		this.deletions = deletions;
		this.access = access;
		this.installation = installation;
		this.watches = watches;
		this.lanes = lanes;
	}

	/**
	 * Cluster by cluster side by side, so that a slow one holds up no other, and on
	 * threads of their own, since the caller's reads a snapshot.
	 * @throws CancellationException the thread was interrupted
	 */
	@Override
	public void take(Collection<Compilation> compilations, Set<Key> changed) {
		Map<String, List<Compilation>> clusters = compilations.stream()
			.collect(Collectors.groupingBy((each) -> each.unit().cluster(), TreeMap::new, Collectors.toList()));
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Callable<Map<UnitId, UnitForecast>>> calls = new ArrayList<>();
			clusters.forEach(
					(cluster, units) -> calls.add(() -> forecasts(cluster, units, changed, this.lanes.to(cluster))));
			for (Future<Map<UnitId, UnitForecast>> call : threads.invokeAll(calls)) {
				this.forecasts.putAll(call.get());
			}
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex.getCause());
		}
		catch (InterruptedException ex) {
			throw (CancellationException) new CancellationException("interrupted").initCause(ex);
		}
	}

	/** Everything that was taken. */
	SortedMap<UnitId, UnitForecast> all() {
		this.deletes.forEach(this::hold);
		return this.forecasts;
	}

	private Map<UnitId, UnitForecast> forecasts(String cluster, List<Compilation> compilations, Set<Key> changed,
			ClusterLane lane) throws InterruptedException {
		Set<String> namespaces = this.plans.pushedNamespaces(cluster,
				compilations.stream().map((each) -> each.unit().namespace()).distinct().toList());
		Map<UnitId, UnitForecast> made = new TreeMap<>();
		List<UnitJob> jobs = new ArrayList<>();
		for (UnitJob job : jobs(compilations, namespaces)) {
			if (job.isClusterGone()) {
				made.put(job.claim().unit(), UnitForecast.letGo(job));
			}
			else {
				jobs.add(job);
			}
		}
		if (jobs.isEmpty()) {
			return made;
		}
		Preparation preparation = new Preparation(new PlannedPushes(this.pushes, changed), this.watches,
				this.installation.id());
		switch (this.access.open(cluster)) {
			case Access.Shut shut -> jobs.forEach(
					(job) -> made.put(job.claim().unit(), UnitForecast.unknown(job, shut.reason(), shut.message())));
			case Access.Open open -> {
				preparation.prepare(jobs, open, lane);
				Map<ObjectRef, Set<String>> former = this.plans.former(cluster, missing(jobs));
				for (UnitJob job : jobs) {
					UnitId unit = job.claim().unit();
					made.put(unit, UnitForecast.of(job, open, lane, preparation.stamps(job), former,
							namespaces.contains(unit.namespace())));
				}
				int deletes = jobs.stream()
					.mapToInt((job) -> UnitForecast.freshDeletes(job, made.get(job.claim().unit())))
					.sum();
				this.deletes.merge(cluster, deletes, Integer::sum);
			}
		}
		return made;
	}

	/** More deletions than the cluster's safety allows would wait for an operator. */
	private void hold(String cluster, int count) {
		if (count == 0) {
			return;
		}
		Deletions.Pending pending = this.deletions.pending(cluster);
		if (pending.exceeds(count)) {
			String message = count + " objects would be deleted, of " + pending.objects()
					+ ", more than the safety of cluster " + cluster + " allows (maxDeletes " + pending.maxDeletes()
					+ ", maxDeletePercent " + pending.maxDeletePercent()
					+ "): they would stay until an operator releases them";
			this.forecasts
				.replaceAll((unit, forecast) -> unit.cluster().equals(cluster) ? forecast.held(message) : forecast);
		}
	}

	/**
	 * Each unit as a worker would hold it who compares everything: with a fence above
	 * every one that was given out, so that nothing looks as if a later attempt had made
	 * it.
	 */
	private List<UnitJob> jobs(Collection<Compilation> compilations, Set<String> namespaces) {
		Map<UnitId, PushState> states = this.pushes.states(compilations.stream().map(Compilation::unit).toList());
		Instant now = this.installation.now();
		List<UnitJob> jobs = new ArrayList<>();
		for (Compilation compilation : compilations) {
			UnitId unit = compilation.unit();
			PushState state = states.getOrDefault(unit, new PushState(unit, List.of(), null, null, 0,
					namespaces.contains(unit.namespace()), Optional.empty(), PushState.Sync.NONE, List.of(), now));
			jobs.add(new UnitJob(new Claim(unit, Long.MAX_VALUE, 0, Cause.RESYNC, false, 0, true), state, compilation));
		}
		return jobs;
	}

	private static List<ObjectRef> missing(List<UnitJob> jobs) {
		return jobs.stream()
			.flatMap((job) -> job.compilation()
				.manifests()
				.stream()
				.map(Manifest::ref)
				.filter((ref) -> !job.inventory().containsKey(ref)))
			.toList();
	}

}
