package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.Validated;
import dev.meshwright.compile.Validator;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.store.Change;
import dev.meshwright.store.Snapshots.StoredSnapshot;

import org.springframework.stereotype.Component;

/**
 * Validates a change set by compiling what it affects. Only errors that it introduces
 * count, and only in namespaces that its caller may see; elsewhere they show as that
 * unit's condition.
 */
@Component
class Validations {

	private final Validator validator;

	Validations(Compiler compiler) {
		this.validator = new Validator(compiler);
	}

	/** What compiling says about a change set, and everything that it read. */
	Validation validate(StoredSnapshot snapshot, Caller caller, List<Change> changes) {
		List<Resource<?>> puts = new ArrayList<>();
		List<ResourceId> deletes = new ArrayList<>();
		for (Change change : changes) {
			switch (change) {
				case Change.Put put -> puts.add(resource(put, snapshot, caller));
				case Change.Delete delete -> deletes.add(delete.id());
			}
		}
		Validated validated = this.validator.validate(snapshot, puts, deletes, snapshot::unitsReading);
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

	private static Resource<?> resource(Change.Put put, Snapshot snapshot, Caller caller) {
		Optional<Resource<?>> current = snapshot.find(put.id());
		return new Resource<>(put.id(), DryRun.metadata(put, current, caller, snapshot.revision()), put.spec());
	}

	/**
	 * What a validation found.
	 *
	 * @param validated everything, with what was read
	 * @param errors the errors that refuse the change set
	 * @param warnings what should be looked at in the resources written
	 */
	record Validation(Validated validated, List<Diagnostic> errors, List<Diagnostic> warnings) {

		/** What the units that depend on the change set compile to. */
		List<ManifestsView.OfCluster> manifests() {
			Map<String, List<Map<String, Object>>> clusters = new TreeMap<>();
			this.validated.compilations()
				.values()
				.forEach((compilation) -> clusters
					.computeIfAbsent(compilation.unit().cluster(), (_) -> new ArrayList<>())
					.addAll(ManifestsView.of(compilation.manifests()).items()));
			return clusters.entrySet()
				.stream()
				.map((entry) -> new ManifestsView.OfCluster(entry.getKey(), entry.getValue()))
				.toList();
		}

	}

}
