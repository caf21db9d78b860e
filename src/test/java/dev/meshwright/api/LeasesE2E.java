package dev.meshwright.api;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a caller sees of a lease, from its declaration to the end that comes by itself.
 */
class LeasesE2E extends ServedApi {

	private static final String SERVICE = """
			spec:
			  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			  versions: [{name: v1, workload: {image: "example/app:1", replicas: 3}}]
			  leases:
			  - {object: {kind: Deployment, name: web-v1}, fields: [.spec.replicas], manager: keda-operator, expiresAt: "%s"}
			""";

	private final String base = "/api/v1/namespaces/" + fresh("leased");

	private final String web = this.base + "/services/web";

	@Test
	void isShownWhileItLastsAndEndsByItself() throws InterruptedException {
		String cluster = fresh("leasing");
		assertThat(put("/api/v1/clusters/" + cluster,
				"spec: {connection: {sandbox: {}}, mesh: istio, settle: {beforeSwitch: 0s, beforeBreak: 0s}}")
			.status()).isEqualTo(201);
		put(this.base, "spec: {placement: {clusters: [" + cluster + "]}}");

		Answered leased = put(this.web, SERVICE.formatted(Instant.now().plus(Duration.ofHours(1))), "Prefer",
				"wait=30");
		assertThat(leased.status()).as(leased.text()).isEqualTo(201);
		JsonNode deployment = deployment();
		assertThat(deployment.at("/spec/replicas").isMissingNode()).isTrue();
		assertThat(deployment.at("/metadata/annotations/meshwright.dev~1leases").asString())
			.isEqualTo(".spec.replicas=keda-operator");
		assertThat(get(this.web + "/effective").json().at("/values/service/leases/0/manager").asString())
			.isEqualTo("keda-operator");
		assertThat(liveLeases()).singleElement().satisfies((field) -> {
			assertThat(field.get("path").asString()).isEqualTo(".spec.replicas");
			assertThat(field.get("leasedTo").asString()).isEqualTo("keda-operator");
			assertThat(field.get("live").asInt()).isEqualTo(3);
		});

		Instant soon = Instant.now().plusSeconds(3);
		assertThat(put(this.web, SERVICE.formatted(soon), "Prefer", "wait=30").status()).isEqualTo(200);
		long generation = generation();
		await(() -> Instant.now().isAfter(soon) && liveLeases().isEmpty());
		assertThat(deployment().at("/spec/replicas").asInt()).isEqualTo(3);
		assertThat(generation()).as("nobody declared anything").isEqualTo(generation);
		JsonNode dry = put(this.web + "?dryRun=true", SERVICE.formatted(soon)).json();
		assertThat(dry.at("/manifests").toString()).contains("\"replicas\":3").doesNotContain("meshwright.dev/leases");
	}

	private long generation() {
		return get(this.web).json().at("/metadata/generation").longValue();
	}

	private JsonNode deployment() {
		return get(this.web + "/manifests").json()
			.get("items")
			.valueStream()
			.filter((item) -> item.get("kind").asString().equals("Deployment"))
			.findFirst()
			.orElseThrow();
	}

	private JsonNode liveLeases() {
		return get(this.web + "/drift").json().at("/clusters/0/leased");
	}

	private static void await(BooleanSupplier condition) throws InterruptedException {
		Instant end = Instant.now().plus(Duration.ofSeconds(60));
		while (!condition.getAsBoolean()) {
			assertThat(Instant.now()).as("waited long enough").isBefore(end);
			Thread.sleep(50);
		}
	}

}
