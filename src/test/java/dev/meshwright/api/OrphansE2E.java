package dev.meshwright.api;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator decides about orphans, over HTTP; here in a sandbox. */
class OrphansE2E extends ServedApi {

	@Autowired
	JdbcClient jdbc;

	private String path = "";

	private String namespace = "";

	/** A service is gone from what is declared, though no revision took it away. */
	@BeforeEach
	void orphan() {
		String cluster = fresh("box");
		this.path = "/api/v1/clusters/" + cluster;
		this.namespace = fresh("ns");
		assertThat(put(this.path, "spec: {mesh: istio, meshVersion: '1.29', connection: {sandbox: {}}}").status())
			.isEqualTo(201);
		assertThat(put("/api/v1/namespaces/" + this.namespace, "spec: {placement: {clusters: [" + cluster + "]}}")
			.status()).isEqualTo(201);
		Answered service = put("/api/v1/namespaces/" + this.namespace + "/services/web", """
				spec:
				  ports: [{name: http, port: 80, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: "example/app:1"}}]""", "Prefer", "wait=60");
		assertThat(service.status()).as(service.text()).isEqualTo(201);
		this.jdbc.sql("delete from resource where kind = 'Service' and namespace = :namespace")
			.param("namespace", this.namespace)
			.update();
		this.jdbc.sql("update unit set resync = true where namespace = :namespace")
			.param("namespace", this.namespace)
			.update();
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(orphans().size()).isGreaterThan(2));
	}

	private JsonNode orphans() {
		return get(this.path + "/objects?orphaned=true").json().get("items");
	}

	private JsonNode orphan(String kind) {
		return orphans().valueStream()
			.filter((object) -> object.get("kind").asString().equals(kind))
			.findFirst()
			.orElseThrow();
	}

	private static String named(JsonNode object) {
		return "{apiVersion: %s, kind: %s, namespace: %s, name: %s, uid: %s}".formatted(
				object.get("apiVersion").asString(), object.get("kind").asString(), object.get("namespace").asString(),
				object.get("name").asString(), object.get("uid").asString());
	}

	private Answered release(String body) {
		return send("POST", this.path + "/orphans/release", body, "Content-Type", "application/yaml");
	}

	@Test
	void anAdministratorDeletesOneAndForgetsAnother() {
		JsonNode deployment = orphan("Deployment");
		JsonNode account = orphan("ServiceAccount");
		int all = orphans().size();
		Answered deleted = release("{reason: it is old, objects: [" + named(deployment) + "]}");
		assertThat(deleted.status()).as(deleted.text()).isEqualTo(202);
		assertThat(deleted.json().get("deleting").intValue()).isOne();
		Answered forgotten = release("{reason: it is theirs, forget: true, objects: [" + named(account) + "]}");
		assertThat(forgotten.status()).as(forgotten.text()).isEqualTo(202);
		assertThat(forgotten.json().get("forgotten").intValue()).isOne();
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(
					get(this.path + "/objects?namespace=" + this.namespace).json().get("items").valueStream())
				.hasSize(all - 1));
		assertThat(orphans()).hasSize(all - 2);
		assertThat(get("/api/v1/audit-events").json().get("items").valueStream())
			.anyMatch((row) -> row.get("target").asString().contains("is deleted, because it is old")
					&& row.get("action").asString().endsWith("/orphans/release"))
			.anyMatch((row) -> row.get("target").asString().contains("is forgotten, because it is theirs"));
		Answered again = release("{reason: it is old, objects: [" + named(deployment) + "]}");
		assertThat(again.status()).isEqualTo(409);
		assertThat(again.errors()).containsExactly("/objects/0 OTHER_FINDING");
	}

	@Test
	void whatIsNotWhatWasFoundIsRefusedWhole() {
		JsonNode deployment = orphan("Deployment");
		String uid = deployment.get("uid").asString();
		int all = orphans().size();
		JsonNode declared = get(this.path + "/objects?kind=Namespace").json().at("/items/0");
		Answered refused = release("{reason: x, objects: [" + named(orphan("ServiceAccount")) + ", "
				+ named(deployment).replace(uid, "other") + ", "
				+ named(declared).replace("namespace: ,", "namespace: '',") + "]}");
		assertThat(refused.status()).as(refused.text()).isEqualTo(409);
		assertThat(refused.errors()).containsExactly("/objects/1 OTHER_FINDING", "/objects/2 NOT_ORPHANED");
		assertThat(release("{reason: ' ', objects: [" + named(deployment) + "]}").errors())
			.containsExactly("/reason OUT_OF_RANGE");
		assertThat(release("{reason: x, objects: []}").errors()).containsExactly("/objects EMPTY");
		assertThat(release("{objects: [{}]}").errors()).contains("/reason REQUIRED", "/objects/0/uid REQUIRED");
		assertThat(release("{reason: x, objects: [" + named(deployment) + ", " + named(deployment) + ", "
				+ named(deployment).replace("Deployment", "Secret") + "]}")
			.errors()).containsExactly("/objects/1 DUPLICATE", "/objects/2 INVALID_VALUE");
		this.token = this.tokens.issue("somebody", "viewer");
		Answered denied = release("{reason: x, objects: [" + named(deployment) + "]}");
		assertThat(denied.status()).isEqualTo(403);
		token();
		assertThat(orphans()).hasSize(all);
		this.path = "/api/v1/clusters/nowhere";
		assertThat(release("{reason: x, objects: [" + named(deployment) + "]}").status()).isEqualTo(404);
	}

}
