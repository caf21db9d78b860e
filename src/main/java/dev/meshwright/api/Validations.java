package dev.meshwright.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.Placement;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.store.Change;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Snapshots.StoredSnapshot;

import org.springframework.stereotype.Component;

/**
 * Validates a change set by compiling every unit whose keys it changes, with and without
 * it. Only errors that it introduces count, and only in namespaces that its caller may
 * see; elsewhere they show as that unit's condition.
 */
@Component
class Validations {

	private final Compiler compiler;

	Validations(Compiler compiler) {
		this.compiler = compiler;
	}

	/** What compiling says about a change set, and everything that it read. */
	Validated validate(StoredSnapshot snapshot, Caller caller, List<Change> changes) {
		Overlay overlay = new Overlay(snapshot, changes);
		SortedSet<UnitId> affected = new TreeSet<>();
		snapshot.unitsReading(overlay.changedKeys()).forEach((unit) -> affected.add(unit.on("")));
		changes.forEach((change) -> subjects(snapshot, overlay, change.id()).forEach(affected::add));
		Set<Key> reads = new HashSet<>();
		Outcome before = new Outcome(reads);
		Outcome after = new Outcome(reads);
		for (UnitId placement : affected) {
			compile(placement, snapshot, before);
			compile(placement, overlay, after);
		}
		changes.forEach((change) -> reads.add(Key.resource(change.id())));
		Set<Finding> known = new HashSet<>();
		before.diagnostics.stream().map(Finding::of).forEach(known::add);
		List<Diagnostic> introduced = after.diagnostics.stream()
			.filter((diagnostic) -> caller.namespaces().includes(diagnostic.resource().namespace()))
			.toList();
		return new Validated(new Commits.Validation(snapshot.revision(), reads),
				introduced.stream()
					.filter(Diagnostic::isError)
					.filter((diagnostic) -> !known.contains(Finding.of(diagnostic)) || written(changes, diagnostic))
					.toList(),
				introduced.stream()
					.filter((diagnostic) -> diagnostic.severity() == Diagnostic.Severity.WARNING)
					.filter((diagnostic) -> written(changes, diagnostic))
					.toList(),
				after.manifests());
	}

	/** The placements that a resource decides about by its name alone. */
	private static List<UnitId> subjects(Snapshot before, Snapshot after, ResourceId id) {
		return switch (id.kind()) {
			case CLUSTER -> List.of();
			case NAMESPACE -> List.of(UnitId.placement(id.name(), ""));
			case SERVICE -> List.of(UnitId.placement(id.namespace(), id.name()));
			case ROUTING_POLICY -> List.of(before, after)
				.stream()
				.flatMap((snapshot) -> snapshot.find(id, RoutingPolicySpec.class).stream())
				.map((Resource<RoutingPolicySpec> policy) -> UnitId.placement(id.namespace(), policy.spec().service()))
				.distinct()
				.toList();
		};
	}

	private void compile(UnitId placement, Snapshot snapshot, Outcome outcome) {
		Placement placed = this.compiler.place(placement, snapshot);
		outcome.add(placed.diagnostics(), placed.reads());
		for (String cluster : placed.clusters()) {
			Compilation compilation = this.compiler.compile(placement.on(cluster), snapshot);
			outcome.add(compilation.diagnostics(), compilation.reads());
			outcome.manifests.computeIfAbsent(cluster, (_) -> new ArrayList<>())
				.addAll(compilation.manifests().stream().map((manifest) -> manifest.body()).toList());
		}
	}

	private static boolean written(List<Change> changes, Diagnostic diagnostic) {
		return changes.stream().anyMatch((change) -> change.id().equals(diagnostic.resource()));
	}

	/** What makes two diagnostics the same finding, whatever they say in words. */
	private record Finding(String code, ResourceId resource, String pointer) {

		static Finding of(Diagnostic diagnostic) {
			return new Finding(diagnostic.code().toString(), diagnostic.resource(), diagnostic.pointer());
		}

	}

	private static final class Outcome {

		private final Set<Key> reads;

		private final Set<Diagnostic> diagnostics = new LinkedHashSet<>();

		private final Map<String, List<Map<String, Object>>> manifests = new TreeMap<>();

		Outcome(Set<Key> reads) {
			this.reads = reads;
		}

		void add(Collection<Diagnostic> found, Collection<Key> read) {
			this.diagnostics.addAll(found);
			this.reads.addAll(read);
		}

		List<ManifestsView.OfCluster> manifests() {
			return this.manifests.entrySet()
				.stream()
				.map((entry) -> new ManifestsView.OfCluster(entry.getKey(), List.copyOf(entry.getValue())))
				.toList();
		}

	}

	/**
	 * What a validation found.
	 *
	 * @param basis the revision it looked at and every key it read
	 * @param errors the errors that the change set introduces
	 * @param warnings what should be looked at in the resources written
	 * @param manifests what the changed units compile to, by cluster
	 */
	record Validated(Commits.Validation basis, List<Diagnostic> errors, List<Diagnostic> warnings,
			List<ManifestsView.OfCluster> manifests) {
	}

}
