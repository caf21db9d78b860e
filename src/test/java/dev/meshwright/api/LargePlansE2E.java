package dev.meshwright.api;

import java.time.Duration;
import java.util.function.IntFunction;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Plans of more services than are in memory at a time, on a sandbox cluster. */
@TestPropertySource(properties = "meshwright.large-writes.answer-after=180s")
class LargePlansE2E extends ServedApi {

	/** Account, Service, Deployment and DestinationRule of each service. */
	private static final int OBJECTS = 4;

	/** More than a change set may concern; a fleet with {@code -Dplan.services=10000}. */
	private static final int SERVICES = Integer.getInteger("plan.services", 2050);

	/** The most items of a change set. */
	private static final int ITEMS = 5000;

	@Autowired
	private ApplicationContext context;

	private final String cluster = fresh("large");

	private final String ns = fresh("large");

	/** Everything is counted, named and kept true. */
	@Test
	void aPlanOfMoreThanTwoThousandServicesSaysEverythingAndIsApplied() {
		int services = SERVICES;
		cluster("");
		namespace("paused: true, ");
		for (int from = 0; from < services; from += ITEMS) {
			changeSet(from, Math.min(services, from + ITEMS), this::service);
		}
		Answered plan = plan();
		JsonNode body = plan.json();
		assertThat(body.get("applicable").booleanValue()).isTrue();
		assertThat(body.get("units")).hasSize(services + 1);
		assertThat(body.at("/summary/create").intValue()).as(body.get("summary").toString())
			.isEqualTo(OBJECTS * services + 1);
		assertThat(body.get("units").valueStream().map((unit) -> unit.get("service").asString()).distinct()).as("once")
			.hasSize(services + 1);
		assertThat(plan().json().get("digest")).as("the same again").isEqualTo(body.get("digest"));

		assertThat(put("/api/v1/namespaces/" + this.ns + "/services/s1777", spec("example/app:2")).status())
			.isEqualTo(200);
		Answered stale = apply(body);
		assertThat(stale.status()).as(stale.text()).isEqualTo(409);
		assertThat(stale.text()).contains("CHANGED", "Service/" + this.ns + "/s1777");
		JsonNode fresh = plan().json();
		assertThat(fresh.get("digest")).isNotEqualTo(body.get("digest"));
		Answered applied = apply(fresh);
		assertThat(applied.status()).as(applied.text().substring(0, Math.min(500, applied.text().length())))
			.isEqualTo(200);
		assertThat(applied.json().has("applied")).isTrue();
	}

	/**
	 * What a cluster's safety holds is counted over all of the plan, not slice by slice.
	 */
	@Test
	void deletionsAreCountedOverEverything() {
		int services = 520;
		cluster(", safety: {maxDeletes: " + (OBJECTS * services - 1) + ", maxDeletePercent: 10}");
		namespace("");
		changeSet(0, services, this::service);
		awaitPlanned("unchanged", OBJECTS * services + 1);
		SmartLifecycle pushes = this.context.getBean("reconcileLoop", SmartLifecycle.class);
		pushes.stop();
		try {
			changeSet(0, services, (number) -> null);
			JsonNode held = plan().json();
			assertThat(held.at("/summary/held").intValue()).as(held.get("summary").toString())
				.isEqualTo(OBJECTS * services);
			assertThat(held.toString()).contains(OBJECTS * services + " objects would be deleted");

			cluster(", safety: {maxDeletes: " + OBJECTS * services + ", maxDeletePercent: 10}");
			assertThat(plan().json().at("/summary/delete").intValue()).isEqualTo(OBJECTS * services);
		}
		finally {
			pushes.start();
		}
		String deployments = "/api/v1/clusters/" + this.cluster + "/objects?kind=Deployment&limit=1";
		Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> get(deployments).json().get("items").isEmpty());
	}

	/** Plans until what was declared last has been taken up. */
	private JsonNode awaitPlanned(String action, int objects) {
		long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
		JsonNode plan = plan().json();
		while (plan.at("/summary/" + action).intValue() != objects) {
			assertThat(System.nanoTime()).as("%s %s, of %s", objects, action, plan.get("summary")).isLessThan(end);
			plan = plan().json();
		}
		return plan;
	}

	private void cluster(String more) {
		Answered answered = put("/api/v1/clusters/" + this.cluster,
				"spec: {connection: {sandbox: {}}, mesh: istio, meshVersion: '1.29', "
						+ "settle: {beforeSwitch: 0s, beforeBreak: 0s}" + more + "}");
		assertThat(answered.status()).as(answered.text()).isIn(200, 201);
	}

	private void namespace(String more) {
		Answered answered = put("/api/v1/namespaces/" + this.ns,
				"spec: {" + more + "owner: team, placement: {clusters: [" + this.cluster + "]}}");
		assertThat(answered.status()).as(answered.text()).isIn(200, 201);
	}

	/** A change set of some of the services, or of their deletion. */
	private void changeSet(int from, int to, IntFunction<String> service) {
		StringBuilder items = new StringBuilder();
		for (int number = from; number < to; number++) {
			String put = service.apply(number);
			items.append((number == from) ? "" : ",")
				.append((put != null) ? "{\"op\": \"put\", \"resource\": " + put + "}"
						: "{\"op\": \"delete\", \"resource\": {\"kind\": \"Service\", \"metadata\": " + metadata(number)
								+ "}}");
		}
		Answered answered = send("POST", "/api/v1/change-sets",
				"{\"message\": \"the fleet\", \"items\": [" + items + "]}");
		assertThat(answered.status()).as(answered.text().substring(0, Math.min(2000, answered.text().length())))
			.isEqualTo(200);
	}

	private String service(int number) {
		return "{\"kind\": \"Service\", \"metadata\": " + metadata(number) + ", " + spec("example/app:1").substring(1);
	}

	private String metadata(int number) {
		return "{\"namespace\": \"" + this.ns + "\", \"name\": \"s" + number + "\"}";
	}

	private static String spec(String image) {
		return "{\"spec\": {\"ports\": [{\"name\": \"http\", \"port\": 80, \"protocol\": \"HTTP\"}], \"versions\": "
				+ "[{\"name\": \"v1\", \"workload\": {\"image\": \"" + image + "\"}}]}}";
	}

	private Answered plan() {
		Answered answered = send("POST", "/api/v1/plans", "{\"scope\": {\"namespace\": \"" + this.ns + "\"}}");
		assertThat(answered.status()).as(answered.text()).isEqualTo(201);
		return answered;
	}

	private Answered apply(JsonNode plan) {
		return send("POST", "/api/v1/plans/" + plan.get("id").asString() + "/apply", "");
	}

}
