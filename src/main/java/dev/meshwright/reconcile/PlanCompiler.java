package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.ForeseenReads;
import dev.meshwright.compile.Placement;
import dev.meshwright.compile.Validated;
import dev.meshwright.compile.Validator;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.IndexKeys;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Change;
import dev.meshwright.store.Commits;
import dev.meshwright.store.PlanRequest;
import dev.meshwright.store.Plans;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.Snapshots.StoredSnapshot;

/**
 * Compiles what a plan is about: the same way as a write is validated, and a push made.
 * What is declared may be a whole fleet, so it is compiled slice by slice, all on one
 * snapshot; a change set is validated as a whole.
 */
final class PlanCompiler {

	/** More units that a change set changes do not fit into memory at once. */
	static final int MOST_CHANGED = 2000;

	/** What a plan says of more units does not fit into memory. */
	static final int MOST_DECLARED = 30_000;

	/** So many units have their objects in memory at a time. */
	static final int SLICE = 500;

	/**
	 * Services side by side on all their clusters, so that no cluster waits for another.
	 */
	private static final Comparator<UnitId> BY_SERVICE = Comparator.comparing(UnitId::namespace)
		.thenComparing(UnitId::service)
		.thenComparing(UnitId::cluster);

	private final Compiler compiler;

	private final Snapshots snapshots;

	private final Plans plans;

	PlanCompiler(Compiler compiler, Snapshots snapshots, Plans plans) {
		this.compiler = compiler;
		this.snapshots = snapshots;
		this.plans = plans;
	}

	/** Takes what some units compile to, and need not keep it. */
	interface Slices {

		/**
		 * Takes a slice.
		 * @param compilations the units, those without objects included
		 * @param changed the keys that the change set changes; empty for what is declared
		 */
		void take(Collection<Compilation> compilations, Set<Key> changed);

	}

	/**
	 * Compiles. The last slice, which may be all there is, is taken when the snapshot is
	 * closed: only what is large keeps it open while clusters are asked.
	 * @param slices takes each unit once
	 * @throws Refusal there is no such thing, or there are too many
	 */
	PlanCompilation compile(PlanRequest request, Caller caller, Slices slices) {
		Compiled compiled = this.snapshots.read((snapshot) -> request.changes().isEmpty()
				? declared(snapshot, request, caller, slices) : changed(snapshot, request.changes(), caller));
		slices.take(compiled.last, compiled.changed);
		return compiled.plan;
	}

	private record Compiled(PlanCompilation plan, Collection<Compilation> last, Set<Key> changed) {
	}

	private Compiled changed(StoredSnapshot snapshot, List<Change> changes, Caller caller) {
		List<Resource<?>> puts = new ArrayList<>();
		List<ResourceId> deletes = new ArrayList<>();
		SortedSet<Key> keys = new TreeSet<>();
		for (Change change : changes) {
			Optional<Resource<?>> current = snapshot.find(change.id());
			switch (change) {
				case Change.Put put -> {
					Resource<?> resource = put.over(current, caller.name(), snapshot.revision());
					puts.add(resource);
					if (!isSameOverride(current, resource)) {
						keys.addAll(IndexKeys.changed(current.orElse(null), resource));
					}
				}
				case Change.Delete delete when current.isEmpty() -> throw Refusal.notFound(delete.id());
				case Change.Delete delete -> {
					deletes.add(delete.id());
					keys.addAll(IndexKeys.changed(current.get(), null));
				}
			}
		}
		try {
			Validator.announce(snapshot, puts, deletes);
			Validated validated = new Validator(this.compiler).validate(snapshot, puts, deletes, snapshot::unitsReading,
					MOST_CHANGED);
			UnreadableDeclaration.refuse(snapshot, validated.reads());
			Set<Diagnostic> findings = new LinkedHashSet<>(validated.introduced());
			Set<ResourceId> written = new LinkedHashSet<>();
			changes.forEach((change) -> written.add(change.id()));
			validated.warnings()
				.stream()
				.filter((warning) -> written.contains(warning.resource()))
				.forEach(findings::add);
			Map<UnitId, Set<Key>> compiled = new HashMap<>();
			validated.placements().forEach((unit, placement) -> compiled.put(unit, placement.reads()));
			validated.compilations().forEach((unit, compilation) -> compiled.put(unit, compilation.reads()));
			SortedMap<ResourceId, Long> generations = new TreeMap<>();
			validated.compilations().values().forEach((each) -> generations.putAll(each.generations()));
			generations.keySet().removeAll(written);
			PlanCompilation plan = new PlanCompilation(validated.revision(), List.copyOf(findings), validated.reads(),
					generations, Optional
						.of(new Commits.Validation(validated.revision(), validated.reads(), Optional.of(compiled))));
			return new Compiled(plan, validated.compilations().values(), keys);
		}
		catch (Validator.TooManyUnits _) {
			throw tooMany(MOST_CHANGED);
		}
	}

	/** Nothing of an Override but its spec opens a sync window. */
	private static boolean isSameOverride(Optional<Resource<?>> current, Resource<?> resource) {
		return resource.id().kind() == Kind.OVERRIDE
				&& current.filter((before) -> before.spec().equals(resource.spec())).isPresent();
	}

	private Compiled declared(StoredSnapshot snapshot, PlanRequest request, Caller caller, Slices slices) {
		PlanRequest.Scope scope = request.scope();
		SortedSet<UnitId> subjects = this.plans.subjects(scope.namespace(), scope.service(), MOST_DECLARED + 1);
		if (subjects.size() > MOST_DECLARED) {
			throw tooMany(MOST_DECLARED);
		}
		subjects.removeIf((subject) -> !caller.namespaces().includes(subject.namespace()));
		if (subjects.isEmpty()) {
			throw new Refusal(404, "NOT_FOUND", "Nothing is declared there, or you may not see it");
		}
		Set<Diagnostic> findings = new LinkedHashSet<>();
		Set<Key> reads = new TreeSet<>();
		SortedSet<UnitId> units = new TreeSet<>(BY_SERVICE);
		units.addAll(this.plans.units(subjects));
		ForeseenReads.announce(subjects, snapshot);
		for (UnitId subject : subjects) {
			Placement placement = this.compiler.place(subject, snapshot);
			findings.addAll(placement.diagnostics());
			reads.addAll(placement.reads());
			placement.clusters().forEach((cluster) -> units.add(subject.on(cluster)));
		}
		units.removeIf((unit) -> scope.cluster() != null && !unit.cluster().equals(scope.cluster()));
		if (scope.cluster() != null && units.isEmpty()) {
			// an empty plan would read as if all were well there
			throw new Refusal(404, "NOT_FOUND", "Nothing of it is on cluster " + scope.cluster()
					+ ", or to be taken away there; see GET /api/v1/clusters");
		}
		if (units.size() > MOST_DECLARED) {
			throw tooMany(MOST_DECLARED);
		}
		UnreadableDeclaration.refuse(snapshot, reads);
		SortedMap<ResourceId, Long> generations = new TreeMap<>();
		List<UnitId> all = List.copyOf(units);
		List<Compilation> slice = List.of();
		for (int from = 0; from < all.size(); from += SLICE) {
			slices.take(slice, Set.of());
			slice = new ArrayList<>();
			Set<Key> fresh = new TreeSet<>();
			List<UnitId> next = all.subList(from, Math.min(from + SLICE, all.size()));
			ForeseenReads.announce(next, snapshot);
			for (UnitId unit : next) {
				Compilation compilation = this.compiler.compile(unit, snapshot);
				slice.add(compilation);
				findings.addAll(compilation.diagnostics());
				generations.putAll(compilation.generations());
				compilation.reads().stream().filter(reads::add).forEach(fresh::add);
			}
			UnreadableDeclaration.refuse(snapshot, fresh);
		}
		return new Compiled(
				new PlanCompilation(snapshot.revision(), List.copyOf(findings), reads, generations, Optional.empty()),
				slice, Set.of());
	}

	private static Refusal tooMany(int most) {
		return new Refusal(422, "TOO_LARGE", "More than " + most
				+ " services on clusters are concerned; plan a namespace, a service or a smaller change set");
	}

}
