package dev.meshwright.compile;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;

/**
 * What a change set would make of everything that depends on it.
 *
 * @param revision the revision of the snapshot it was validated against
 * @param diagnostics everything there is to say, each thing once, errors first
 * @param introduced the errors among them that are not there without the change set
 * @param inspections what is said of what is written and has no units of its own
 * @param placements the placements that depend on the change set
 * @param compilations the units that depend on it, as they would be
 * @param reads every key that was asked for, found or not
 */
public record Validated(long revision, List<Diagnostic> diagnostics, List<Diagnostic> introduced,
		SortedMap<ResourceId, Inspection> inspections, SortedMap<UnitId, Placement> placements,
		SortedMap<UnitId, Compilation> compilations, Set<Key> reads) {

	/** Whether the write must be refused. */
	public boolean isRefused() {
		return !this.introduced.isEmpty();
	}

	/** What does not stand against the write. */
	public List<Diagnostic> warnings() {
		return this.diagnostics.stream().filter((diagnostic) -> !diagnostic.isError()).toList();
	}

}
