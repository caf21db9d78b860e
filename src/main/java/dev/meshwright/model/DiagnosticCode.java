package dev.meshwright.model;

import java.util.List;

import dev.meshwright.model.Diagnostic.Severity;

import static dev.meshwright.model.Diagnostic.Severity.ERROR;
import static dev.meshwright.model.Diagnostic.Severity.WARNING;

/**
 * The catalogue of findings. A code never changes its meaning; each is produced by at
 * least one test case and listed in {@code docs/diagnostics.md}.
 */
public enum DiagnosticCode {

	INVALID_NAME(ERROR, "A name is not what Kubernetes or the mesh allows for it.", "use %s"),

	NAME_TOO_LONG(ERROR, "The names of a service and its version are too long together for the objects made of them.",
			"shorten one of them: together they may have 52 characters"),

	RESERVED_NAMESPACE(ERROR, "A namespace belongs to Kubernetes, the mesh, a gateway or Meshwright itself.",
			"use another namespace"),

	DUPLICATE_NAME(ERROR, "Two entries that must differ have the same name, number or path.",
			"give each its own, or remove one", "IST0106"),

	REQUIRED_FIELD(ERROR, "A field is missing or empty without which the rest has no meaning.", "give %s"),

	EXCLUSIVE_FIELDS(ERROR, "Fields of which exactly one may be given are given together, or none is.", "give %s"),

	OUT_OF_RANGE(ERROR, "A number lies outside its range.", "use %s"),

	INVALID_DURATION(ERROR, "A duration is negative, zero where that has no meaning, or finer than can be said.",
			"use %s"),

	INVALID_VALUE(ERROR, "A text is none of the values that the field knows.", "use %s"),

	INVALID_HOST(ERROR, "A host is not a DNS name that can be routed.",
			"use a lower-case DNS name without trailing dot, such as shop.example.com; international names in punycode"),

	INVALID_ADDRESS(ERROR, "An address is no IP address or CIDR block.", "use %s"),

	INVALID_PATH(ERROR, "A path does not start with a slash, or would make an ambiguous one.", "use %s"),

	INVALID_REGEX(ERROR, "A regular expression is not RE2 or is longer than 1,024 characters.",
			"use an RE2 expression of at most 1,024 characters, without look-around and back references"),

	INVALID_HEADER(ERROR, "A header's name or value cannot be sent.",
			"use letters, digits and - in names, and printable characters in values"),

	INVALID_LABEL(ERROR, "A label's key or value is not what Kubernetes allows.",
			"use [prefix/]name and a value of at most 63 letters, digits, -, _ and ."),

	INVALID_QUANTITY(ERROR, "A quantity is not what Kubernetes allows.",
			"use a number with unit, such as 250m or 64Mi"),

	INVALID_IMAGE(ERROR, "An image is not a valid reference.", "use registry/repository:tag or ...@sha256:<digest>"),

	INVALID_REFERENCE(ERROR, "A reference to a service is malformed.", "use name, or namespace/name"),

	DIGEST_REQUIRED(ERROR, "The namespace demands images by digest.", "name the image by @sha256:<digest>"),

	QUOTA_EXCEEDED(ERROR, "More replicas are asked for than the namespace allows.",
			"ask for at most %s, or have the quota raised"),

	RUNS_AS_ROOT(ERROR, "The restricted Pod Security Standard forbids user 0.", "use another user id"),

	REQUESTS_EXCEED_LIMITS(ERROR, "A container asks for more than it may use.", "raise the limit or lower the request"),

	TARGET_PORT_NOT_NUMERIC(ERROR, "A managed workload's port is named where only its number is known.",
			"give the number on which the container listens"),

	NO_COMMON_LABEL(ERROR, "The versions share no label, so no Kubernetes Service can select all their pods.",
			"give the selectors of all versions one label in common"),

	AUTOSCALING_WITHOUT_REQUESTS(WARNING, "Autoscaling by use needs a request to compare the use with.",
			"add resources.requests.%s"),

	DISRUPTION_BUDGET_BLOCKS(WARNING, "A disruption budget never lets a pod go, so nodes cannot be drained.",
			"leave room for at least one pod"),

	CLUSTER_NOT_FOUND(ERROR, "A placement names a cluster that is not registered.",
			"register it, or correct the name%s", "IST0101"),

	NAMESPACE_NOT_FOUND(ERROR, "A service or a default policy lives in a namespace that is not declared.",
			"declare Namespace %s first"),

	SERVICE_NOT_FOUND(ERROR, "A service of the same namespace is named that is not declared.",
			"declare it, or correct the name", "IST0101", "KIA1101"),

	NOT_FOUND_OR_NOT_GRANTED(ERROR,
			"A service of another namespace is named that is not declared or does not grant the use.",
			"check the name, and have the other namespace grant it: grants: [{to: {namespaces: [%s]}, as: [%s]}]",
			"IST0101", "KIA1101"),

	DEPENDENCY_NOT_FOUND(WARNING, "A dependency is not declared or not granted, so it is not made visible.",
			"declare it, correct the name, or have it granted as dependency", "KIA1004"),

	VERSION_NOT_FOUND(ERROR, "A version is named that the service does not have.",
			"add the version, or correct the name%s", "IST0101", "KIA1107"),

	PORT_NOT_FOUND(ERROR, "A port is named that the service does not have.", "use one of %s"),

	PORT_REQUIRED(ERROR, "The destination has several ports and none corresponds to the one that is called.",
			"add port, one of %s", "IST0112"),

	PORT_NOT_ROUTABLE(ERROR, "A rule is about a port whose protocol it does not fit.", "use a port that speaks %s",
			"IST0118"),

	GATEWAY_NOT_FOUND(ERROR, "An exposure names a gateway that a placed cluster does not have.",
			"add it to the cluster's gateways, or correct the name%s", "IST0101", "KIA1102", "KIA1401"),

	GATEWAY_NOT_ALLOWED(ERROR, "A gateway is not open to the namespace.",
			"use another gateway, or have the namespace added to its allowedNamespaces"),

	LISTENER_NOT_FOUND(ERROR, "A gateway does not listen for what an exposure needs.",
			"add a port with protocol %s to the gateway, or change the exposure's tls", "IST0162"),

	CREDENTIAL_NOT_ALLOWED(ERROR, "A gateway does not let exposures use the certificate.",
			"use another credentialName, or have it added to the gateway's credentials", "IST0161"),

	HOST_NOT_OWNED(ERROR, "A host is exposed that the namespace does not own.",
			"have the host added to the hosts of Namespace %s"),

	ALREADY_CLAIMED(ERROR, "Something that only one resource may have belongs to another.", "%s", "IST0109", "KIA1106",
			"KIA0301", "KIA1211"),

	INVALID_WEIGHTS(ERROR, "The weights of a split are given in part, negative, or zero in sum.",
			"give every destination a weight of 0 or more with a sum above 0, or none"),

	DUPLICATE_DESTINATION(WARNING, "A split names the same destination twice.", "add up the weights in one entry",
			"KIA1105"),

	CONFLICTING_ACTIONS(ERROR, "A rule asks for things that exclude each other.", "keep one of %s"),

	PER_TRY_TIMEOUT_EXCEEDS_TIMEOUT(WARNING, "Each try may take longer than the whole request.",
			"make perTryTimeout shorter than timeout"),

	RETRIES_EXCEED_TIMEOUT(WARNING, "The tries together may take longer than the whole request, so some never happen.",
			"raise timeout above (attempts + 1) times perTryTimeout, or lower attempts"),

	FAILOVER_WITHOUT_DETECTION(ERROR,
			"Requests are to leave a locality whose endpoints fail, but nothing detects that they do.",
			"give outlierDetection, here or at a level above", "IST0133"),

	DETECTION_TURNS_LOCALITY_FAILOVER_ON(WARNING,
			"Outlier detection by itself makes requests prefer the caller's locality and fail over to others.",
			"say locality: {enabled: true} when that is meant, or locality: {enabled: false}"),

	INVALID_LOCALITY(ERROR, "A region or locality is none, fails over to itself, or overlaps with another.", "use %s",
			"IST0106"),

	INVALID_LOCALITY_WEIGHTS(ERROR, "The shares of the localities are not 100 percent together.",
			"give each locality 1 to 100 so that they are 100 together", "IST0106"),

	LOCAL_ORIGIN_ERRORS_NOT_SPLIT(ERROR, "Failed connections are to be counted, but not apart from answers.",
			"add splitExternalLocalOriginErrors: true, or remove consecutiveLocalOriginFailures", "IST0106"),

	EJECTION_HAS_NO_EFFECT(WARNING, "Outlier detection can leave nobody out with the replicas that there are.",
			"use %s, or more replicas"),

	EJECTION_LEAVES_FAILED_ENDPOINTS(WARNING,
			"So few endpoints may be ejected that most of a locality that fails goes on to get requests.",
			"raise maxEjectionPercent to the share of the largest locality, or to 100"),

	FAILOVER_TARGET_WITHOUT_PODS(WARNING, "Requests are to fail over to where the service or version has no pods.",
			"place it there, or name another region"),

	RETRY_MISSES_DEAD_APPLICATION(WARNING,
			"Retries on connect-failure do not help when the application is dead and its proxy is not.",
			"add 503 or gateway-error to retryOn where requests may be repeated"),

	RETRY_BUDGET_REPLACES_MAX_RETRIES(WARNING, "With a retry budget, maxRetries has no effect.",
			"remove one of retryBudget and connectionPool.http.maxRetries"),

	TIMEOUT_INVERSION(WARNING, "A caller gives up before the services that it calls do, which work on for nobody.",
			"raise the timeout to more than %s, or lower those of the called service"),

	RETRY_AMPLIFICATION(WARNING, "Services that call each other all retry, which multiplies the load when one fails.",
			"retry in one of them only, or limit the retries with a retryBudget"),

	CORS_WITHOUT_OPTIONS(WARNING, "A rule with cors does not match the OPTIONS requests of preflights.",
			"match OPTIONS, too, or leave out method"),

	FAULT_WITH_TIMEOUT(WARNING, "A rule injects faults and has timeout or retries, which then do not take effect.",
			"set timeout and retries on the rules of the callers' other services, or remove the fault"),

	UNREACHABLE_RULE(WARNING, "A rule never takes effect because rules before it match all its requests.",
			"move it up, narrow the rules before it, or remove it", "IST0130"),

	DUPLICATE_MATCH(WARNING, "A match never takes effect because one before it takes all its requests.", "remove it",
			"IST0131"),

	NO_DEFAULT_RULE(WARNING, "Requests that no rule matches are answered with 404.",
			"add a last rule without match%s, unless 404 is meant"),

	CLAIMS_NEED_AUTHENTICATION(WARNING, "Claims are known only where a RequestAuthentication verifies the token.",
			"see that a RequestAuthentication for the token's issuer holds at the gateway", "IST0149"),

	CLAIMS_ONLY_AT_GATEWAY(ERROR, "Claims can be matched only for requests through a gateway.",
			"remove claims, or set appliesTo: gateway"),

	SOURCE_ONLY_IN_MESH(ERROR, "The calling workload is known only inside the mesh.",
			"remove source, or set appliesTo: mesh"),

	PREFIX_REWRITE_WITHOUT_PREFIX(ERROR, "A rewrite replaces a part of the path that a match does not name.",
			"match path by %s in every alternative of the rule"),

	RULE_WITHOUT_EXPOSURE(WARNING, "A rule is only for the gateway, but the service is not exposed.",
			"add exposure to the service, or remove appliesTo"),

	DESTINATION_NOT_ON_CLUSTER(WARNING, "Requests go to a service that is not placed on the cluster.",
			"place the other namespace there, too, or see that the mesh reaches it from elsewhere", "KIA1101"),

	DESTINATION_NOT_VISIBLE(WARNING, "Requests go to an external service that callers in other namespaces cannot see.",
			"declare the external service where the callers are"),

	MAGLEV_TABLE_NOT_PRIME(ERROR, "Maglev needs a table whose size is a prime of at most 5000011.",
			"use a prime, such as 65537"),

	WARMUP_NOT_SUPPORTED(ERROR, "Slow start works only with ROUND_ROBIN and LEAST_REQUEST.",
			"use one of these, or remove warmup"),

	WILDCARD_NOT_RESOLVABLE(ERROR, "A host with a wildcard cannot be resolved by DNS.",
			"use resolution NONE or DYNAMIC_DNS, or name the host"),

	ENDPOINTS_REQUIRED(ERROR, "Static resolution needs to know the addresses.", "add endpoints with IP addresses"),

	ADDRESSES_REQUIRED(WARNING, "A TCP port without virtual address takes every connection to its number.",
			"add addresses, or rely on the mesh's automatic allocation", "IST0134"),

	HOSTS_NOT_TOLD_APART(ERROR, "Several external hosts share a port on which nothing says which of them is meant.",
			"declare a service for each host, or use resolution NONE"),

	EXTERNAL_HOST_IN_CLUSTER(ERROR, "An external host is a name of services inside the cluster.",
			"declare such a service as dependency instead"),

	PASSTHROUGH_NEEDS_TLS_PORT(ERROR, "TLS is passed through only to a port that speaks it.",
			"add a port with protocol TLS or HTTPS, or terminate with mode SIMPLE"),

	INJECTION_MISMATCH(ERROR, "A field is given that the way of joining the mesh does not use.",
			"set injection: %s, or remove the field", "IST0123", "KIA1312"),

	WAYPOINT_REQUIRED(ERROR, "In an ambient namespace rules and load balancing take effect only at a waypoint.",
			"name the namespace's waypoint", "KIA0210", "KIA0211", "KIA1109", "KIA1113"),

	SOURCE_UNKNOWN_AT_WAYPOINT(ERROR, "A waypoint routes for all callers of a namespace and cannot tell them apart.",
			"remove source, or set injection: sidecar in the namespace"),

	PROVIDER_NOT_AVAILABLE(ERROR, "No provider of this installation renders for the cluster's mesh.",
			"use a mesh that is supported"),

	UNSUPPORTED_BY_PROVIDER(ERROR, "No provider on a placed cluster can express what is asked for.",
			"remove it, or place the namespace on other clusters only"),

	API_NOT_SERVED(WARNING, "The cluster did not serve a kind of object that is needed when it was last reached.",
			"install %s in the cluster"),

	RULE_ORDER_NOT_KEPT(ERROR,
			"The gateway sorts rules by how specific they are, and a request would meet another rule than declared.",
			"put the more specific rules first"),

	NOT_EXPRESSIBLE_AT_GATEWAY(ERROR, "The gateway's API cannot say what an exposure or a rule asks for.",
			"remove it, or use a gateway of another api"),

	MESH_VERSION_TOO_OLD(ERROR, "The mesh of a placed cluster is of a release that lacks what is asked for.",
			"leave it out, or upgrade the mesh and the cluster's meshVersion"),

	SNI_NOT_OF_SERVICE(ERROR, "A TLS rule matches a server name that is none of the service's own.",
			"match one of its own names, or expose the service under the name"),

	SERVICE_LEVEL_ONLY(ERROR, "A default policy speaks of something that only one service has.",
			"say it in a policy that names the service"),

	WEAKENS_POLICY_ABOVE(WARNING,
			"A policy says something looser than a level above it, which holds instead; writing it so is refused.",
			"leave it out, or have the policy above say overridable: true"),

	IDENTITY_NEEDS_MUTUAL_TLS(ERROR,
			"A rule denies by who the caller is, or by who it is not, where callers need not prove it.",
			"set mutualTLS: {mode: STRICT} for the service's ports, or allow the callers that may call instead",
			"KIA0105"),

	LITERAL_NOT_KEPT(ERROR, "A text would not be compared literally: the proxy encodes it or reads it as a pattern.",
			"use %s"),

	ACCOUNT_NOT_OWN(ERROR,
			"A caller named in an access rule has no account of its own, so others would be let in with it.",
			"give it a serviceAccount that no other service of its namespace uses"),

	UNKNOWN_PRINCIPAL(ERROR, "A principal is named that no service of the namespace runs under.",
			"correct the account, or name the service under services", "KIA0106"),

	PRINCIPAL_NOT_CHECKED(WARNING, "A principal of another namespace or trust domain is taken as it is.",
			"see that the account exists and that nothing else runs under it; name services under services where you can",
			"KIA0107", "KIA0108"),

	DUPLICATE_ISSUER(ERROR, "Two JWT entries cannot be told apart by their issuer.",
			"give each issuer once, and none that begins with another one and a slash"),

	ISSUER_NOT_FOUND(ERROR, "A claim names no JWT entry that holds for the service.", "use one of %s"),

	JWKS_NOT_ALLOWED(ERROR, "Keys would be fetched from where the operator does not allow it.",
			"use https and one of the hosts %s, or give the keys in jwks", "IST0175"),

	SECRET_VALUE(ERROR, "A declaration carries a secret.", "remove it and replace the key: it is no longer secret"),

	ALLOW_WITHOUT_EFFECT(WARNING, "Allow rules have no effect where everything is allowed by default.",
			"set default: deny, or remove the rules"),

	EXPOSED_BUT_DENIED(WARNING, "A service is exposed, but no allow rule lets its gateway in.",
			"allow it: from: [{gateways: [%s]}]"),

	PATHS_NOT_NORMALIZED(WARNING,
			"A rule depends on paths, but the mesh does not bring all ways to write a path into one form.",
			"set the mesh's pathNormalization to DECODE_AND_MERGE_SLASHES and say so in the Cluster"),

	HEADER_VALUES_CAN_BE_JOINED(WARNING,
			"A rule refuses values of a header, which a caller can evade by sending the header twice.",
			"allow the values that may be sent instead"),

	SHARED_TARGET_PORT(ERROR, "Two ports lead to the same port of the pods, but differ in policy.",
			"give them their own targetPort, or name both"),

	ADDRESS_OF_GATEWAY(WARNING, "Behind a gateway the peer's address is the gateway's own.",
			"use remoteIpBlocks, or notRemoteIpBlocks"),

	HOST_NOT_OF_SERVICE(ERROR, "A rule names a host under which the service is not reached.", "use one of %s",
			"KIA0104"),

	POLICY_ON_EXTERNAL_SERVICE(ERROR, "A security policy is for a service whose pods are outside the mesh.",
			"secure the services that call it"),

	NOT_IN_MESH(ERROR, "A policy needs the mesh, which the pods of the namespace do not join.",
			"set the Namespace's injection, or use networkPolicy");

	private final Severity severity;

	private final String description;

	private final String remedy;

	private final List<String> references;

	DiagnosticCode(Severity severity, String description, String remedy, String... references) {
		this.severity = severity;
		this.description = description;
		this.remedy = remedy;
		this.references = List.of(references);
	}

	/** How grave it is unless the finding says otherwise. */
	public Severity severity() {
		return this.severity;
	}

	/** One sentence on what it means. */
	public String description() {
		return this.description;
	}

	/** How to mend it; each {@code %s} stands for what the finding fills in. */
	public String remedy() {
		return this.remedy;
	}

	/** Codes of istioctl analyze and Kiali that speak of the same. */
	public List<String> references() {
		return this.references;
	}

}
