package dev.meshwright.api;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Policies of the platform, of a namespace and of a service: where they live, one each.
 */
class LayeredPolicyE2E extends ServedApi {

	@BeforeEach
	void noDefaultOfThePlatform() {
		get("/api/v1/failover-policies").json().get("items").valueStream().forEach((item) -> {
			if (!item.get("metadata").has("namespace")) {
				send("DELETE", "/api/v1/failover-policies/" + item.at("/metadata/name").asString(), "");
			}
		});
	}

	@Test
	void aPolicyOfEachLevelIsStoredOnce() {
		String namespace = namespace();
		String in = "/api/v1/namespaces/" + namespace + "/failover-policies/";
		assertThat(put("/api/v1/namespaces/" + namespace + "/services/web",
				"spec: {ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, workload: {image: a}}]}")
			.status()).isEqualTo(201);
		assertThat(put(in + "web", "spec: {service: web}").status()).isEqualTo(201);
		assertThat(put(in + "default", "spec: {}").status()).isEqualTo(201);
		assertThat(put("/api/v1/failover-policies/first", "spec: {}").status()).isEqualTo(201);
		Answered second = put(in + "another", "spec: {}");
		assertThat(second.status()).isEqualTo(409);
		assertThat(second.errors()).containsExactly("/spec ALREADY_CLAIMED");
		assertThat(second.text()).contains("FailoverPolicy/" + namespace + "/default");
		assertThat(put(in + "another", "spec: {service: web}").status()).isEqualTo(409);
		assertThat(put("/api/v1/failover-policies/second", "spec: {}").status()).isEqualTo(409);

		Answered listed = get("/api/v1/failover-policies");
		assertThat(listed.json().get("items").valueStream().map((item) -> item.at("/metadata/name").asString()))
			.contains("web", "default", "first");
		assertThat(get(in.substring(0, in.length() - 1)).json().get("items")).hasSize(2);
		assertThat(get("/api/v1/failover-policies/first").json().at("/metadata").has("namespace")).isFalse();
		Answered page = get("/api/v1/failover-policies?limit=1");
		String next = page.json().at("/metadata/continue").asString();
		assertThat(get("/api/v1/failover-policies?limit=1&continue=" + next).json().get("items")).hasSize(1);

		assertThat(send("DELETE", "/api/v1/failover-policies/first", "").status()).isEqualTo(202);
		assertThat(put("/api/v1/failover-policies/second", "spec: {}").status()).isEqualTo(201);
		assertThat(send("DELETE", "/api/v1/failover-policies/second", "").status()).isEqualTo(202);
	}

	@Test
	void changeSetsTakeEachLevelAndContradictionsAreRefused() {
		String namespace = namespace();
		Answered done = send("POST", "/api/v1/change-sets", """
				kind: FailoverPolicy
				metadata: {namespace: %s, name: default}
				spec: {}
				---
				kind: FailoverPolicy
				metadata: {name: platform}
				spec: {}
				""".formatted(namespace));
		assertThat(done.status()).as(done.text()).isEqualTo(200);
		assertThat(send("DELETE", "/api/v1/failover-policies/platform", "").status()).isEqualTo(202);
		Answered contradiction = put("/api/v1/failover-policies/platform", "spec: {service: web}");
		assertThat(contradiction.status()).isEqualTo(400);
		assertThat(contradiction.errors()).containsExactly("/spec/service CONTRADICTION");
		Answered nowhere = put("/api/v1/namespaces/" + fresh("gone") + "/failover-policies/default", "spec: {}");
		assertThat(nowhere.errors()).containsExactly("/metadata/name NAMESPACE_NOT_FOUND");
		Answered nobody = put("/api/v1/namespaces/" + namespace + "/failover-policies/a", "spec: {service: nobody}");
		assertThat(nobody.errors()).containsExactly("/spec/service SERVICE_NOT_FOUND");
	}

	@Test
	void whoWaitsForADefaultWithoutAServiceWaitsForItsCheckOnly() {
		String namespace = "/api/v1/namespaces/" + namespace();
		Answered unused = put(namespace + "/failover-policies/default", "spec: {}", "Prefer", "wait=30");
		assertThat(unused.status()).as(unused.text()).isEqualTo(201);
		assertThat(unused.json().at("/status/observedGeneration").longValue()).isOne();
		assertThat(unused.json().at("/status/conditions").valueStream())
			.filteredOn((condition) -> condition.get("type").asString().equals("Programmed"))
			.extracting((condition) -> condition.get("reason").asString())
			.containsExactly("NotUsed");
	}

}
