package dev.meshwright.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bookinfo, declared with one change set on a real API server with Istio's real CRDs;
 * then each of its published traffic scenarios, which must change exactly the objects it
 * has to.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BookinfoE2E {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String NAMESPACE = "bookinfo";

	private static final Path EXAMPLES = Path.of("examples", "bookinfo");

	@TempDir
	static Path directory;

	private static ClusterUnderTest cluster;

	private static LiveObjects live;

	@BeforeAll
	static void declare() throws IOException {
		cluster = new ClusterUnderTest(directory, Map.of("meshwright.default-placement", "east"));
		live = cluster.live(NAMESPACE);
		apply("bookinfo.yaml");
		for (String service : List.of("productpage", "details", "ratings", "reviews")) {
			cluster.api().awaitCondition(service(service), "Ready", "True");
		}
		live.makeDeploymentsAvailable();
	}

	@AfterAll
	static void close() {
		if (cluster != null) {
			cluster.close();
		}
	}

	@Test
	@Order(1)
	void everyManifestIsLiveInEveryFieldWeOwn() {
		Set<String> compared = new TreeSet<>();
		for (String service : List.of("productpage", "details", "ratings", "reviews")) {
			for (JsonNode manifest : cluster.api()
				.get(service(service) + "/manifests?cluster=east")
				.body()
				.path("items")) {
				String kind = manifest.path("kind").asString();
				String name = manifest.path("metadata").path("name").asString();
				JsonNode object = JsonMapper.shared()
					.readTree(io.fabric8.kubernetes.client.utils.Serialization.asJson(live.get(kind, name)));
				assertOwned(kind + "/" + name, manifest, object);
				compared.add(kind + "/" + name);
			}
		}
		assertThat(compared).isEqualTo(live.resourceVersions().keySet())
			.contains("Deployment/reviews-v1", "Deployment/reviews-v2", "Deployment/reviews-v3", "Service/ratings",
					"VirtualService/reviews", "DestinationRule/reviews", "ServiceAccount/productpage",
					"Gateway/productpage", "VirtualService/productpage-gateway");
	}

	private static void assertOwned(String where, JsonNode expected, JsonNode actual) {
		if (expected.isObject()) {
			expected.properties()
				.forEach((field) -> assertOwned(where + "." + field.getKey(), field.getValue(),
						actual.path(field.getKey())));
		}
		else if (expected.isArray()) {
			assertThat(actual.size()).as(where).isEqualTo(expected.size());
			for (int i = 0; i < expected.size(); i++) {
				assertOwned(where + "[" + i + "]", expected.get(i), actual.path(i));
			}
		}
		else {
			assertThat(actual.asString("")).as(where).isEqualTo(expected.asString(""));
		}
	}

	static void apply(String file) {
		try {
			ApiClient.Answer answer = cluster.api().changeSet(Files.readString(EXAMPLES.resolve(file)));
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String service(String name) {
		return "/api/v1/namespaces/" + NAMESPACE + "/services/" + name;
	}

	private static String policy(String name) {
		return "/api/v1/namespaces/" + NAMESPACE + "/routing-policies/" + name;
	}

	@ParameterizedTest
	@Order(2)
	@CsvSource(delimiter = '|', textBlock = """
			reviews-jason-v2.yaml    | reviews
			ratings-delay.yaml       | ratings
			all-v1.yaml              | ratings reviews
			ratings-abort.yaml       | ratings
			reviews-timeout.yaml     | ratings reviews
			reviews-50-v3.yaml       | reviews
			reviews-80-20.yaml       | reviews
			reviews-90-10.yaml       | reviews
			reviews-jason-v2-v3.yaml | reviews
			reviews-v2-v3.yaml       | reviews
			reviews-v3.yaml          | reviews
			details-fault.yaml       | details
			""")
	void scenarioChangesExactlyItsVirtualServices(String file, String services) {
		Map<String, String> before = live.resourceVersions();
		apply(file);
		for (String service : services.split(" ")) {
			cluster.api().awaitCondition(policy(service), "Ready", "True");
		}
		Map<String, String> after = live.resourceVersions();
		Set<String> changed = new TreeSet<>();
		after.forEach((object, version) -> {
			if (!version.equals(before.get(object))) {
				changed.add(object);
			}
		});
		Set<String> expected = new TreeSet<>();
		for (String service : services.split(" ")) {
			expected.add("VirtualService/" + service);
		}
		assertThat(changed).isEqualTo(expected);
		assertThat(after.keySet()).isEqualTo(before.keySet());
	}

	@Test
	@Order(3)
	void aSecurityPolicyAddsAndRemovesExactlyItsObjects() {
		Map<String, String> before = live.resourceVersions();
		apply("security.yaml");
		List<String> services = List.of("productpage", "details", "ratings", "reviews");
		for (String service : services) {
			cluster.api().awaitCondition(security(service), "Programmed", "True");
		}
		Set<String> added = new TreeSet<>();
		services.forEach((service) -> {
			added.add("PeerAuthentication/" + service);
			added.add("AuthorizationPolicy/" + service + "-allow");
			added.add("NetworkPolicy/" + service);
		});
		Map<String, String> secured = new java.util.TreeMap<>(live.resourceVersions());
		assertThat(secured.keySet()).containsAll(added);
		secured.keySet().removeAll(added);
		assertThat(secured).isEqualTo(new java.util.TreeMap<>(before));

		ApiClient.Answer answer = cluster.api()
			.changeSet("""
					kind: ChangeSet
					message: Open Bookinfo again
					delete:
					  - {kind: SecurityPolicy, metadata: {namespace: bookinfo, name: default}}
					""" + services.stream()
				.map((service) -> "  - {kind: SecurityPolicy, metadata: {namespace: bookinfo, name: " + service
						+ "}}\n")
				.collect(java.util.stream.Collectors.joining()));
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		Awaitility.await().atMost(PATIENCE).until(() -> live.resourceVersions().keySet().equals(before.keySet()));
		assertThat(new java.util.TreeMap<>(live.resourceVersions())).isEqualTo(new java.util.TreeMap<>(before));
	}

	private static String security(String name) {
		return "/api/v1/namespaces/" + NAMESPACE + "/security-policies/" + name;
	}

	@Test
	@Order(4)
	void aRouteMovesToANewVersionOnlyWhenThatIsAvailable() {
		String before = live.resourceVersions().get("VirtualService/details");
		apply("details-v2.yaml");
		JsonNode waiting = cluster.api().awaitReason(policy("details"), "Programmed", "NotAvailable");
		assertThat(waiting.path("message").asString()).contains("details-v2");
		assertThat(live.resourceVersions()).containsEntry("VirtualService/details", before)
			.containsKeys("Deployment/details-v2", "ServiceEntry/google-apis");

		// it is told, and need not look again and again
		Awaitility.await().until(() -> JdbcClient.create(cluster.database.dataSource()).sql("""
				update unit set not_before = now() + interval '1 hour'
				where service = 'details' and continues and worker is null""").update() == 1);
		live.makeDeploymentsAvailable();
		cluster.api().awaitCondition(policy("details"), "Programmed", "True");
		assertThat(live.resourceVersions().get("VirtualService/details")).isNotEqualTo(before);
	}

	@Test
	@Order(5)
	void failoverPoliciesOfEachLevelChangeExactlyWhatTheyMust() {
		String common = failover("default");
		String reviews = failover("reviews");
		Set<String> rules = Set.of("DestinationRule/productpage", "DestinationRule/ratings", "DestinationRule/reviews",
				"DestinationRule/google-apis");
		Set<String> all = new TreeSet<>(rules);
		all.add("VirtualService/reviews");
		changes(all, () -> apply("resilience.yaml"), common, reviews);
		var live = BookinfoE2E.live.get("DestinationRule", "reviews");
		assertThat(io.fabric8.kubernetes.client.utils.Serialization.asJson(live)).contains("outlierDetection",
				"\"maxConnections\":100");

		changes(Set.of("DestinationRule/reviews"), () -> accepted(cluster.api().changeSet("""
				kind: FailoverPolicy
				metadata: {namespace: bookinfo, name: reviews}
				spec:
				  service: reviews
				  connectionPool: {tcp: {maxConnections: 7}}
				  timeout: 3s
				  retries: {attempts: 1, perTryTimeout: 1s, retryOn: [connect-failure, refused-stream, "503"]}
				""")), reviews);
		changes(Set.of("VirtualService/reviews", "DestinationRule/reviews"), () -> accepted(cluster.api().changeSet("""
				kind: ChangeSet
				message: Reviews need nothing of their own
				delete: [{kind: FailoverPolicy, metadata: {namespace: bookinfo, name: reviews}}]
				""")), common);
		changes(rules, () -> accepted(cluster.api().changeSet("""
				kind: ChangeSet
				message: No more defaults
				delete: [{kind: FailoverPolicy, metadata: {namespace: bookinfo, name: default}}]
				""")), policy("reviews"));
		assertThat(io.fabric8.kubernetes.client.utils.Serialization
			.asJson(BookinfoE2E.live.get("DestinationRule", "reviews"))).doesNotContain("outlierDetection");
	}

	private static String failover(String name) {
		return "/api/v1/namespaces/" + NAMESPACE + "/failover-policies/" + name;
	}

	private static void accepted(ApiClient.Answer answer) {
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
	}

	/** Waits for what must change, then demands that nothing else did. */
	private static void changes(Set<String> expected, Runnable change, String... ready) {
		Map<String, String> before = live.resourceVersions();
		change.run();
		Awaitility.await().atMost(PATIENCE).until(() -> changed(before).containsAll(expected));
		for (String policy : ready) {
			cluster.api().awaitCondition(policy, "Ready", "True");
		}
		assertThat(changed(before)).isEqualTo(expected);
	}

	/** What was made, changed or removed since. */
	private static Set<String> changed(Map<String, String> before) {
		Map<String, String> after = live.resourceVersions();
		Set<String> changed = new TreeSet<>(before.keySet());
		changed.addAll(after.keySet());
		changed.removeIf((object) -> java.util.Objects.equals(before.get(object), after.get(object)));
		return changed;
	}

	@Test
	@Order(4)
	void deletingAServiceRemovesExactlyItsObjects() {
		Set<String> before = new TreeSet<>(live.resourceVersions().keySet());
		ApiClient.Answer answer = cluster.api().changeSet("""
				kind: ChangeSet
				message: Details is no longer needed
				delete:
				  - {kind: RoutingPolicy, metadata: {namespace: bookinfo, name: details}}
				  - {kind: Service, metadata: {namespace: bookinfo, name: details}}
				---
				""" + productpageWithoutDetails());
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		Set<String> expected = new TreeSet<>(before);
		expected.removeIf((object) -> object.endsWith("/details") || object.startsWith("Deployment/details-"));
		assertThat(expected).hasSizeLessThan(before.size());
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(live.resourceVersions().keySet()).isEqualTo(expected));
		// it is known as long as the store has not heard that the last object is gone
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(cluster.api().get(service("details")).status()).isEqualTo(404));
		assertThat(live.resourceVersions().keySet()).isEqualTo(expected);
	}

	/** Productpage as it is declared, without its dependency on details. */
	private static String productpageWithoutDetails() {
		JsonNode productpage = cluster.api().get(service("productpage")).body();
		var dependencies = (tools.jackson.databind.node.ArrayNode) productpage.path("spec").path("dependencies");
		for (int i = dependencies.size() - 1; i >= 0; i--) {
			if (dependencies.get(i).asString().endsWith("details")) {
				dependencies.remove(i);
			}
		}
		var document = JsonMapper.shared().createObjectNode();
		document.put("kind", "Service");
		document.putObject("metadata").put("namespace", NAMESPACE).put("name", "productpage");
		document.set("spec", productpage.path("spec"));
		return document.toString();
	}

}
