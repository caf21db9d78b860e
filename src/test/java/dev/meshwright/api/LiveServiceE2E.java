package dev.meshwright.api;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the API says of a service in its clusters, here in a sandbox. */
class LiveServiceE2E extends ServedApi {

	@Test
	void driftAndEndpointsAreFoundOutByJobsAndASyncComparesNow() throws InterruptedException {
		String cluster = fresh("box");
		String namespace = fresh("ns");
		String path = "/api/v1/namespaces/" + namespace;
		assertThat(put("/api/v1/clusters/" + cluster, """
				spec: {mesh: istio, meshVersion: "1.29", connection: {sandbox: {}}}""").status()).isEqualTo(201);
		assertThat(put(path, "spec: {owner: team, placement: {clusters: [" + cluster + "]}}").status()).isEqualTo(201);
		assertThat(put(path + "/services/web", """
				spec:
				  ports: [{name: http, port: 80, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: "example/app:1"}}]""").status()).isEqualTo(201);
		await(path + "/services/web");

		Answered drift = get(path + "/services/web/drift");
		assertThat(drift.status()).as(drift.text()).isEqualTo(200);
		assertThat(drift.json().at("/clusters/0/name").asString()).isEqualTo(cluster);
		assertThat(drift.json().at("/clusters/0/compared").intValue()).isGreaterThan(1);
		assertThat(drift.json().at("/clusters/0/objects").isEmpty()).isTrue();

		Answered endpoints = get(path + "/services/web/endpoints");
		assertThat(endpoints.status()).as(endpoints.text()).isEqualTo(200);
		assertThat(endpoints.json().at("/clusters/0/name").asString()).isEqualTo(cluster);
		assertThat(endpoints.json().at("/clusters/0/ready").intValue()).isOne();
		assertThat(endpoints.json().at("/clusters/0/endpoints/0/version").asString()).isEqualTo("v1");
		assertThat(endpoints.json().at("/clusters/0/endpoints/0/addresses").isEmpty()).as("a sandbox runs nothing")
			.isTrue();
		assertThat(get(path + "/services/none/endpoints").status()).isEqualTo(404);

		assertThat(send("POST", path + "/services/web/sync", "").status()).isEqualTo(202);
		await(path + "/services/web");
		assertThat(get(path + "/services/none/drift").status()).isEqualTo(404);
		assertThat(send("POST", path + "/services/none/sync", "").status()).isEqualTo(404);
	}

	/** Until it is pushed, and as it was pushed. */
	private void await(String path) throws InterruptedException {
		Instant end = Instant.now().plus(Duration.ofSeconds(60));
		while (!has(path, "Programmed", "True") || !has(path, "Drifted", "False")) {
			assertThat(Instant.now()).as(get(path).text()).isBefore(end);
			Thread.sleep(100);
		}
	}

	private boolean has(String path, String type, String status) {
		return get(path).json()
			.at("/status/conditions")
			.valueStream()
			.anyMatch((condition) -> condition.get("type").asString().equals(type)
					&& condition.get("status").asString().equals(status));
	}

}
