package dev.meshwright.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** A team brings what it had put into a cluster itself under a declaration. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdoptServiceE2E {

	private static final String NAMESPACE = "adopted";

	private static final String ADOPT = ShopDeclaration.service(NAMESPACE) + "/adopt";

	@TempDir
	static Path directory;

	private static ClusterUnderTest cluster;

	private static LiveObjects live;

	@BeforeAll
	static void start() throws IOException {
		cluster = new ClusterUnderTest(directory, Map.of());
		live = cluster.live(NAMESPACE);
		cluster.kubernetes.resource(new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
			.create();
		live.create(virtualService());
		deployment("webapp-v1", Map.of("app.kubernetes.io/name", "webapp", "meshwright.dev/version", "v1"));
		deployment("webapp-v2", Map.of("app", "something-else"));
	}

	@AfterAll
	static void close() {
		if (cluster != null) {
			cluster.close();
		}
	}

	private static GenericKubernetesResource virtualService() {
		GenericKubernetesResource resource = new GenericKubernetesResource();
		resource.setApiVersion("networking.istio.io/v1");
		resource.setKind("VirtualService");
		resource.setMetadata(new ObjectMetaBuilder().withName("webapp").build());
		resource.setAdditionalProperty("spec", Map.of("hosts", List.of("webapp.legacy.example"), "http",
				List.of(Map.of("route", List.of(Map.of("destination", Map.of("host", "webapp-legacy")))))));
		return resource;
	}

	private static void deployment(String name, Map<String, String> selector) {
		cluster.kubernetes
			.resource(new DeploymentBuilder().withNewMetadata()
				.withName(name)
				.withNamespace(NAMESPACE)
				.endMetadata()
				.withNewSpec()
				.withReplicas(5)
				.withNewSelector()
				.withMatchLabels(selector)
				.endSelector()
				.withNewTemplate()
				.withNewMetadata()
				.withLabels(selector)
				.endMetadata()
				.withNewSpec()
				.addNewContainer()
				.withName("legacy")
				.withImage("example.com/legacy:1")
				.addNewEnv()
				.withName("DB_PASSWORD")
				.withValue("hunter-two")
				.endEnv()
				.endContainer()
				.endSpec()
				.endTemplate()
				.endSpec()
				.build())
			.create();
	}

	private static JsonNode dryRun() {
		ApiClient.Answer answer = cluster.api().send("POST", ADOPT + "?dryRun=true", "", "application/json");
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		return answer.body();
	}

	private static JsonNode obstacle(JsonNode adoption, String name) {
		return adoption.at("/clusters/0/objects")
			.valueStream()
			.filter((object) -> (object.path("kind").asString() + "/" + object.path("name").asString()).equals(name))
			.findFirst()
			.orElseThrow(() -> new AssertionError(name + " is not in " + adoption.toPrettyString()));
	}

	/** What a caller sends who repeats what it saw. */
	private static ObjectNode named(JsonNode obstacle) {
		ObjectNode named = JsonMapper.shared().createObjectNode().put("cluster", "east");
		for (String field : List.of("apiVersion", "kind", "namespace", "name", "uid", "fields")) {
			if (obstacle.hasNonNull(field)) {
				named.set(field, obstacle.get(field));
			}
		}
		return named;
	}

	private static ApiClient.Answer adopt(JsonNode... objects) {
		ObjectNode body = JsonMapper.shared().createObjectNode();
		body.putArray("objects").addAll(List.of(objects));
		return cluster.api().send("POST", ADOPT, body.toString(), "application/json");
	}

	private static String uid(String kind, String name) {
		return live.get(kind, name).getMetadata().getUid();
	}

	private static Map<String, String> labels(String kind, String name) {
		Map<String, String> labels = live.get(kind, name).getMetadata().getLabels();
		return (labels != null) ? labels : Map.of();
	}

	@Test
	@Order(1)
	void whatStandsInTheWayIsShownFirst() {
		assertThat(cluster.api().changeSet(ShopDeclaration.of(NAMESPACE, 90)).status()).isEqualTo(200);
		cluster.api().awaitReason(ShopDeclaration.routingPolicy(NAMESPACE), "Programmed", "Conflict");
		JsonNode shown = dryRun();
		assertThat(shown.path("dryRun").asBoolean()).isTrue();
		assertThat(shown.at("/clusters/0/objects")).as(shown.toPrettyString()).hasSize(3);
		JsonNode route = obstacle(shown, "VirtualService/webapp");
		assertThat(route.path("adoptable").asBoolean()).isTrue();
		assertThat(route.path("uid").asString()).isEqualTo(uid("VirtualService", "webapp"));
		assertThat(route.path("fields").toString()).contains(".spec.http", ".spec.hosts");
		assertThat(route.at("/managers/0/manager").asString()).contains("fabric8");
		assertThat(route.path("changes").toString()).contains("/spec/hosts", "webapp.legacy.example");
		JsonNode pods = obstacle(shown, "Deployment/webapp-v1");
		assertThat(pods.path("adoptable").asBoolean()).isTrue();
		assertThat(pods.path("fields").toString()).contains(".spec.replicas");
		assertThat(shown.toString()).as("what may be secret is masked").doesNotContain("hunter-two");
		JsonNode other = obstacle(shown, "Deployment/webapp-v2");
		assertThat(other.path("adoptable").asBoolean()).isFalse();
		assertThat(other.hasNonNull("uid")).isFalse();
		assertThat(other.path("message").asString()).contains("cannot be adopted", "immutable");
		ApiClient.Answer plan = cluster.api()
			.send("POST", "/api/v1/plans", "{\"scope\": {\"namespace\": \"" + NAMESPACE + "\"}}", "application/json");
		assertThat(plan.text()).contains("\"uid\":\"" + uid("VirtualService", "webapp") + "\"");
		assertThat(plan.body().at("/summary/conflict").asInt()).isEqualTo(3);
	}

	@Test
	@Order(2)
	void whatIsNotNamedExactlyIsNotTaken() {
		JsonNode shown = dryRun();
		ObjectNode route = named(obstacle(shown, "VirtualService/webapp"));
		ObjectNode other = route.deepCopy().put("uid", "6f1b2c9e-5a5b-4a4e-9d2f-0d6f4b1c2a77");
		ObjectNode fewer = named(obstacle(shown, "Deployment/webapp-v1"));
		fewer.remove("fields");
		ObjectNode impossible = named(obstacle(shown, "Deployment/webapp-v2"));
		impossible.put("uid", uid("Deployment", "webapp-v2"));
		ApiClient.Answer answer = adopt(other, fewer, impossible, route.deepCopy().put("name", "none"));
		assertThat(answer.status()).as(answer.text()).isEqualTo(409);
		assertThat(answer.body().path("errors").valueStream().map((error) -> error.path("pointer").asString()))
			.containsExactly("/objects/0", "/objects/1", "/objects/2", "/objects/3");
		assertThat(answer.text()).contains("OTHER_FINDING", uid("VirtualService", "webapp"), "cannot be adopted");
		assertThat(adopt(route, other).status()).as("named twice").isEqualTo(400);
		assertThat(adopt(route.deepCopy().put("kind", "Secret").put("apiVersion", "v1")).status()).isEqualTo(400);
		assertThat(adopt().status()).isEqualTo(400);
		assertThat(cluster.api().send("POST", ADOPT, "", "application/json").status()).isEqualTo(400);
		assertThat(cluster.api()
			.send("POST", "/api/v1/namespaces/" + NAMESPACE + "/services/none/adopt?dryRun=true", "",
					"application/json")
			.status()).isEqualTo(404);
		assertThat(labels("VirtualService", "webapp")).isEmpty();
	}

	@Test
	@Order(3)
	void whatIsNamedBecomesOursAndTheRestDoesNot() throws InterruptedException {
		JsonNode shown = dryRun();
		String route = uid("VirtualService", "webapp");
		ApiClient.Answer answer = adopt(named(obstacle(shown, "VirtualService/webapp")),
				named(obstacle(shown, "Deployment/webapp-v1")));
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		assertThat(answer.body().path("dryRun").asBoolean()).isFalse();
		assertThat(answer.body().at("/clusters/0/objects")).hasSize(2);
		awaitOurs("Deployment", "webapp-v1");
		assertThat(labels("Deployment", "webapp-v2")).isEmpty();
		assertThat(live.get("Deployment", "webapp-v1").get("spec").toString()).contains("nginx-unprivileged:1.29");
		cluster.kubernetes.apps().deployments().inNamespace(NAMESPACE).withName("webapp-v2").delete();
		cluster.api().send("POST", ShopDeclaration.service(NAMESPACE) + "/sync", "", "application/json");
		awaitOurs("VirtualService", "webapp");
		assertThat(uid("VirtualService", "webapp")).isEqualTo(route);
		cluster.api().awaitCondition(ShopDeclaration.service(NAMESPACE), "Programmed", "True");
		assertThat(dryRun().at("/clusters/0/objects")).isEmpty();
		assertThat(cluster.api().get("/api/v1/audit-events").body().path("items").valueStream())
			.anyMatch((row) -> row.path("target")
				.asString()
				.contains("VirtualService.networking.istio.io adopted/webapp, uid " + route)
					&& row.path("action").asString().endsWith("/adopt"));
	}

	@Test
	@Order(4)
	void aStrangerThatAppearsLaterIsNotTaken() {
		cluster.kubernetes.genericKubernetesResources("networking.istio.io/v1", "VirtualService")
			.inNamespace(NAMESPACE)
			.withName("webapp")
			.delete();
		live.create(virtualService());
		cluster.api().send("POST", ShopDeclaration.service(NAMESPACE) + "/sync", "", "application/json");
		cluster.api().awaitReason(ShopDeclaration.service(NAMESPACE), "Programmed", "Conflict");
		assertThat(labels("VirtualService", "webapp")).isEmpty();
		assertThat(adopt(named(obstacle(dryRun(), "VirtualService/webapp"))).status()).isEqualTo(200);
		cluster.api().awaitCondition(ShopDeclaration.service(NAMESPACE), "Programmed", "True");
	}

	@Test
	@Order(5)
	void whatWasAdoptedGoesWithTheService() throws InterruptedException {
		assertThat(cluster.api().delete(ShopDeclaration.routingPolicy(NAMESPACE)).status()).isEqualTo(202);
		assertThat(cluster.api().delete(ShopDeclaration.service(NAMESPACE)).status()).isEqualTo(202);
		for (int tries = 0; tries < 600 && !live.resourceVersions().isEmpty(); tries++) {
			Thread.sleep(100);
		}
		assertThat(live.resourceVersions()).isEmpty();
		assertThat(live.get("VirtualService", "webapp")).isNull();
		assertThat(live.get("Deployment", "webapp-v1")).isNull();
	}

	private static void awaitOurs(String kind, String name) throws InterruptedException {
		for (int tries = 0; tries < 600 && !labels(kind, name).containsKey("app.kubernetes.io/managed-by"); tries++) {
			live.makeDeploymentsAvailable();
			Thread.sleep(100);
		}
		assertThat(labels(kind, name)).containsEntry("app.kubernetes.io/managed-by", "meshwright");
	}

}
