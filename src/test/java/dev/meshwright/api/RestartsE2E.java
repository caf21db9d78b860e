package dev.meshwright.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever runs by itself runs again after it was stopped and started in the same
 * process, in whatever it was disturbed: a cluster that is declared afterwards is pushed
 * to, watched and asked, and what is decided for a time comes to its end.
 */
class RestartsE2E extends ServedApi {

	private static final int ROUNDS = Integer.getInteger("restarts.rounds", 2);

	/** Longer than any lease, and than any wait after a failure. */
	private static final Duration LONG = Duration.ofMinutes(2);

	@Autowired
	private ServletWebServerApplicationContext context;

	@Autowired
	private JdbcClient jdbc;

	@Test
	void whatWasPausedGoesOn() {
		for (int round = 0; round < ROUNDS; round++) {
			this.context.pause();
			assertThat(this.context.isRunning()).isFalse();
			this.context.restart();
			everythingIsAlive();
		}
	}

	@Test
	void whatWasStoppedWithTheServerGoesOn() {
		for (int round = 0; round < ROUNDS; round++) {
			this.context.stop();
			this.context.start();
			this.port = this.context.getWebServer().getPort();
			everythingIsAlive();
		}
	}

	@Test
	void whatWasPausedInTheMiddleOfWorkGoesOn() throws InterruptedException {
		for (int round = 0; round < ROUNDS; round++) {
			List<Declaration> begun = IntStream.range(0, 10).mapToObj((number) -> declare("")).toList();
			Thread.sleep(ThreadLocalRandom.current().nextLong(1500));
			this.context.pause();
			this.context.restart();
			everythingIsAlive();
			begun.forEach(this::isPushedAndWatched);
		}
	}

	@Test
	void whatCouldNotBeStoppedInOrderGoesOn() {
		for (int round = 0; round < ROUNDS; round++) {
			Declaration before = declare("wait=60");
			// neither a claim nor the watches can be given back
			List.of("watch_holder", "unit").forEach((table) -> rename(table, table + "_away"));
			try {
				this.context.pause();
			}
			finally {
				List.of("watch_holder", "unit").forEach((table) -> rename(table + "_away", table));
			}
			this.context.restart();
			everythingIsAlive();
			isPushedAndWatched(before);
		}
	}

	private void rename(String from, String to) {
		this.jdbc.sql("alter table " + from + " rename to " + to).update();
	}

	private void everythingIsAlive() {
		Declaration declared = declare("wait=60");
		assertThat(put(declared.path + "/overrides/over", """
				spec:
				  target: {service: web}
				  change: {evacuate: {version: v2}}
				  reason: over
				  expiresAt: %s""".formatted(Instant.now().plusSeconds(5))).status()).isEqualTo(201);
		isPushedAndWatched(declared);
		Answered drift = get(declared.path + "/services/web/drift");
		assertThat(drift.status()).as(drift.text()).isEqualTo(200);
		Awaitility.await()
			.atMost(LONG)
			.untilAsserted(() -> assertThat(get(declared.path + "/overrides/over").status()).isEqualTo(404));
	}

	/** A namespace with a service and the cluster that it has for itself. */
	private record Declaration(String cluster, String path) {
	}

	private Declaration declare(String prefer) {
		String cluster = fresh("again");
		String namespace = fresh("again");
		assertThat(put("/api/v1/clusters/" + cluster, """
				spec: {mesh: istio, meshVersion: "1.29", connection: {sandbox: {}},
				  settle: {beforeSwitch: 0s, beforeBreak: 0s}}""").status()).isEqualTo(201);
		String path = "/api/v1/namespaces/" + namespace;
		assertThat(put(path, "spec: {owner: team, placement: {clusters: [" + cluster + "]}}").status()).isEqualTo(201);
		Answered service = put(path + "/services/web", """
				spec:
				  ports: [{name: http, port: 80, protocol: HTTP}]
				  versions:
				    - {name: v1, workload: {image: "example/app:1"}}
				    - {name: v2, workload: {image: "example/app:2"}}""", "Prefer", prefer);
		assertThat(service.status()).as(service.text()).isEqualTo(201);
		return new Declaration(cluster, path);
	}

	private void isPushedAndWatched(Declaration declared) {
		Awaitility.await().atMost(LONG).untilAsserted(() -> {
			List<JsonNode> objects = get("/api/v1/clusters/" + declared.cluster + "/objects").json()
				.get("items")
				.valueStream()
				.toList();
			assertThat(objects).extracting((object) -> object.get("kind").asString())
				.containsAll(Set.of("Namespace", "Service", "Deployment"));
			assertThat(objects).extracting((object) -> object.get("seen").asString()).containsOnly("AsPushed");
		});
	}

}
