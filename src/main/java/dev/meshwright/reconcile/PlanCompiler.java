package dev.meshwright.reconcile;

import java.util.ArrayList;
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
import dev.meshwright.compile.Placement;
import dev.meshwright.compile.Validated;
import dev.meshwright.compile.Validator;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.IndexKeys;
import dev.meshwright.model.Key;
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
 */
final class PlanCompiler {

	/** More would be a plan that nobody reads, and for minutes. */
	static final int MOST_UNITS = 2000;

	private final Compiler compiler;

	private final Snapshots snapshots;

	private final Plans plans;

	PlanCompiler(Compiler compiler, Snapshots snapshots, Plans plans) {
		this.compiler = compiler;
		this.snapshots = snapshots;
		this.plans = plans;
	}

	/**
	 * Compiles.
	 * @throws Refusal there is no such thing, or there are too many
	 */
	PlanCompilation compile(PlanRequest request, Caller caller) {
		return this.snapshots.read((snapshot) -> request.changes().isEmpty() ? declared(snapshot, request, caller)
				: changed(snapshot, request.changes(), caller));
	}

	private PlanCompilation changed(StoredSnapshot snapshot, List<Change> changes, Caller caller) {
		List<Resource<?>> puts = new ArrayList<>();
		List<ResourceId> deletes = new ArrayList<>();
		SortedSet<Key> keys = new TreeSet<>();
		for (Change change : changes) {
			Optional<Resource<?>> current = snapshot.find(change.id());
			switch (change) {
				case Change.Put put -> {
					Resource<?> resource = put.over(current, caller.name(), snapshot.revision());
					puts.add(resource);
					keys.addAll(IndexKeys.changed(current.orElse(null), resource));
				}
				case Change.Delete delete when current.isEmpty() -> throw Refusal.notFound(delete.id());
				case Change.Delete delete -> {
					deletes.add(delete.id());
					keys.addAll(IndexKeys.changed(current.get(), null));
				}
			}
		}
		try {
			Validated validated = new Validator(this.compiler).validate(snapshot, puts, deletes, snapshot::unitsReading,
					MOST_UNITS);
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
			return new PlanCompilation(validated.revision(), validated.compilations().values(), List.copyOf(findings),
					validated.reads(), keys, generations(validated.compilations().values(), written), Optional
						.of(new Commits.Validation(validated.revision(), validated.reads(), Optional.of(compiled))));
		}
		catch (Validator.TooManyUnits _) {
			throw tooMany();
		}
	}

	private PlanCompilation declared(StoredSnapshot snapshot, PlanRequest request, Caller caller) {
		PlanRequest.Scope scope = request.scope();
		SortedSet<UnitId> subjects = this.plans.subjects(scope.namespace(), scope.service(), MOST_UNITS + 1);
		subjects.removeIf((subject) -> !caller.namespaces().includes(subject.namespace()));
		if (subjects.isEmpty()) {
			throw new Refusal(404, "NOT_FOUND", "Nothing is declared there, or you may not see it");
		}
		Set<Diagnostic> findings = new LinkedHashSet<>();
		Set<Key> reads = new TreeSet<>();
		SortedSet<UnitId> units = this.plans.units(subjects);
		for (UnitId subject : subjects) {
			Placement placement = this.compiler.place(subject, snapshot);
			findings.addAll(placement.diagnostics());
			reads.addAll(placement.reads());
			placement.clusters().forEach((cluster) -> units.add(subject.on(cluster)));
		}
		units.removeIf((unit) -> scope.cluster() != null && !unit.cluster().equals(scope.cluster()));
		if (units.size() > MOST_UNITS) {
			throw tooMany();
		}
		List<Compilation> compilations = new ArrayList<>();
		for (UnitId unit : units) {
			Compilation compilation = this.compiler.compile(unit, snapshot);
			compilations.add(compilation);
			findings.addAll(compilation.diagnostics());
			reads.addAll(compilation.reads());
		}
		UnreadableDeclaration.refuse(snapshot, reads);
		return new PlanCompilation(snapshot.revision(), compilations, List.copyOf(findings), reads, Set.of(),
				generations(compilations, Set.of()), Optional.empty());
	}

	private static SortedMap<ResourceId, Long> generations(Iterable<Compilation> compilations,
			Set<ResourceId> written) {
		SortedMap<ResourceId, Long> generations = new TreeMap<>();
		compilations.forEach((compilation) -> generations.putAll(compilation.generations()));
		generations.keySet().removeAll(written);
		return generations;
	}

	private static Refusal tooMany() {
		return new Refusal(422, "TOO_LARGE", "More than " + MOST_UNITS
				+ " services on clusters are concerned; plan a namespace, a service or a smaller change set");
	}

}
