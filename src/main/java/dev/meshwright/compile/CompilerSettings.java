package dev.meshwright.compile;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the operator decides for the whole installation and compilation depends on.
 *
 * @param defaultPlacement the clusters of a namespace that declares no placement; empty
 * means nowhere
 * @param reservedNamespaces names that can never be declared beside {@code kube-*}, such
 * as Meshwright's own namespace
 * @param allowedJwksHosts the hosts from which the mesh may be told to fetch the keys of
 * JWT issuers; empty means none
 * @param workloadRights what workloads may be granted at the API of their cluster
 */
public record CompilerSettings(SortedSet<String> defaultPlacement, Set<String> reservedNamespaces,
		SortedSet<String> allowedJwksHosts, WorkloadRights workloadRights) {

	/** Settings that allow no host for keys, and workloads what they may by default. */
	public CompilerSettings(SortedSet<String> defaultPlacement, Set<String> reservedNamespaces) {
		this(defaultPlacement, reservedNamespaces, new TreeSet<>(), WorkloadRights.DEFAULT);
	}

}
