package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Key;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.store.Deletions;
import dev.meshwright.store.Installation;
import dev.meshwright.store.Plans;
import dev.meshwright.store.PushProgress;
import dev.meshwright.store.PushState;
import dev.meshwright.store.Pushes;
import dev.meshwright.store.Units.Cause;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Watches;

import org.springframework.stereotype.Component;

/**
 * Compares what units of one cluster compile to with what is live there, and follows each
 * push to its end in a rehearsal.
 */
@Component
class Forecaster {

	private final PushProgress pushes;

	private final Plans plans;

	private final Deletions deletions;

	private final ClusterAccess access;

	private final Installation installation;

	private final Watches watches;

	Forecaster(Pushes pushes, Plans plans, Deletions deletions, ClusterAccess access, Installation installation,
			Watches watches) {
		this.pushes = pushes;
		this.plans = plans;
		this.deletions = deletions;
		this.access = access;
		this.installation = installation;
		this.watches = watches;
	}

	/**
	 * Looks ahead; blocks until the cluster has answered.
	 * @param changed the keys that the plan's change set changes
	 * @return what would become of each unit
	 */
	Map<UnitId, UnitForecast> of(String cluster, List<Compilation> compilations, Set<Key> changed, ClusterLane lane)
			throws InterruptedException {
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
			}
		}
		return made;
	}

	/**
	 * Why so many deletions, with those that are to be made already, would wait for an
	 * operator, as the cluster's safety allows no more; empty when they would not.
	 */
	Optional<String> objection(String cluster, int deletes) {
		Deletions.Pending pending = this.deletions.pending(cluster);
		return pending.exceeds(deletes) ? Optional.of((pending.deletes() + deletes) + " objects would be deleted, of "
				+ pending.objects() + ", more than the safety of cluster " + cluster + " allows (maxDeletes "
				+ pending.maxDeletes() + ", maxDeletePercent " + pending.maxDeletePercent()
				+ "): they would stay until an operator releases them") : Optional.empty();
	}

	/** Whether an operator let everything go that a unit is to delete. */
	boolean isReleased(UnitId unit) {
		return this.pushes.lastDeletion(unit) == 0;
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
