package dev.meshwright.reconcile;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Commits;

/**
 * What the units of a plan were compiled from, on one snapshot.
 *
 * @param revision the snapshot's revision
 * @param findings what is to be shown of what the compiler says
 * @param reads every key read
 * @param generations the declarations read, with their generations
 * @param validation what the commit of the change set has to know; empty for what is
 * declared
 */
record PlanCompilation(long revision, List<Diagnostic> findings, Set<Key> reads,
		SortedMap<ResourceId, Long> generations, Optional<Commits.Validation> validation) {
}
