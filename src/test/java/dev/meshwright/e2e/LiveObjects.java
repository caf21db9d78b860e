package dev.meshwright.e2e;

import java.util.Map;
import java.util.TreeMap;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** Looks at a cluster with a client of its own, independent of the product. */
public final class LiveObjects {

	private static final Map<String, ResourceDefinitionContext> KINDS = Map.ofEntries(
			kind("", "v1", "ServiceAccount", "serviceaccounts"), kind("", "v1", "Service", "services"),
			kind("apps", "v1", "Deployment", "deployments"),
			kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
			kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
			kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
			kind("networking.istio.io", "v1", "VirtualService", "virtualservices"),
			kind("networking.istio.io", "v1", "DestinationRule", "destinationrules"),
			kind("networking.istio.io", "v1", "Gateway", "gateways"),
			kind("networking.istio.io", "v1", "ServiceEntry", "serviceentries"),
			kind("security.istio.io", "v1", "PeerAuthentication", "peerauthentications"),
			kind("security.istio.io", "v1", "AuthorizationPolicy", "authorizationpolicies"));

	private final KubernetesClient kubernetes;

	private final String namespace;

	public LiveObjects(KubernetesClient kubernetes, String namespace) {
		this.kubernetes = kubernetes;
		this.namespace = namespace;
	}

	private static Map.Entry<String, ResourceDefinitionContext> kind(String group, String version, String kind,
			String plural) {
		return Map.entry(kind,
				new ResourceDefinitionContext.Builder().withGroup(group)
					.withVersion(version)
					.withKind(kind)
					.withPlural(plural)
					.withNamespaced(true)
					.build());
	}

	/**
	 * Every managed object of the namespace: {@code VirtualService/reviews} to its
	 * resourceVersion.
	 */
	public Map<String, String> resourceVersions() {
		Map<String, String> versions = new TreeMap<>();
		KINDS.forEach((kind, context) -> this.kubernetes.genericKubernetesResources(context)
			.inNamespace(this.namespace)
			.withLabel("app.kubernetes.io/managed-by", "meshwright")
			.list()
			.getItems()
			.forEach((item) -> versions.put(kind + "/" + item.getMetadata().getName(),
					item.getMetadata().getResourceVersion())));
		return versions;
	}

	public GenericKubernetesResource get(String kind, String name) {
		return this.kubernetes.genericKubernetesResources(KINDS.get(kind))
			.inNamespace(this.namespace)
			.withName(name)
			.get();
	}

	public void delete(String kind, String name) {
		this.kubernetes.genericKubernetesResources(KINDS.get(kind)).inNamespace(this.namespace).withName(name).delete();
	}

	public void create(GenericKubernetesResource resource) {
		this.kubernetes.genericKubernetesResources(KINDS.get(resource.getKind()))
			.inNamespace(this.namespace)
			.resource(resource)
			.create();
	}

	/** Plays the Deployment controller, which the test's API server does not have. */
	public void makeDeploymentsAvailable() {
		this.kubernetes.apps().deployments().inNamespace(this.namespace).list().getItems().forEach((deployment) -> {
			if (deployment.getStatus() == null || deployment.getStatus().getAvailableReplicas() == null) {
				this.kubernetes.apps()
					.deployments()
					.inNamespace(this.namespace)
					.withName(deployment.getMetadata().getName())
					.subresource("status")
					// says nothing about the version, as others write at the same time
					.patch(PatchContext.of(PatchType.JSON_MERGE),
							"{\"status\": {\"replicas\": 1, \"readyReplicas\": 1, \"availableReplicas\": 1}}");
			}
		});
	}

}
