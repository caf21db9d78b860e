package dev.meshwright.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A policy is written, changed and removed at each level: the requests that reach a real
 * API server are those for the objects that it is about, and no others, and nothing is
 * open in between that neither the old nor the new declaration leaves open.
 */
class PolicyChangesE2E {

	private static final String DECLARED = """
			kind: ChangeSet
			message: Two teams
			---
			kind: Namespace
			metadata: {name: team-a}
			spec: {injection: sidecar}
			---
			kind: Namespace
			metadata: {name: team-b}
			spec: {injection: sidecar}
			---
			kind: Service
			metadata: {namespace: team-a, name: web}
			spec:
			  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			  versions: [{name: v1, selector: {app: web, version: v1}}, {name: v2, selector: {app: web, version: v2}}]
			---
			kind: Service
			metadata: {namespace: team-a, name: cart}
			spec:
			  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			  serviceAccount: cart
			  versions: [{name: v1, selector: {app: cart}}]
			---
			kind: Service
			metadata: {namespace: team-b, name: desk}
			spec:
			  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			  versions: [{name: v1, selector: {app: desk}}]
			---
			""";

	private static final String FAILOVER = "failover-policies";

	private static final String SECURITY = "security-policies";

	@TempDir
	static Path directory;

	private static ClusterUnderTest cluster;

	@BeforeAll
	static void declare() throws IOException {
		cluster = new ClusterUnderTest(directory, Map.of("meshwright.default-placement", "east"));
		accepted(cluster.api().patch("/api/v1/clusters/east", """
				{"spec": {"settle": {"beforeSwitch": "0s", "beforeBreak": "1s"}, "envoyFilters": true,
				"externalAuthorizers": [{"name": "oauth2-proxy", "allowedNamespaces": ["team-a"]}]}}"""));
		accepted(cluster.api().changeSet(DECLARED + routing(50)));
		settle();
	}

	@BeforeEach
	void noPolicies() {
		for (String kind : List.of(FAILOVER, SECURITY)) {
			for (String level : List.of("team-a/web", "team-a", "platform")) {
				cluster.api().delete(path(kind, level));
			}
		}
		settle();
	}

	@AfterAll
	static void close() {
		if (cluster != null) {
			cluster.close();
		}
	}

	private static String routing(int weight) {
		return """
				kind: RoutingPolicy
				metadata: {namespace: team-a, name: web}
				spec: {service: web, rules: [{split: [{version: v1, weight: %d}, {version: v2, weight: %d}]}]}
				""".formatted(weight, 100 - weight);
	}

	private static void accepted(ApiClient.Answer answer) {
		assertThat(answer.status()).as(answer.text()).isIn(200, 201, 202);
	}

	private static void settle() {
		Settled.await(JdbcClient.create(cluster.database.dataSource()));
	}

	/** Writes a policy: of the platform, of a namespace, or of a service of it. */
	private static Set<String> put(String kind, String level, String fields) {
		cluster.proxy.forget();
		accepted(cluster.api().put(path(kind, level), "{\"spec\": {" + service(level) + fields + "}}"));
		return touched();
	}

	private static Set<String> delete(String kind, String level) {
		cluster.proxy.forget();
		accepted(cluster.api().delete(path(kind, level)));
		return touched();
	}

	private static String path(String kind, String level) {
		String[] parts = level.split("/");
		return level.equals("platform") ? "/api/v1/" + kind + "/default"
				: "/api/v1/namespaces/" + parts[0] + "/" + kind + "/" + ((parts.length > 1) ? parts[1] : "default");
	}

	private static String service(String level) {
		return level.contains("/") ? "\"service\": \"" + level.replaceFirst(".*/", "") + "\", " : "";
	}

	/** What changed at the API server, as {@code METHOD kind namespace/name}. */
	private static Set<String> touched() {
		settle();
		return new TreeSet<>(order());
	}

	/** The same in the order in which it came. */
	private static List<String> order() {
		return cluster.proxy.mutations()
			.stream()
			.filter((seen) -> seen.object().contains("/namespaces/team-"))
			.map((seen) -> {
				String[] parts = seen.object().replaceFirst(".*/namespaces/", "").split("/");
				return seen.method() + " " + parts[1] + " " + parts[0] + "/" + parts[2];
			})
			.toList();
	}

	/** The bodies that were sent for one object, in order. */
	private static List<String> bodies(String object) {
		return cluster.proxy.mutations()
			.stream()
			.filter((seen) -> seen.object().endsWith(object))
			.map((seen) -> new String(seen.body(), StandardCharsets.UTF_8))
			.toList();
	}

	private static Set<String> each(String method, String kind, String... objects) {
		Set<String> all = new TreeSet<>();
		Stream.of(objects).forEach((object) -> all.add(method + " " + kind + " " + object));
		return all;
	}

	private static Set<String> both(Set<String> one, Set<String> other) {
		Set<String> all = new TreeSet<>(one);
		all.addAll(other);
		return all;
	}

	@Test
	void failoverPoliciesChangeTheObjectsOfTheirLevel() {
		String detection = "\"outlierDetection\": {\"maxEjectionPercent\": 100}, \"locality\": {\"enabled\": true}";
		Set<String> rules = each("PATCH", "destinationrules", "team-a/web", "team-a/cart", "team-b/desk");
		assertThat(put(FAILOVER, "platform", detection)).isEqualTo(rules);
		assertThat(put(FAILOVER, "platform", detection + ", \"connectionPool\": {\"tcp\": {\"maxConnections\": 9}}"))
			.isEqualTo(rules);
		assertThat(put(FAILOVER, "platform", detection + ", \"connectionPool\": {\"tcp\": {\"maxConnections\": 9}}"))
			.as("what is declared already")
			.isEmpty();
		assertThat(put(FAILOVER, "team-a", "\"timeout\": \"4s\""))
			.isEqualTo(each("PATCH", "virtualservices", "team-a/web", "team-a/cart"));
		assertThat(put(FAILOVER, "team-a", "\"timeout\": \"5s\""))
			.isEqualTo(each("PATCH", "virtualservices", "team-a/web", "team-a/cart"));
		for (int connections : new int[] { 6, 7 }) {
			assertThat(put(FAILOVER, "team-a/web",
					"\"connectionPool\": {\"tcp\": {\"maxConnections\": " + connections + "}}"))
				.isEqualTo(each("PATCH", "destinationrules", "team-a/web"));
		}
		assertThat(put(FAILOVER, "platform", detection + ", \"connectionPool\": {\"tcp\": {\"maxConnections\": 8}}"))
			.as("the service says it itself")
			.isEqualTo(each("PATCH", "destinationrules", "team-a/cart", "team-b/desk"));
		assertThat(delete(FAILOVER, "team-a/web")).isEqualTo(each("PATCH", "destinationrules", "team-a/web"));
		assertThat(delete(FAILOVER, "team-a")).as("cart has no rules of its own")
			.isEqualTo(both(each("PATCH", "virtualservices", "team-a/web"),
					each("DELETE", "virtualservices", "team-a/cart")));
		assertThat(delete(FAILOVER, "platform")).isEqualTo(rules);
	}

	@Test
	void securityPoliciesChangeTheObjectsOfTheirLevel() {
		String metrics = "\"mutualTLS\": {\"mode\": \"STRICT\"}, \"access\": {\"deny\": [{\"to\": [{\"paths\": [{\"exact\": \"/metrics\"}]}]}]}";
		String[] all = { "team-a/web", "team-a/cart", "team-b/desk" };
		String[] denies = { "team-a/web-deny", "team-a/cart-deny", "team-b/desk-deny" };
		assertThat(put(SECURITY, "platform", metrics))
			.isEqualTo(both(each("PATCH", "peerauthentications", all), each("PATCH", "authorizationpolicies", denies)));
		assertThat(put(SECURITY, "platform", metrics.replace("/metrics", "/stats"))).as("each tightened, then loosened")
			.isEqualTo(each("PATCH", "authorizationpolicies", denies));
		assertThat(bodies("/team-b/authorizationpolicies/desk-deny")).satisfiesExactly(
				(tightened) -> assertThat(tightened).contains("/metrics").contains("/stats"),
				(loosened) -> assertThat(loosened).doesNotContain("/metrics").contains("/stats"));
		assertThat(put(SECURITY, "team-a",
				"\"access\": {\"default\": \"deny\", \"allow\": [{\"from\": [{\"namespaces\": [\"team-a\"]}]}]}"))
			.isEqualTo(each("PATCH", "authorizationpolicies", "team-a/web-allow", "team-a/cart-allow"));
		assertThat(put(SECURITY, "team-a",
				"\"access\": {\"default\": \"deny\", \"allow\": [{\"from\": [{\"namespaces\": [\"team-a\", \"team-b\"]}]}]}"))
			.isEqualTo(each("PATCH", "authorizationpolicies", "team-a/web-allow", "team-a/cart-allow"));
		assertThat(put(SECURITY, "team-a/web",
				"\"networkPolicy\": {}, \"access\": {\"allow\": [{\"from\": [{\"services\": [\"cart\"]}], \"to\": [{\"methods\": [\"GET\"]}]}]}"))
			.isEqualTo(both(each("PATCH", "authorizationpolicies", "team-a/web-allow"),
					each("PATCH", "networkpolicies", "team-a/web")));
		assertThat(put(SECURITY, "team-a/web",
				"\"networkPolicy\": {}, \"access\": {\"allow\": [{\"from\": [{\"services\": [\"cart\"]}]}]}"))
			.as("the network cannot tell methods apart")
			.isEqualTo(each("PATCH", "authorizationpolicies", "team-a/web-allow"));
		assertThat(bodies("/team-a/authorizationpolicies/web-allow")).singleElement()
			.asString()
			.contains("/sa/cart")
			.doesNotContain("\"namespaces\"");
		assertThat(delete(SECURITY, "team-a/web"))
			.isEqualTo(both(each("PATCH", "authorizationpolicies", "team-a/web-allow"),
					each("DELETE", "networkpolicies", "team-a/web")));
		assertThat(delete(SECURITY, "team-a"))
			.isEqualTo(each("DELETE", "authorizationpolicies", "team-a/web-allow", "team-a/cart-allow"));
		assertThat(delete(SECURITY, "platform")).isEqualTo(
				both(each("DELETE", "peerauthentications", all), each("DELETE", "authorizationpolicies", denies)));
	}

	@Test
	void limitsAndAuthorizersHaveObjectsOfTheirOwn() {
		for (int requests : new int[] { 5, 6 }) {
			assertThat(put(FAILOVER, "team-a/web",
					"\"rateLimit\": {\"requests\": %d, \"rules\": [{\"name\": \"login\", \"match\": {\"paths\": [{\"prefix\": \"/login\"}]}, \"requests\": 1}]}"
						.formatted(requests)))
				.isEqualTo(each("PATCH", "envoyfilters", "team-a/web"));
		}
		assertThat(delete(FAILOVER, "team-a/web")).isEqualTo(each("DELETE", "envoyfilters", "team-a/web"));
		String asked = "\"access\": {\"custom\": {\"provider\": \"oauth2-proxy\", \"rules\": [{\"to\": [{\"paths\": [{\"exact\": \"%s\"}]}]}]}}";
		String policy = "team-a/web-custom";
		assertThat(put(SECURITY, "team-a/web", asked.formatted("/account")))
			.isEqualTo(each("PATCH", "authorizationpolicies", policy));
		assertThat(put(SECURITY, "team-a/web", asked.formatted("/orders")))
			.isEqualTo(each("PATCH", "authorizationpolicies", policy));
		assertThat(bodies("/team-a/authorizationpolicies/web-custom")).satisfiesExactly(
				(tightened) -> assertThat(tightened).contains("/account", "/orders", "oauth2-proxy"),
				(loosened) -> assertThat(loosened).doesNotContain("/account").contains("/orders"));
		ApiClient.Answer foreign = cluster.api()
			.put(path(SECURITY, "team-b"), "{\"spec\": {" + asked.formatted("/") + "}}");
		assertThat(foreign.status()).isEqualTo(422);
		assertThat(foreign.text()).contains("AUTHORIZER_NOT_FOUND", "/spec/access/custom/provider");
		assertThat(delete(SECURITY, "team-a/web")).isEqualTo(each("DELETE", "authorizationpolicies", policy));
	}

	@Test
	void whatTightensComesBeforeRoutesMoveAndWhatLoosensAfter() {
		String route = "PATCH virtualservices team-a/web";
		String policy = """
				---
				kind: SecurityPolicy
				metadata: {namespace: team-a, name: web}
				spec: {service: web, networkPolicy: {}, access: {allow: [{from: [{services: [cart]}]}], deny: [%s]}}
				""";
		String admin = "{to: [{paths: [{exact: /admin}]}]}";
		String debug = "{to: [{paths: [{exact: /debug}]}]}";
		cluster.proxy.forget();
		accepted(cluster.api().changeSet(routing(60) + policy.formatted(admin)));
		assertThat(touched()).hasSize(4);
		assertThat(order()).as("tightened").last().isEqualTo(route);

		cluster.proxy.forget();
		accepted(cluster.api().changeSet(routing(70) + policy.formatted(debug)));
		String deny = "PATCH authorizationpolicies team-a/web-deny";
		assertThat(touched()).containsExactlyInAnyOrder(deny, route);
		assertThat(order()).as("tightened, moved, loosened").containsExactly(deny, route, deny);

		cluster.proxy.forget();
		accepted(cluster.api()
			.changeSet("kind: ChangeSet\nmessage: Open\ndelete: [{kind: SecurityPolicy, "
					+ "metadata: {namespace: team-a, name: web}}]\n---\n" + routing(50)));
		assertThat(touched()).hasSize(4);
		assertThat(order()).as("moved, opened").first().isEqualTo(route);
		assertThat(order()).filteredOn((each) -> each.startsWith("DELETE")).hasSize(3);
	}

}
