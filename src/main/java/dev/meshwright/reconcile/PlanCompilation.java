package dev.meshwright.reconcile;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Commits;

/**
 * What the units of a plan compile to, on one snapshot.
 *
 * @param revision the snapshot's revision
 * @param compilations the units, those without objects included
 * @param findings what is to be shown of what the compiler says
 * @param reads every key read
 * @param changed the keys that the change set changes; empty for what is declared
 * @param generations the declarations read, with their generations
 * @param validation what the commit of the change set has to know; empty for what is
 * declared
 */
record PlanCompilation(long revision, Collection<Compilation> compilations, List<Diagnostic> findings, Set<Key> reads,
		Set<Key> changed, SortedMap<ResourceId, Long> generations, Optional<Commits.Validation> validation) {
}
