package dev.meshwright.model.namespace;

import java.util.List;
import java.util.Map;

import dev.meshwright.model.Grant;
import dev.meshwright.model.Spec;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's namespace, the same name on every cluster where it is placed.
 *
 * @param owner the team that answers for it
 * @param placement on which clusters it is; absent means the installation's default
 * placement, which is nowhere unless the operator says otherwise
 * @param injection how its pods join the mesh; default {@code none}
 * @param revision the mesh revision that injects ({@code istio.io/rev}); only with
 * {@code injection: sidecar}
 * @param waypoint the waypoint that serves the namespace; only with
 * {@code injection: ambient}
 * @param hosts the hosts that its services may expose: a host, or {@code *.} and a domain
 * for those below it
 * @param grants grants that hold for every service of the namespace
 * @param deletionPolicy what happens to live objects when a resource is deleted; default
 * {@code delete}
 * @param conflictPolicy what happens when an object of the same name exists and is not
 * ours; default {@code refuse}
 * @param driftPolicy what happens when others change or delete what was pushed; default
 * {@code heal}
 * @param syncWindows when changes are pushed to the clusters; none means at any time
 * @param paused whether nothing at all is pushed, changed back or deleted in the
 * namespace until this is taken away; default false
 * @param quota how much may be declared here
 * @param requirePreconditions whether a write without If-Match, If-None-Match or
 * resourceVersion is refused (428)
 * @param requireDigest whether images must be named by digest
 */
public record NamespaceSpec(@Nullable String owner, @Nullable Placement placement, @Nullable Injection injection,
		@Nullable String revision, @Nullable String waypoint, @Nullable List<String> hosts,
		@Nullable List<Grant> grants, @Nullable DeletionPolicy deletionPolicy, @Nullable ConflictPolicy conflictPolicy,
		@Nullable DriftPolicy driftPolicy, @Nullable List<SyncWindow> syncWindows, @Nullable Boolean paused,
		@Nullable Quota quota, @Nullable Boolean requirePreconditions,
		@Nullable Boolean requireDigest) implements Spec {

	/**
	 * Where a namespace is; one of the two is given.
	 *
	 * @param clusters names of clusters; {@code []} means nowhere
	 * @param clusterSelector every cluster that carries all these labels; {@code {}}
	 * means every cluster
	 */
	public record Placement(@Nullable List<String> clusters, @Nullable Map<String, String> clusterSelector) {
	}

	/** How pods join the mesh. */
	public enum Injection {

		SIDECAR("sidecar"), AMBIENT("ambient"), NONE("none");

		private final String text;

		Injection(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** What becomes of live objects when their resource is deleted. */
	public enum DeletionPolicy {

		/** They are deleted. */
		DELETE("delete"),

		/** They stay, and Meshwright forgets them. */
		ORPHAN("orphan");

		private final String text;

		DeletionPolicy(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** What is done about an existing object that is not ours. */
	public enum ConflictPolicy {

		/** It is left alone and reported. */
		REFUSE("refuse"),

		/** It is taken over. */
		TAKE_OVER("takeOver");

		private final String text;

		ConflictPolicy(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** What is done about live objects that others changed or deleted. */
	public enum DriftPolicy {

		/** They are set right at once; whoever keeps changing them is met with pauses. */
		HEAL("heal"),

		/**
		 * It is reported, with objects and fields, and nothing is changed until a
		 * revision changes an object: that one is then pushed whole.
		 */
		REPORT("report");

		private final String text;

		DriftPolicy(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/**
	 * Limits on what may be declared.
	 *
	 * @param replicas the most replicas one version may ask for, autoscaling included
	 */
	public record Quota(@Nullable Integer replicas) {
	}

}
