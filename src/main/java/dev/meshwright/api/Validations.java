package dev.meshwright.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.OverlaySnapshot;
import dev.meshwright.compile.Validated;
import dev.meshwright.compile.Validator;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.store.Change;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Snapshots.StoredSnapshot;

import org.springframework.stereotype.Component;

/**
 * Validates a change set by compiling what it affects. Only errors that it introduces
 * count, and only in namespaces that its caller may see; elsewhere they show as that
 * unit's condition.
 */
@Component
class Validations {

	private final Compiler compiler;

	private final Validator validator;

	Validations(Compiler compiler) {
		this.compiler = compiler;
		this.validator = new Validator(compiler);
	}

	/**
	 * Lets the snapshot look up at once what a write of these changes will ask it for.
	 */
	void announce(StoredSnapshot snapshot, Caller caller, List<Change> changes) {
		Edited edited = Edited.of(changes, (put) -> put.over(Optional.empty(), caller.name(), 0));
		Validator.announce(snapshot, edited.puts, edited.deletes);
	}

	/** The resources of a change set. */
	private record Edited(List<Resource<?>> puts, List<ResourceId> deletes) {

		static Edited of(List<Change> changes, Function<Change.Put, Resource<?>> resource) {
			Edited edited = new Edited(new ArrayList<>(), new ArrayList<>());
			for (Change change : changes) {
				switch (change) {
					case Change.Put put -> edited.puts.add(resource.apply(put));
					case Change.Delete delete -> edited.deletes.add(delete.id());
				}
			}
			return edited;
		}

		static Edited of(StoredSnapshot snapshot, Caller caller, List<Change> changes) {
			return of(changes, (put) -> put.over(snapshot.find(put.id()), caller.name(), snapshot.revision()));
		}

	}

	/**
	 * What compiling says about a change set, and everything that it read.
	 * @param atMost the most units to compile
	 * @throws Validator.TooManyUnits when it would be more
	 */
	Validation validate(StoredSnapshot snapshot, Caller caller, List<Change> changes, int atMost) {
		Edited edited = Edited.of(snapshot, caller, changes);
		Validated validated = this.validator.validate(snapshot, edited.puts, edited.deletes, snapshot::unitsReading,
				atMost);
		List<Diagnostic> errors = validated.introduced()
			.stream()
			.filter((diagnostic) -> caller.namespaces().includes(diagnostic.resource().namespace()))
			.toList();
		List<Diagnostic> warnings = validated.warnings()
			.stream()
			.filter((diagnostic) -> diagnostic.severity() == Diagnostic.Severity.WARNING)
			.filter((diagnostic) -> changes.stream().anyMatch((change) -> change.id().equals(diagnostic.resource())))
			.toList();
		return new Validation(validated, errors, warnings);
	}

	/**
	 * The objects that would be deleted, because what is stored compiles to them and this
	 * does not. What would stay is not among them: what a namespace's deletionPolicy or
	 * {@code orphan} lets go, everything on a cluster that would not be declared any
	 * more, and Kubernetes Namespaces.
	 */
	List<WriteView.ObjectsView> deletes(StoredSnapshot stored, Caller caller, List<Change> changes,
			Validation validation) {
		Edited edited = Edited.of(stored, caller, changes);
		Snapshot after = new OverlaySnapshot(stored, edited.puts, edited.deletes);
		Validated validated = validation.validated();
		SortedSet<UnitId> units = new TreeSet<>(validated.compilations().keySet());
		validated.placements()
			.keySet()
			.forEach((placement) -> this.compiler.place(placement, stored)
				.clusters()
				.forEach((cluster) -> units.add(placement.on(cluster))));
		SortedMap<String, SortedSet<ObjectRef>> gone = new TreeMap<>();
		for (UnitId unit : units) {
			Compilation compiled = validated.compilations().get(unit);
			if (compiled == null) {
				compiled = this.compiler.compile(unit, after);
			}
			if (compiled.push().deletionPolicy() == DeletionPolicy.ORPHAN
					|| after.find(ResourceId.cluster(unit.cluster())).isEmpty() || isForgotten(unit, changes)) {
				continue;
			}
			Set<ObjectRef> kept = compiled.manifests().stream().map(Manifest::ref).collect(Collectors.toSet());
			this.compiler.compile(unit, stored)
				.manifests()
				.stream()
				.map(Manifest::ref)
				.filter((ref) -> !kept.contains(ref) && ref.kind() != ObjectKind.NAMESPACE)
				.forEach((ref) -> gone.computeIfAbsent(unit.cluster(), (_) -> new TreeSet<>()).add(ref));
		}
		return gone.entrySet()
			.stream()
			.map((entry) -> new WriteView.ObjectsView(entry.getKey(),
					entry.getValue()
						.stream()
						.map((ref) -> new WriteView.ObjectView(ref.kind().toString(), ref.namespace(), ref.name()))
						.toList()))
			.toList();
	}

	/** Whether a deletion says that what is there is to be forgotten. */
	private static boolean isForgotten(UnitId unit, List<Change> changes) {
		ResourceId subject = unit.isNamespace() ? ResourceId.namespace(unit.namespace())
				: ResourceId.service(unit.namespace(), unit.service());
		List<ResourceId> owners = List.of(ResourceId.cluster(unit.cluster()), ResourceId.namespace(unit.namespace()),
				subject);
		return changes.stream()
			.anyMatch((change) -> change instanceof Change.Delete delete && delete.orphan()
					&& owners.contains(delete.id()));
	}

	/**
	 * What a validation found.
	 *
	 * @param validated everything, with what was read
	 * @param errors the errors that refuse the change set
	 * @param warnings what should be looked at in the resources written
	 */
	record Validation(Validated validated, List<Diagnostic> errors, List<Diagnostic> warnings) {

		/** What the commit has to know of it. */
		Commits.Validation against() {
			Map<UnitId, Set<Key>> compiled = new HashMap<>();
			this.validated.placements().forEach((unit, placement) -> compiled.put(unit, placement.reads()));
			this.validated.compilations().forEach((unit, compilation) -> compiled.put(unit, compilation.reads()));
			return new Commits.Validation(this.validated.revision(), this.validated.reads(), Optional.of(compiled));
		}

		/**
		 * What the units that depend on the change set compile to.
		 * @param now answers the database's time
		 */
		List<ManifestsView.OfCluster> manifests(Supplier<Instant> now) {
			Map<String, List<Map<String, Object>>> clusters = new TreeMap<>();
			this.validated.compilations()
				.values()
				.forEach((compilation) -> clusters
					.computeIfAbsent(compilation.unit().cluster(), (_) -> new ArrayList<>())
					.addAll(ManifestsView.of(compilation.manifests(), now).items()));
			return clusters.entrySet()
				.stream()
				.map((entry) -> new ManifestsView.OfCluster(entry.getKey(), entry.getValue()))
				.toList();
		}

	}

}
