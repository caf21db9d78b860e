package dev.meshwright.model.cluster;

import java.util.List;
import java.util.Map;

import dev.meshwright.model.Spec;
import org.jspecify.annotations.Nullable;

/**
 * A cluster to which Meshwright pushes.
 *
 * @param connection how the cluster's API server is reached
 * @param mesh the service mesh that runs there
 * @param meshVersion the mesh's version, such as {@code 1.29}; stands in for what would
 * be found in a cluster that was never reached
 * @param pathNormalization how the mesh's proxies normalise request paths; default
 * {@code DEFAULT}, which is {@code BASE} for Istio
 * @param trustDomain the trust domain of workload identities; default
 * {@code cluster.local}
 * @param clusterDomain the DNS suffix of services; default {@code cluster.local}
 * @param rootNamespace the mesh's root namespace, in which nothing is ever pushed;
 * default {@code istio-system}
 * @param region the region of the cluster's nodes, for locality
 * @param zone the zone of the cluster's nodes, when all are in one
 * @param network the network of the cluster's endpoints, for meshes over several networks
 * @param gateways the gateways through which services may be exposed
 * @param externalAuthorizers the external authorizers that the mesh knows, of which
 * security policies may demand that they let requests in; absent means none
 * @param envoyFilters whether EnvoyFilters of ours may change what the mesh's proxies do,
 * which rate limits need; default false
 * @param settle how long to wait between the phases of a push
 * @param safety how much may be deleted without an operator's release
 * @param paused whether nothing at all is pushed, changed back or deleted on the cluster
 * until this is taken away; default false
 */
public record ClusterSpec(Connection connection, Mesh mesh, @Nullable String meshVersion,
		@Nullable PathNormalization pathNormalization, @Nullable String trustDomain, @Nullable String clusterDomain,
		@Nullable String rootNamespace, @Nullable String region, @Nullable String zone, @Nullable String network,
		@Nullable List<GatewayEntry> gateways, @Nullable List<ExternalAuthorizer> externalAuthorizers,
		@Nullable Boolean envoyFilters, @Nullable Settle settle, @Nullable Safety safety,
		@Nullable Boolean paused) implements Spec {

	/**
	 * How the API server is reached; exactly one is given. A path or a credential is
	 * never part of it.
	 *
	 * @param kubeconfig a file in the operator's kubeconfig directory
	 * @param inCluster the cluster in which Meshwright itself runs, with its own service
	 * account
	 * @param sandbox no real cluster: objects are kept in memory, for trying things out
	 */
	public record Connection(@Nullable Kubeconfig kubeconfig, @Nullable InCluster inCluster,
			@Nullable Sandbox sandbox) {
	}

	/**
	 * A kubeconfig file that the operator has put into the configured directory.
	 *
	 * @param name the file's name without directory
	 * @param context the context to use; default the file's current context
	 */
	public record Kubeconfig(String name, @Nullable String context) {
	}

	/** The cluster in which Meshwright runs. */
	public record InCluster() {
	}

	/** A cluster that exists in memory only. */
	public record Sandbox() {
	}

	/** The service mesh of a cluster. */
	public enum Mesh {

		ISTIO("istio"), LINKERD("linkerd"), CONSUL("consul"), NONE("none");

		private final String text;

		Mesh(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** Istio's path normalisation modes, spelled as in its MeshConfig. */
	public enum PathNormalization {

		DEFAULT, NONE, BASE, MERGE_SLASHES, DECODE_AND_MERGE_SLASHES

	}

	/**
	 * How much may be deleted on the cluster, together within ten minutes. Deletions that
	 * exceed both limits are held until an operator releases them.
	 *
	 * @param maxDeletes objects that may always be deleted; default {@code 50}
	 * @param maxDeletePercent the part of all objects that may be deleted, in per cent;
	 * default {@code 20}
	 */
	public record Safety(@Nullable Integer maxDeletes, @Nullable Integer maxDeletePercent) {
	}

	/**
	 * Waiting times between the phases of a push.
	 *
	 * @param beforeSwitch before a switch that uses something new; default {@code 1s}
	 * @param beforeBreak before something is narrowed or deleted; default {@code 10s}
	 */
	public record Settle(java.time.@Nullable Duration beforeSwitch, java.time.@Nullable Duration beforeBreak) {
	}

	/**
	 * An external authorizer of the mesh.
	 *
	 * @param name its name among the {@code extensionProviders} of the mesh's
	 * configuration, of type {@code envoyExtAuthzGrpc} or {@code envoyExtAuthzHttp}
	 * @param allowedNamespaces the namespaces whose services may have it asked, since it
	 * sees their requests; absent means every namespace
	 */
	public record ExternalAuthorizer(String name, @Nullable List<String> allowedNamespaces) {
	}

	/**
	 * A gateway of the cluster through which services may be exposed.
	 *
	 * @param name what an exposure calls it
	 * @param api which API declares routes on it
	 * @param namespace the Kubernetes namespace of the gateway's workload; for
	 * {@code gatewayApi} and {@code ingress} only where its proxies run
	 * @param selector labels of the gateway's pods ({@code istio})
	 * @param gatewayClass the GatewayClass or IngressClass ({@code gatewayApi},
	 * {@code ingress})
	 * @param ports what the gateway listens on; default 80 HTTP and, for exposures with
	 * TLS, 443 HTTPS
	 * @param allowedNamespaces the namespaces that may expose services here; absent means
	 * every namespace
	 * @param credentials the TLS secrets that exposures may name; absent means any secret
	 * of the gateway's namespace
	 */
	public record GatewayEntry(String name, Api api, @Nullable String namespace, @Nullable Map<String, String> selector,
			@Nullable String gatewayClass, @Nullable List<Listener> ports, @Nullable List<String> allowedNamespaces,
			@Nullable List<String> credentials) {

		/** The API in which routes through a gateway are written. */
		public enum Api {

			ISTIO("istio"), GATEWAY_API("gatewayApi"), INGRESS("ingress");

			private final String text;

			Api(String text) {
				this.text = text;
			}

			@Override
			public String toString() {
				return this.text;
			}

		}

		/**
		 * A port of a gateway.
		 *
		 * @param port the number, 1 to 65535
		 * @param protocol what is spoken there
		 */
		public record Listener(int port, Protocol protocol) {
		}

		/** What a gateway's port speaks. */
		public enum Protocol {

			HTTP, HTTPS, TLS, TCP

		}

	}

}
