/**
 * The only door to a cluster: {@link dev.meshwright.cluster.ClusterGateway}, its adapters
 * (fabric8 for a real API server, sandbox in memory) and the registry that opens
 * connections. Knows objects, not declarations; decides nothing about what should be
 * pushed. May use model.
 */
@NullMarked
package dev.meshwright.cluster;

import org.jspecify.annotations.NullMarked;
