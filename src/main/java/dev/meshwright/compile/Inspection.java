package dev.meshwright.compile;

import java.util.List;
import java.util.Set;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;

/**
 * What the checks say of a resource that has no units of its own: a Cluster, or the
 * default policy of a namespace or of the platform.
 *
 * @param resource the resource
 * @param revision the revision of the snapshot
 * @param diagnostics everything there is to say, errors first
 * @param reads every key asked for, found or not
 */
public record Inspection(ResourceId resource, long revision, List<Diagnostic> diagnostics, Set<Key> reads) {
}
