package dev.meshwright.compile;

/**
 * What a declaration may ask of a provider. A service's features are derived from its
 * model; one that no renderer of a placed cluster offers is an ERROR when it is declared.
 */
public enum Feature {

	/** Workloads, Services, accounts, autoscaling and disruption budgets. */
	WORKLOADS("managed workloads"),

	EXTERNAL_SERVICE("external services"),

	/** TLS that the proxies of callers begin. */
	UPSTREAM_TLS("TLS to external services"),

	MESH_ROUTING("routing rules for callers inside the mesh"),

	TCP_ROUTING("TCP rules"),

	TLS_ROUTING("TLS rules"),

	GRPC_MATCH("matching of gRPC services and methods"),

	/** A split over versions or services with weights. */
	WEIGHTED_SPLIT("weighted splits"),

	MATCH_REGEX("regular expressions in matches"),

	MATCH_QUERY("matching of query parameters"),

	MATCH_HEADERS("matching of headers"),

	MATCH_METHOD("matching of methods"),

	/** Matching on withoutHeaders, ignoreCase, host or scheme inside a rule. */
	MATCH_EXTENDED("matching of absent headers, host, scheme, or without regard to case"),

	MATCH_CLAIMS("matching of JWT claims"),

	MATCH_SOURCE("matching of the calling workload"),

	REDIRECT("redirects"),

	DIRECT_RESPONSE("direct responses"),

	REWRITE("rewrites"),

	REGEX_REWRITE("rewrites by regular expression"),

	TIMEOUT("timeouts"),

	RETRIES("retries"),

	MIRROR("mirroring"),

	FAULT("fault injection"),

	CORS("CORS"),

	HEADER_OPERATIONS("header operations"),

	LOAD_BALANCING("load balancing settings"),

	OUTLIER_DETECTION("outlier detection"),

	CONNECTION_POOL("limits of the connection pool"),

	RETRY_BUDGET("retry budgets"),

	/** Limits of the requests that each pod takes. */
	RATE_LIMIT("rate limits"),

	LOCALITY_FAILOVER("failover and distribution by locality"),

	/** Requests leave clusters or regions for a time. */
	EVACUATION("evacuation of clusters and regions"),

	/** Requests leave a version for a time, by weights of ours. */
	VERSION_EVACUATION("evacuation of versions"),

	/** Another service takes over for a time, by weights of ours. */
	BACKUP("backup services"),

	/** Exposure at a gateway whose {@code api} is istio. */
	EXPOSURE_ISTIO("exposure at Istio gateways"),

	/** Exposure at a gateway whose {@code api} is gatewayApi. */
	EXPOSURE_GATEWAY_API("exposure at Gateway API gateways"),

	/** Exposure at a gateway whose {@code api} is ingress. */
	EXPOSURE_INGRESS("exposure through Ingress"),

	AMBIENT("ambient namespaces"),

	/** Modes of mutual TLS, for all ports or single ones. */
	MUTUAL_TLS("mutual TLS"),

	/** Verification of JSON Web Tokens. */
	JWT("verification of tokens"),

	/** Access rules whatever they look at. */
	ACCESS("access rules by identity or by HTTP attributes"),

	/** External authorizers that must let requests in, too. */
	EXTERNAL_AUTHORIZATION("external authorizers"),

	/** Regular expressions for paths in access rules. */
	ACCESS_REGEX("regular expressions in access rules"),

	/** What the network lets through, by pods, namespaces, addresses and ports. */
	NETWORK_POLICY("network policies"),

	/** Roles of the account under which a service's own pods run. */
	WORKLOAD_RBAC("rights of workloads at the cluster's API");

	private final String text;

	Feature(String text) {
		this.text = text;
	}

	/** The feature as a sentence names it, such as {@code weighted splits}. */
	public String text() {
		return this.text;
	}

}
