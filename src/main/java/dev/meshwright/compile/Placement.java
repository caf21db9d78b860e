package dev.meshwright.compile;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;

/**
 * On which clusters a service or namespace has units, and what the checks say that need
 * no cluster.
 *
 * @param unit the placement's unit
 * @param revision the revision of the snapshot
 * @param clusters the clusters, all of them declared; empty when it is placed nowhere or
 * is not declared
 * @param diagnostics everything there is to say that does not depend on a cluster, errors
 * first
 * @param reads every key asked for, found or not
 * @param generations the declarations seen and their generations
 */
public record Placement(UnitId unit, long revision, SortedSet<String> clusters, List<Diagnostic> diagnostics,
		Set<Key> reads, SortedMap<ResourceId, Long> generations) {

	/** Whether its service or namespace is declared. */
	public boolean declared() {
		return this.generations.containsKey(this.unit.subject());
	}

}
