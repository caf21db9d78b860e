package dev.meshwright.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * The kinds of Kubernetes object that Meshwright's renderers make. This is the allow-list
 * of what may ever be pushed: what is not here cannot be emitted, whatever the database
 * says.
 */
public enum ObjectKind {

	NAMESPACE("v1", "Namespace", "namespaces", false),

	SERVICE_ACCOUNT("v1", "ServiceAccount", "serviceaccounts", true),

	SERVICE("v1", "Service", "services", true),

	DEPLOYMENT("apps/v1", "Deployment", "deployments", true),

	HORIZONTAL_POD_AUTOSCALER("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true),

	POD_DISRUPTION_BUDGET("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true),

	INGRESS("networking.k8s.io/v1", "Ingress", "ingresses", true),

	VIRTUAL_SERVICE("networking.istio.io/v1", "VirtualService", "virtualservices", true),

	DESTINATION_RULE("networking.istio.io/v1", "DestinationRule", "destinationrules", true),

	ISTIO_GATEWAY("networking.istio.io/v1", "Gateway", "gateways", true),

	SERVICE_ENTRY("networking.istio.io/v1", "ServiceEntry", "serviceentries", true),

	ENVOY_FILTER("networking.istio.io/v1alpha3", "EnvoyFilter", "envoyfilters", true),

	PEER_AUTHENTICATION("security.istio.io/v1", "PeerAuthentication", "peerauthentications", true),

	REQUEST_AUTHENTICATION("security.istio.io/v1", "RequestAuthentication", "requestauthentications", true),

	AUTHORIZATION_POLICY("security.istio.io/v1", "AuthorizationPolicy", "authorizationpolicies", true),

	NETWORK_POLICY("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true),

	ROLE("rbac.authorization.k8s.io/v1", "Role", "roles", true),

	ROLE_BINDING("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", true),

	GATEWAY("gateway.networking.k8s.io/v1", "Gateway", "gateways", true),

	HTTP_ROUTE("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes", true);

	private final String apiVersion;

	private final String kind;

	private final String plural;

	private final boolean namespaced;

	ObjectKind(String apiVersion, String kind, String plural, boolean namespaced) {
		this.apiVersion = apiVersion;
		this.kind = kind;
		this.plural = plural;
		this.namespaced = namespaced;
	}

	/** {@code group/version}, or {@code v1} for the core group. */
	public String apiVersion() {
		return this.apiVersion;
	}

	/** The API group, empty for the core group. */
	public String group() {
		int slash = this.apiVersion.indexOf('/');
		return (slash < 0) ? "" : this.apiVersion.substring(0, slash);
	}

	public String kind() {
		return this.kind;
	}

	/** The resource's plural in the API server's paths. */
	public String plural() {
		return this.plural;
	}

	public boolean namespaced() {
		return this.namespaced;
	}

	/**
	 * The kind of this apiVersion and name, or empty when it is not on the allow-list.
	 */
	public static Optional<ObjectKind> of(String apiVersion, String kind) {
		return Arrays.stream(values())
			.filter((candidate) -> candidate.apiVersion.equals(apiVersion) && candidate.kind.equals(kind))
			.findFirst();
	}

	/** The kind that {@link #toString} gives this text for, or empty for none. */
	public static Optional<ObjectKind> named(String text) {
		return Arrays.stream(values()).filter((candidate) -> candidate.toString().equals(text)).findFirst();
	}

	/**
	 * {@code VirtualService.networking.istio.io}, or {@code Service} for the core group.
	 */
	@Override
	public String toString() {
		return group().isEmpty() ? this.kind : this.kind + "." + group();
	}

}
