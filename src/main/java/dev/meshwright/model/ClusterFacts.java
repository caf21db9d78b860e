package dev.meshwright.model;

import java.util.Set;

/**
 * What was found in a cluster when it was last reached. Kept as a row, so that
 * compilation does not depend on whether the cluster answers now.
 *
 * @param clusterUid uid of the kube-system namespace: the cluster's identity
 * @param kubernetesVersion the API server's version, such as {@code v1.36.3}
 * @param apis what it serves, each {@code group/version/Kind} ({@code v1/Service} for the
 * core group)
 */
public record ClusterFacts(String clusterUid, String kubernetesVersion, Set<String> apis) {

	public ClusterFacts {
		apis = Set.copyOf(apis);
	}

	/** Whether the cluster serves this kind of object. */
	public boolean serves(ObjectKind kind) {
		return this.apis.contains(kind.apiVersion() + "/" + kind.kind());
	}

}
