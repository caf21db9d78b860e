package dev.meshwright.api;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Policies that would not do what they say are refused with code, place and the way to
 * mend them, and nothing of them is stored.
 */
class BadPolicyE2E extends ServedApi {

	private static final String SECURITY = "security-policies";

	private static final String FAILOVER = "failover-policies";

	private static final String DETECTION = "outlierDetection: {interval: 5s}, ";

	static Stream<Arguments> isRefusedAndStoresNothing() {
		return Stream.of(policy("wildcard as host", allow("to: [{hosts: ['*']}]"), "to/0/hosts/0", "INVALID_HOST"),
				policy("host with trailing dot", allow("to: [{hosts: [shop.example.com.]}]"), "to/0/hosts/0",
						"INVALID_HOST"),
				policy("host in upper case", allow("to: [{hosts: [Shop.example.com]}]"), "to/0/hosts/0",
						"INVALID_HOST"),
				policy("international host", allow("to: [{hosts: [bücher.example]}]"), "to/0/hosts/0", "INVALID_HOST"),
				policy("everything as path", allow("to: [{paths: [{exact: '*'}]}]"), "to/0/paths/0/exact",
						"INVALID_PATH"),
				policy("path that is a pattern", allow("to: [{paths: [{exact: '/admin*'}]}]"), "to/0/paths/0/exact",
						"LITERAL_NOT_KEPT"),
				policy("encoded path", allow("to: [{paths: [{prefix: '/a%2fb'}]}]"), "to/0/paths/0/prefix",
						"LITERAL_NOT_KEPT"),
				policy("dot segments", allow("to: [{paths: [{prefix: '/a/../b'}]}]"), "to/0/paths/0/prefix",
						"LITERAL_NOT_KEPT"),
				policy("regex that is not RE2", allow("to: [{paths: [{regex: '/(?=a)b'}]}]"), "to/0/paths/0/regex",
						"INVALID_REGEX"),
				policy("regex too long", allow("to: [{paths: [{regex: '/" + "a".repeat(1_024) + "'}]}]"),
						"to/0/paths/0/regex", "INVALID_REGEX"),
				policy("CIDR /99", allow("from: [{ipBlocks: [10.0.0.0/99]}]"), "from/0/ipBlocks/0", "INVALID_ADDRESS"),
				policy("address of letters", allow("from: [{remoteIpBlocks: [office]}]"), "from/0/remoteIpBlocks/0",
						"INVALID_ADDRESS"),
				policy("CIDR with two slashes", allow("from: [{notIpBlocks: [10.0.0.0/8/8]}]"), "from/0/notIpBlocks/0",
						"INVALID_ADDRESS"),
				policy("address with leading zero", allow("from: [{ipBlocks: [010.0.0.1]}]"), "from/0/ipBlocks/0",
						"INVALID_ADDRESS"),
				policy("IPv6 CIDR /129", allow("from: [{ipBlocks: ['2001:db8::/129']}]"), "from/0/ipBlocks/0",
						"INVALID_ADDRESS"),
				at("CIDR of the network", SECURITY, "networkPolicy: {egress: [{ipBlocks: [10.0.0/24]}]}",
						"/spec/networkPolicy/egress/0/ipBlocks/0", "INVALID_ADDRESS"),
				policy("host of another team", allow("to: [{hosts: [bank.example.com]}]"), "to/0/hosts/0",
						"HOST_NOT_OF_SERVICE"),
				policy("namespace as pattern", allow("from: [{namespaces: ['*']}]"), "from/0/namespaces/0",
						"INVALID_NAME"),
				policy("namespace in upper case", allow("from: [{namespaces: [Shop]}]"), "from/0/namespaces/0",
						"INVALID_NAME"),
				policy("service as pattern", allow("from: [{services: ['*']}]"), "from/0/services/0",
						"INVALID_REFERENCE"),
				policy("any principal", allow("from: [{principals: ['*']}]"), "from/0/principals/0", "INVALID_VALUE"),
				policy("principal with scheme",
						allow("from: [{principals: ['spiffe://cluster.local/ns/NAMESPACE/sa/there']}]"),
						"from/0/principals/0", "INVALID_VALUE"),
				policy("value as pattern", allow("when: [{header: x-tenant, values: ['acme*']}]"), "when/0/values/0",
						"LITERAL_NOT_KEPT"),
				policy("callers that exclude each other",
						allow("from: [{namespaces: [NAMESPACE], notNamespaces: [NAMESPACE]}]"), "from/0/namespaces",
						"MATCHES_NOTHING"),
				policy("service outside its namespace", allow("from: [{services: [there], namespaces: [other]}]"),
						"from/0/namespaces", "MATCHES_NOTHING"),
				policy("numeric claim", allow("from: [{claims: [{issuer: a, claim: exp, values: ['1']}]}]"),
						"from/0/claims/0/values/0", "INVALID_VALUE"),
				at("address and not", SECURITY,
						"access: {deny: [{from: [{ipBlocks: [10.0.0.1], notIpBlocks: [10.0.0.1]}]}]}",
						"/spec/access/deny/0/from/0/ipBlocks", "MATCHES_NOTHING"),
				at("mutual TLS of a port that is not there", SECURITY, "mutualTLS: {ports: {grpc: STRICT}}",
						"/spec/mutualTLS/ports/grpc", "PORT_NOT_FOUND"),
				at("issuers that are told apart by a slash", SECURITY,
						"jwt: [{name: a, issuer: 'https://i.example', jwks: '{\"keys\":[]}'}, {name: b, issuer: 'https://i.example/b', jwks: '{\"keys\":[]}'}]",
						"/spec/jwt/1/issuer", "DUPLICATE_ISSUER"),
				at("no keys", SECURITY, "jwt: [{name: a, issuer: 'https://i.example'}]", "/spec/jwt/0",
						"EXCLUSIVE_FIELDS"),
				at("a secret key", SECURITY,
						"jwt: [{name: a, issuer: a, jwks: '{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}'}]",
						"/spec/jwt/0/jwks", "SECRET_VALUE"),
				policy("principal that nobody has",
						allow("from: [{principals: [cluster.local/ns/NAMESPACE/sa/nobody]}]"), "from/0/principals/0",
						"UNKNOWN_PRINCIPAL"),
				policy("caller that is not there", allow("from: [{services: [nobody]}]"), "from/0/services/0",
						"NOT_FOUND_OR_NOT_GRANTED"),
				policy("account that two services share", allow("from: [{services: [first]}]"), "from/0/services/0",
						"ACCOUNT_NOT_OWN"),
				policy("claim of no issuer", allow("from: [{claims: [{issuer: a, claim: b, values: [c]}]}]"),
						"from/0/claims/0/issuer", "ISSUER_NOT_FOUND"),
				policy("method in lower case", allow("to: [{methods: [get]}]"), "to/0/methods/0", "INVALID_VALUE"),
				policy("port that is not there", allow("to: [{ports: [grpc]}]"), "to/0/ports/0", "PORT_NOT_FOUND"),
				at("deny by a name that nobody proves", SECURITY,
						"access: {deny: [{name: a, from: [{namespaces: [other]}]}]}", "/spec/access/deny/0/from/0",
						"IDENTITY_NEEDS_MUTUAL_TLS"),
				at("issuer twice", SECURITY,
						"jwt: [{name: a, issuer: 'https://i.example', jwks: '{\"keys\":[]}'}, {name: b, issuer: 'https://i.example', jwks: '{\"keys\":[]}'}]",
						"/spec/jwt/1/issuer", "DUPLICATE_ISSUER"),
				at("keys from anywhere", SECURITY,
						"jwt: [{name: a, issuer: 'https://i.example', jwksUri: 'https://169.254.169.254/keys'}]",
						"/spec/jwt/0/jwksUri", "JWKS_NOT_ALLOWED"),
				at("rights to secrets", SECURITY, "rbac: [{apiGroups: [''], resources: [secrets], verbs: [get]}]",
						"/spec/rbac/0", "RIGHT_NOT_ALLOWED"),
				at("rights to everything", SECURITY, "rbac: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]",
						"/spec/rbac/0", "RIGHT_NOT_ALLOWED"),
				at("failover without detection", FAILOVER, "locality: {failover: [{from: a, to: b}]}",
						"/spec/locality/failover", "FAILOVER_WITHOUT_DETECTION"),
				at("distribute with failover", FAILOVER,
						DETECTION
								+ "locality: {failover: [{from: a, to: b}], distribute: [{from: a/*, to: {a/*: 100}}]}",
						"/spec/locality", "EXCLUSIVE_FIELDS"),
				at("failover to itself", FAILOVER, DETECTION + "locality: {failover: [{from: a, to: a}]}",
						"/spec/locality/failover/0/to", "INVALID_LOCALITY"),
				at("failover from anywhere", FAILOVER, DETECTION + "locality: {failover: [{from: '*', to: a}]}",
						"/spec/locality/failover/0/from", "INVALID_LOCALITY"),
				at("shares that are not 100", FAILOVER, "locality: {distribute: [{from: a, to: {a: 50, b: 49}}]}",
						"/spec/locality/distribute/0/to", "INVALID_LOCALITY_WEIGHTS"),
				at("locality off and chosen", FAILOVER, DETECTION + "locality: {enabled: false, failoverPriority: [a]}",
						"/spec/locality/enabled", "EXCLUSIVE_FIELDS"),
				at("local errors that are not counted apart", FAILOVER,
						"outlierDetection: {consecutiveLocalOriginFailures: 5}, locality: {enabled: true}",
						"/spec/outlierDetection/consecutiveLocalOriginFailures", "LOCAL_ORIGIN_ERRORS_NOT_SPLIT"),
				at("its own backup", FAILOVER, "backup: {service: there}", "/spec/backup/service", "FAILOVER_LOOP"),
				at("backup of another team", FAILOVER, "backup: {service: bank/card}", "/spec/backup/service",
						"NOT_FOUND_OR_NOT_GRANTED"),
				at("backup that is not there", FAILOVER, "backup: {service: nobody}", "/spec/backup/service",
						"SERVICE_NOT_FOUND"),
				at("negative timeout", FAILOVER, "timeout: -1s", "/spec/timeout", "INVALID_DURATION"),
				at("retries on nothing known", FAILOVER, "retries: {attempts: 1, retryOn: [sometimes]}",
						"/spec/retries/retryOn/0", "INVALID_VALUE"),
				at("negative connections", FAILOVER, "connectionPool: {tcp: {maxConnections: -1}}",
						"/spec/connectionPool/tcp/maxConnections", "OUT_OF_RANGE"),
				at("half a percent too much", FAILOVER, "outlierDetection: {maxEjectionPercent: 101}",
						"/spec/outlierDetection/maxEjectionPercent", "OUT_OF_RANGE"));
	}

	private static String allow(String rule) {
		return "access: {default: deny, allow: [{name: a, " + rule + "}]}";
	}

	private static Arguments policy(String what, String fields, String field, String code) {
		return at(what, SECURITY, fields, "/spec/access/allow/0/" + field, code);
	}

	private static Arguments at(String what, String kind, String fields, String pointer, String code) {
		return arguments(what, kind, fields, pointer, code);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void isRefusedAndStoresNothing(String what, String kind, String fields, String pointer, String code) {
		String namespace = namespace();
		for (String service : List.of("there", "first", "second")) {
			String account = service.equals("there") ? "" : "serviceAccount: both, dependencies: [there], ";
			assertThat(put("/api/v1/namespaces/" + namespace + "/services/" + service, "spec: {" + account
					+ "ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, workload: {image: a}}]}")
				.status()).isEqualTo(201);
		}
		long before = newest();
		String path = "/api/v1/namespaces/" + namespace + "/" + kind + "/there";
		Answered answered = put(path, "spec: {service: there, " + fields.replace("NAMESPACE", namespace) + "}");
		assertThat(answered.status()).as(answered.text()).isEqualTo(422);
		assertThat(answered.errors()).contains(pointer + " " + code);
		for (JsonNode error : answered.json().get("errors")) {
			assertThat(error.get("message").stringValue()).as("what is wrong, and the way to mend it").contains("; ");
		}
		assertThat(newest()).isEqualTo(before);
		assertThat(get(path).status()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "access: {allow: [{from: []}]}", "access: {deny: [{to: []}]}",
			"access: {allow: [{from: [{services: []}]}]}", "access: {audit: [{to: [{methods: []}]}]}",
			"networkPolicy: {ingress: [{namespaces: []}]}" })
	void emptyListsAreMalformed(String fields) {
		String path = "/api/v1/namespaces/" + namespace() + "/security-policies/default";
		Answered answered = put(path, "spec: {" + fields + "}");
		assertThat(answered.status()).as(answered.text()).isEqualTo(400);
		assertThat(answered.errors()).singleElement().asString().startsWith("/spec/");
		assertThat(get(path).status()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "mutualTLS: {mode: PERMISSIVE} | /spec/mutualTLS/mode",
			"mutualTLS: {ports: {http: DISABLE}} | /spec/mutualTLS/ports/http",
			"access: {default: allow} | /spec/access/default",
			"access: {allow: [{to: [{methods: [GET]}]}]} | /spec/access/allow/0",
			"access: {allow: [{from: [{ipBlocks: [0.0.0.0/0]}]}]} | /spec/access/allow/0", "jwt: [] | /spec/jwt",
			"jwt: [{name: b, issuer: 'https://b.example', jwks: '{\"keys\":[]}', required: true}] | /spec/jwt/0",
			"jwt: [{name: a, issuer: 'https://i.example', jwks: '{\"keys\":[]}'}] | /spec/jwt/0" })
	void whatWeakensALevelAboveIsRefused(String fields, String pointer) {
		String namespace = namespace();
		String in = "/api/v1/namespaces/" + namespace;
		assertThat(put(in + "/services/there",
				"spec: {ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, workload: {image: a}}]}")
			.status()).isEqualTo(201);
		String above = "spec: {%smutualTLS: {mode: STRICT}, access: {default: deny}, jwt: [{name: a, issuer: 'https://i.example', jwks: '{\"keys\":[]}', required: true}]}";
		assertThat(put(in + "/security-policies/default", above.formatted("")).status()).isEqualTo(201);
		String policy = "spec: {service: there, " + fields + "}";
		Answered refused = put(in + "/security-policies/there", policy);
		assertThat(refused.status()).as(refused.text()).isEqualTo(422);
		assertThat(refused.errors()).contains(pointer + " WEAKENS_POLICY_ABOVE");
		assertThat(get(in + "/security-policies/there").status()).isEqualTo(404);
		assertThat(put(in + "/security-policies/default", above.formatted("overridable: true, ")).status())
			.isEqualTo(200);
		assertThat(put(in + "/security-policies/there", policy).status()).isEqualTo(201);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "bank.example.com", "*", "Shop.example.com", "shop.example.com.", "bücher.example", "*.com" })
	void aHostThatIsNotOwnedCannotBeExposed(String host) {
		String path = "/api/v1/namespaces/" + namespace() + "/services/there";
		Answered answered = put(path,
				"spec: {ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, workload: {image: a}}], exposure: {gateway: public, hosts: ['"
						+ host + "']}}");
		assertThat(answered.status()).as(answered.text()).isEqualTo(422);
		assertThat(answered.errors()).contains("/spec/exposure/hosts/0 HOST_NOT_OWNED");
		assertThat(get(path).status()).isEqualTo(404);
	}

	@Test
	void servicesThatBackEachOtherUpAreRefusedWithTheSecond() {
		String in = "/api/v1/namespaces/" + namespace();
		for (String service : List.of("there", "spare")) {
			assertThat(put(in + "/services/" + service,
					"spec: {ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, workload: {image: a}}]}")
				.status()).isEqualTo(201);
		}
		assertThat(put(in + "/failover-policies/there", "spec: {service: there, backup: {service: spare}}").status())
			.isEqualTo(201);
		Answered second = put(in + "/failover-policies/spare", "spec: {service: spare, backup: {service: there}}");
		assertThat(second.status()).as(second.text()).isEqualTo(422);
		assertThat(second.errors()).contains("/spec/backup/service FAILOVER_LOOP");
		assertThat(get(in + "/failover-policies/spare").status()).isEqualTo(404);
	}

}
