package dev.meshwright.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a change would do is told by the real API server, with Istio's real CRDs, before
 * it is done; and telling does nothing.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlanE2E {

	private static final String NAMESPACE = "bookinfo-planned";

	@TempDir
	static Path directory;

	private static ClusterUnderTest cluster;

	private static LiveObjects live;

	@BeforeAll
	static void start() throws IOException {
		cluster = new ClusterUnderTest(directory, Map.of("meshwright.default-placement", "east"));
		live = cluster.live(NAMESPACE);
	}

	@AfterAll
	static void close() {
		if (cluster != null) {
			cluster.close();
		}
	}

	private static String example(String name) throws IOException {
		return Files.readString(Path.of("examples", "bookinfo", name))
			.replace("namespace: bookinfo", "namespace: " + NAMESPACE)
			.replace("{name: bookinfo}", "{name: " + NAMESPACE + "}");
	}

	/** Plans, and waits for it if the machine is slow. */
	private static JsonNode plan(String body, String contentType) {
		ApiClient.Answer answer = cluster.api().send("POST", "/api/v1/plans", body, contentType);
		for (int tries = 0; answer.status() == 202 && tries < 600; tries++) {
			String id = answer.body().path("id").asString();
			ApiClient.Answer job = cluster.api().get("/api/v1/jobs/" + id);
			answer = job.body().path("state").asString().equals("Succeeded") ? cluster.api().get("/api/v1/plans/" + id)
					: new ApiClient.Answer(202, job.body(), job.text());
			pause();
		}
		assertThat(answer.status()).as(answer.text()).isIn(200, 201);
		return answer.body();
	}

	private static void pause() {
		try {
			Thread.sleep(100);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** What was written to the namespace, or of it. */
	private static List<String> written() {
		return cluster.proxy.mutations()
			.stream()
			.map(ApiServerProxy.Seen::path)
			.filter((path) -> path.contains(NAMESPACE))
			.toList();
	}

	private static JsonNode planYaml(String yaml) {
		return plan(yaml, "application/yaml");
	}

	private static JsonNode planScope(String namespace) {
		return plan("{\"scope\": {\"namespace\": \"" + namespace + "\"}}", "application/json");
	}

	private static List<JsonNode> objects(JsonNode plan, Predicate<JsonNode> wanted) {
		return plan.path("units")
			.valueStream()
			.flatMap((unit) -> unit.path("objects").valueStream())
			.filter(wanted)
			.toList();
	}

	private static Set<String> named(JsonNode plan, String action) {
		Set<String> names = new TreeSet<>();
		objects(plan, (object) -> object.path("action").asString().equals(action))
			.forEach((object) -> names.add(object.path("kind").asString() + "/" + object.path("name").asString()));
		return names;
	}

	/** {@code pointer: before -> after} of an object's changes. */
	private static Map<String, String> changes(JsonNode object) {
		Map<String, String> changes = new TreeMap<>();
		object.path("changes")
			.forEach((change) -> changes.put(change.path("pointer").asString(),
					change.path("before").asString("none") + " -> " + change.path("after").asString("none")));
		return changes;
	}

	@Test
	@Order(1)
	void beforeAnythingIsThereEverythingWouldBeMade() throws IOException {
		JsonNode plan = planYaml(example("bookinfo.yaml"));
		assertThat(plan.path("applicable").asBoolean()).as(plan.toPrettyString()).isTrue();
		assertThat(named(plan, "create")).contains("Namespace/" + NAMESPACE, "Deployment/reviews-v1",
				"Deployment/reviews-v3", "VirtualService/reviews", "DestinationRule/reviews", "Gateway/productpage");
		assertThat(objects(plan, (object) -> !object.path("action").asString().equals("create"))).isEmpty();
		assertThat(plan.path("summary").path("create").asInt()).isEqualTo(named(plan, "create").size());
		assertThat(objects(plan, (object) -> object.path("kind").asString().equals("Namespace")).getFirst()
			.path("verified")
			.asBoolean()).as("the API server was asked").isTrue();
		JsonNode service = objects(plan, (object) -> object.path("kind").asString().equals("Service")).getFirst();
		assertThat(service.path("verified").asBoolean()).isFalse();
		assertThat(service.path("reason").asString()).isEqualTo("NamespacePending");
		assertThat(plan.path("units").toString()).contains("\"reason\":\"Namespace\"");
		assertThat(cluster.kubernetes.namespaces().withName(NAMESPACE).get()).as("nothing was made").isNull();
		assertThat(written()).isEmpty();
		assertThat(cluster.api().get("/api/v1/namespaces/" + NAMESPACE).status()).isEqualTo(404);
	}

	@Test
	@Order(2)
	void onceDeclaredNothingWouldChange() throws IOException {
		assertThat(cluster.api().changeSet(example("bookinfo.yaml")).status()).isEqualTo(200);
		for (String service : List.of("productpage", "details", "ratings", "reviews")) {
			cluster.api().awaitCondition("/api/v1/namespaces/" + NAMESPACE + "/services/" + service, "Ready", "True");
		}
		live.makeDeploymentsAvailable();
		cluster.proxy.forget();
		JsonNode again = planYaml(example("bookinfo.yaml"));
		JsonNode scope = planScope(NAMESPACE);
		for (JsonNode plan : List.of(again, scope)) {
			assertThat(objects(plan, (object) -> !object.path("action").asString().equals("unchanged")))
				.as(plan.toPrettyString())
				.isEmpty();
			assertThat(plan.path("summary").path("unchanged").asInt()).isGreaterThan(15);
			assertThat(plan.path("revision").asLong()).isEqualTo(2);
		}
		assertThat(written()).isEmpty();
	}

	@Test
	@Order(3)
	void aScenarioChangesExactlyOneVirtualServiceInTheRightFields() throws IOException {
		Map<String, String> before = live.resourceVersions();
		JsonNode plan = planYaml(example("reviews-50-v3.yaml"));
		assertThat(named(plan, "update")).as(plan.toPrettyString()).containsExactly("VirtualService/reviews");
		assertThat(named(plan, "create")).isEmpty();
		assertThat(named(plan, "delete")).isEmpty();
		JsonNode object = objects(plan, (each) -> each.path("action").asString().equals("update")).getFirst();
		assertThat(object.path("phases").toString()).isEqualTo("[\"switch\"]");
		assertThat(object.path("verified").asBoolean()).isTrue();
		assertThat(object.path("changes")).hasSize(1);
		assertThat(object.path("changes").get(0).path("pointer").asString()).isEqualTo("/spec/http/0/route");
		assertThat(object.path("changes").get(0).path("before").toString()).contains("v1").doesNotContain("v3");
		assertThat(object.path("changes").get(0).path("after").toString()).contains("v1", "v3", "50");
		assertThat(live.resourceVersions()).isEqualTo(before);
		JsonNode same = planYaml(example("reviews-50-v3.yaml"));
		assertThat(same.path("digest")).isEqualTo(plan.path("digest"));
		assertThat(planYaml(example("reviews-v3.yaml")).path("digest")).isNotEqualTo(plan.path("digest"));
	}

	@Test
	@Order(4)
	void deletingAServiceWouldDeleteItsObjectsInPhaseBreak() {
		JsonNode plan = planYaml("""
				kind: ChangeSet
				message: Reviews are no longer rated
				delete:
				  - {kind: RoutingPolicy, metadata: {namespace: %1$s, name: ratings}}
				---
				kind: RoutingPolicy
				metadata: {namespace: %1$s, name: ratings-gone}
				spec: {service: ratings, rules: [{name: default, split: [{version: v1}], timeout: 2s}]}
				""".formatted(NAMESPACE));
		assertThat(named(plan, "update")).containsExactly("VirtualService/ratings");
		JsonNode reviews = planYaml("""
				kind: ChangeSet
				message: Two versions of reviews go
				---
				kind: Service
				metadata: {namespace: %s, name: reviews}
				spec:
				  ports: [{name: http, port: 9080, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: "docker.io/istio/examples-bookinfo-reviews-v1:1.20.3"}}]
				  dependencies: [ratings]
				""".formatted(NAMESPACE));
		assertThat(named(reviews, "delete")).as(reviews.toPrettyString())
			.containsExactly("Deployment/reviews-v2", "Deployment/reviews-v3");
		assertThat(objects(reviews, (each) -> each.path("action").asString().equals("delete")))
			.allMatch((each) -> each.path("phases").toString().equals("[\"break\"]"));
	}

	@Test
	@Order(5)
	void aFieldOfAnotherManagerIsAConflictThatNamesManagerAndField() throws IOException {
		rival("""
				apiVersion: networking.istio.io/v1
				kind: DestinationRule
				metadata: {name: reviews, namespace: %s}
				spec: {trafficPolicy: {outlierDetection: {consecutive5xxErrors: 9}}}
				""".formatted(NAMESPACE), false);
		JsonNode plan = planYaml(example("resilience.yaml"));
		JsonNode object = objects(plan, (each) -> each.path("action").asString().equals("conflict")).getFirst();
		assertThat(object.path("kind").asString()).isEqualTo("DestinationRule");
		assertThat(object.path("conflicts").toString()).contains("rival",
				".spec.trafficPolicy.outlierDetection.consecutive5xxErrors");
		assertThat(object.path("reason").asString()).isEqualTo("Conflict");
		rival("""
				apiVersion: networking.istio.io/v1
				kind: DestinationRule
				metadata: {name: reviews, namespace: %s}
				""".formatted(NAMESPACE), false);
	}

	@Test
	@Order(6)
	void aFieldOfOursThatAnotherManagerTookIsShownWithWhoHasItNow() {
		// a watch would set it right before anybody could ask
		CountDownLatch asked = new CountDownLatch(1);
		cluster.proxy.before((request) -> {
			if (request.mutates() && request.object().endsWith("/virtualservices/details")) {
				hold(asked);
			}
		});
		rival("""
				apiVersion: networking.istio.io/v1
				kind: VirtualService
				metadata: {name: details, namespace: %1$s}
				spec:
				  http:
				    - {name: taken, route: [{destination: {host: elsewhere}}]}
				""".formatted(NAMESPACE), true);
		// what the watch has not told yet the plan does not know
		JsonNode plan = Awaitility.await()
			.until(() -> planScope(NAMESPACE), (found) -> !objects(found, PlanE2E::isUpdate).isEmpty());
		asked.countDown();
		cluster.proxy.heal();
		JsonNode object = objects(plan, PlanE2E::isUpdate).getFirst();
		assertThat(object.path("name").asString()).as(plan.toPrettyString()).isEqualTo("details");
		assertThat(object.path("changes").toString()).contains("elsewhere").contains("\"manager\":\"rival\"");
	}

	private static boolean isUpdate(JsonNode object) {
		return object.path("action").asString().equals("update");
	}

	private static void hold(CountDownLatch until) {
		try {
			until.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void rival(String yaml, boolean force) {
		cluster.kubernetes.resource(yaml)
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager("rival")
				.withForce(force)
				.build());
	}

	@Test
	@Order(7)
	void whatAWebhookWouldRefuseIsShownInItsOwnWords() throws Exception {
		try (AdmissionWebhook freeze = new AdmissionWebhook(cluster.kubernetes, NAMESPACE)) {
			JsonNode plan = planYaml(example("reviews-v3.yaml"));
			for (int tries = 0; named(plan, "refused").isEmpty() && tries < 100; tries++) {
				pause();
				plan = planYaml(example("reviews-v3.yaml"));
			}
			JsonNode object = objects(plan, (each) -> each.path("action").asString().equals("refused")
					&& each.path("name").asString().equals("reviews"))
				.getFirst();
			assertThat(object.path("reason").asString()).isEqualTo("AdmissionDenied");
			assertThat(object.path("message").asString()).contains(AdmissionWebhook.MESSAGE);
		}
	}

	@Test
	@Order(8)
	void somebodyElsesObjectIsNamedAsSuchAndATakeOverIsShown() {
		String namespace = "planned-foreign";
		cluster.kubernetes.resource(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
			.create();
		rival("""
				apiVersion: v1
				kind: Service
				metadata: {name: webapp, namespace: %s}
				spec: {ports: [{name: http, port: 80, targetPort: 7777}], selector: {app: theirs}}
				""".formatted(namespace), false);
		JsonNode plan = planYaml(ShopDeclaration.of(namespace, 90));
		JsonNode object = objects(plan, (each) -> each.path("action").asString().equals("conflict")).getFirst();
		assertThat(object.path("kind").asString()).isEqualTo("Service");
		assertThat(object.path("conflicts").toString()).contains("rival", ".spec.selector");
		assertThat(object.path("uid").asString()).as("it could be adopted").isNotEmpty();
		assertThat(object.path("message").asString()).contains("was not made by this installation");
		JsonNode taking = planYaml(ShopDeclaration.of(namespace, 90)
			.replace("owner: team-shop,", "owner: team-shop, conflictPolicy: takeOver,"));
		assertThat(taking.path("summary").path("takeOver").asInt()).as(taking.toPrettyString()).isEqualTo(1);
		JsonNode taken = objects(taking, (each) -> each.path("takeOver").asBoolean()).getFirst();
		assertThat(taken.path("action").asString()).isEqualTo("update");
		assertThat(changes(taken)).containsKeys("/spec/selector/app.kubernetes.io~1name", "/spec/ports/0/targetPort");
		assertThat(cluster.live(namespace).resourceVersions()).isEmpty();
	}

}
