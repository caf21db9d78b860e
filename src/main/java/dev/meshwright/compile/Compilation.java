package dev.meshwright.compile;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;

/**
 * What compiling one unit gave.
 *
 * @param unit the unit
 * @param revision the revision of the snapshot it was compiled from
 * @param manifests the objects, in the order of their references; empty when there are
 * errors or nothing is declared
 * @param diagnostics everything there is to say, errors first
 * @param reads every key asked for, found or not, also when there are errors
 * @param generations the declarations seen and their generations
 * @param push how the result is to be pushed
 */
public record Compilation(UnitId unit, long revision, List<Manifest> manifests, List<Diagnostic> diagnostics,
		Set<Key> reads, SortedMap<ResourceId, Long> generations, Push push) {

	public boolean hasErrors() {
		return this.diagnostics.stream().anyMatch(Diagnostic::isError);
	}

	/**
	 * What the declarations say about pushing.
	 *
	 * @param beforeSwitch settle time before a switch that uses something new
	 * @param beforeBreak settle time before something is narrowed or deleted
	 * @param conflictPolicy what happens when an object exists that is not ours
	 * @param deletionPolicy what happens to objects that are no longer declared
	 * @param driftPolicy what happens to objects that others changed
	 * @param gate whether anything may be pushed at all
	 */
	public record Push(Duration beforeSwitch, Duration beforeBreak, ConflictPolicy conflictPolicy,
			DeletionPolicy deletionPolicy, DriftPolicy driftPolicy, SyncGate gate) {

		/** What may be pushed at any time. */
		public Push(Duration beforeSwitch, Duration beforeBreak, ConflictPolicy conflictPolicy,
				DeletionPolicy deletionPolicy, DriftPolicy driftPolicy) {
			this(beforeSwitch, beforeBreak, conflictPolicy, deletionPolicy, driftPolicy, SyncGate.OPEN);
		}

	}

}
