package dev.meshwright.compile;

import java.util.Optional;

import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;

/**
 * A namespace on one cluster with everything left out filled in.
 *
 * @param name its name
 * @param cluster the cluster
 * @param injection how its pods join the mesh
 * @param revision the mesh revision that injects, if one is named
 * @param waypoint the waypoint, if one is named
 * @param deletionPolicy what happens to live objects when a resource is deleted
 * @param conflictPolicy what happens when an object exists that is not ours
 */
public record NamespaceModel(String name, ClusterModel cluster, Injection injection, Optional<String> revision,
		Optional<String> waypoint, DeletionPolicy deletionPolicy, ConflictPolicy conflictPolicy) {
}
