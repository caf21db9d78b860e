package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.document.CanonicalJson;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Key;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.plan.PlannedFinding;
import dev.meshwright.model.plan.PlannedUnit;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.store.Deletions;
import dev.meshwright.store.Installation;
import dev.meshwright.store.PlanRequest;
import dev.meshwright.store.Plans;
import dev.meshwright.store.PushState;
import dev.meshwright.store.Pushes;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.Units.Cause;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Watches;

import org.springframework.stereotype.Component;

/**
 * Makes plans: compiles, compares everything with the clusters, and follows each push to
 * its end in a rehearsal. Changes nothing, anywhere.
 */
@Component
class Planning {

	private final PlanCompiler compiler;

	private final Pushes pushes;

	private final Plans plans;

	private final Deletions deletions;

	private final ClusterAccess access;

	private final Installation installation;

	private final Watches watches;

	Planning(Compiler compiler, Snapshots snapshots, Pushes pushes, Plans plans, Deletions deletions,
			ClusterAccess access, Installation installation, Watches watches) {
		this.compiler = new PlanCompiler(compiler, snapshots, plans);
		this.pushes = pushes;
		this.plans = plans;
		this.deletions = deletions;
		this.access = access;
		this.installation = installation;
		this.watches = watches;
	}

	/**
	 * A plan that was made now.
	 *
	 * @param compilation what it compiles to
	 * @param draft what is saved of it
	 */
	record Planned(PlanCompilation compilation, Plans.Draft draft) {
	}

	/**
	 * Makes a plan.
	 * @throws Refusal there is nothing to plan, or too much
	 */
	Planned plan(PlanRequest request, Caller caller, Lanes lanes) throws InterruptedException {
		PlanCompilation compilation = this.compiler.compile(request, caller);
		SortedMap<UnitId, UnitForecast> forecasts = forecasts(compilation, lanes);
		List<PlannedFinding> findings = compilation.findings().stream().map(PlannedFinding::of).toList();
		List<PlannedUnit> units = forecasts.values().stream().map(UnitForecast::unit).toList();
		Map<String, Map<String, String>> objects = new TreeMap<>();
		forecasts.forEach((unit, forecast) -> objects.put(unit.toString(), forecast.evidence()));
		boolean applicable = findings.stream().noneMatch(PlannedFinding::isError)
				&& units.stream().allMatch(PlannedUnit::isKnown);
		return new Planned(compilation, new Plans.Draft(compilation.revision(), digest(request, compilation, objects),
				applicable, new Plans.Content(findings, units),
				new Plans.Evidence(compilation.reads().stream().map(Key::text).toList(), objects,
						forecasts.entrySet().stream().map((each) -> each.getValue().allowed(each.getKey())).toList())));
	}

	private static String digest(PlanRequest request, PlanCompilation compilation,
			Map<String, Map<String, String>> objects) {
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("request", request.json());
		compilation.generations().forEach((id, generation) -> all.put("read " + id, generation));
		all.put("objects", objects);
		return CanonicalJson.sha256(all);
	}

	/** Cluster by cluster side by side, so that a slow one holds up no other. */
	private SortedMap<UnitId, UnitForecast> forecasts(PlanCompilation compilation, Lanes lanes)
			throws InterruptedException {
		Map<String, List<Compilation>> clusters = compilation.compilations()
			.stream()
			.collect(Collectors.groupingBy((each) -> each.unit().cluster(), TreeMap::new, Collectors.toList()));
		SortedMap<UnitId, UnitForecast> forecasts = new TreeMap<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Callable<Map<UnitId, UnitForecast>>> calls = new ArrayList<>();
			clusters.forEach((cluster, units) -> calls
				.add(() -> forecasts(cluster, units, compilation.changed(), lanes.to(cluster))));
			for (Future<Map<UnitId, UnitForecast>> call : threads.invokeAll(calls)) {
				forecasts.putAll(call.get());
			}
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex.getCause());
		}
		return forecasts;
	}

	private Map<UnitId, UnitForecast> forecasts(String cluster, List<Compilation> compilations, Set<Key> changed,
			ClusterLane lane) throws InterruptedException {
		Set<String> namespaces = this.plans.pushedNamespaces(cluster,
				compilations.stream().map((each) -> each.unit().namespace()).distinct().toList());
		Map<UnitId, UnitForecast> forecasts = new TreeMap<>();
		List<UnitJob> jobs = new ArrayList<>();
		for (UnitJob job : jobs(compilations, namespaces)) {
			if (job.isClusterGone()) {
				forecasts.put(job.claim().unit(), UnitForecast.letGo(job));
			}
			else {
				jobs.add(job);
			}
		}
		if (jobs.isEmpty()) {
			return forecasts;
		}
		Preparation preparation = new Preparation(new PlannedPushes(this.pushes, changed), this.watches,
				this.installation.id());
		switch (this.access.open(cluster)) {
			case Access.Shut shut -> jobs.forEach((job) -> forecasts.put(job.claim().unit(),
					UnitForecast.unknown(job, shut.reason(), shut.message())));
			case Access.Open open -> {
				preparation.prepare(jobs, open, lane);
				Map<ObjectRef, Set<String>> former = this.plans.former(cluster, missing(jobs));
				for (UnitJob job : jobs) {
					UnitId unit = job.claim().unit();
					forecasts.put(unit, UnitForecast.of(job, open, lane, preparation.stamps(job), former,
							namespaces.contains(unit.namespace())));
				}
				hold(cluster, jobs, forecasts);
			}
		}
		return forecasts;
	}

	/** More deletions than the cluster's safety allows would wait for an operator. */
	private void hold(String cluster, List<UnitJob> jobs, Map<UnitId, UnitForecast> forecasts) {
		int deletes = jobs.stream()
			.mapToInt((job) -> UnitForecast.freshDeletes(job, forecasts.get(job.claim().unit())))
			.sum();
		Deletions.Pending pending = this.deletions.pending(cluster);
		if (deletes > 0 && pending.exceeds(deletes)) {
			String message = deletes + " objects would be deleted, of " + pending.objects()
					+ ", more than the safety of cluster " + cluster + " allows (maxDeletes " + pending.maxDeletes()
					+ ", maxDeletePercent " + pending.maxDeletePercent()
					+ "): they would stay until an operator releases them";
			forecasts.replaceAll((unit, forecast) -> forecast.held(message));
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
