package dev.meshwright.e2e;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** A saved plan does what it says or nothing, whatever happens between the two. */
class ApplyPlanE2E {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static @Nullable ClusterUnderTest cluster;

	private final String namespace = "applied-" + COUNT.incrementAndGet();

	@BeforeAll
	static void start(@TempDir Path directory) throws Exception {
		cluster = new ClusterUnderTest(directory,
				Map.of("meshwright.reconcile.lease", "3s", "meshwright.large-writes.answer-after", "50s"));
	}

	@AfterAll
	static void stop() {
		if (cluster != null) {
			cluster.close();
		}
	}

	@BeforeEach
	void declare() {
		assertThat(cluster.api().changeSet(ShopDeclaration.of(this.namespace, 90)).status()).isEqualTo(200);
		cluster.api().awaitCondition(ShopDeclaration.routingPolicy(this.namespace), "Programmed", "True");
		cluster.live(this.namespace).makeDeploymentsAvailable();
	}

	private String plan(int weight) {
		ApiClient.Answer answer = cluster.api()
			.send("POST", "/api/v1/plans", ShopDeclaration.routing(this.namespace, weight), "application/yaml");
		assertThat(answer.status()).as(answer.text()).isEqualTo(201);
		assertThat(answer.body().path("summary").path("update").asInt()).as(answer.text()).isEqualTo(1);
		return "/api/v1/plans/" + answer.body().path("id").asString();
	}

	private static ApiClient.Answer apply(String plan) {
		return cluster.api().send("POST", plan + "/apply", "", "application/json");
	}

	private static long head() {
		return cluster.api().get("/api/v1/revisions?limit=1").body().path("items").get(0).path("revision").asLong();
	}

	private String live() {
		return cluster.live(this.namespace).get("VirtualService", "webapp").getAdditionalProperties().toString();
	}

	@Test
	void doesWhatItSays() {
		String plan = plan(50);
		long before = head();
		ApiClient.Answer applied = apply(plan);
		assertThat(applied.status()).as(applied.text()).isEqualTo(200);
		assertThat(applied.body().path("applied").path("revision").asLong()).isEqualTo(before + 1);
		cluster.api().awaitCondition(ShopDeclaration.routingPolicy(this.namespace), "Programmed", "True");
		assertThat(live()).contains("weight=50");
		assertThat(apply(plan).status()).isEqualTo(200);
		assertThat(head()).isEqualTo(before + 1);
	}

	@Test
	void aLiveFieldThatChangedIsNamedAndNothingIsDone() {
		String plan = plan(50);
		long before = head();
		AtomicBoolean changed = new AtomicBoolean();
		// in the last moment, so that nothing has healed it yet
		cluster.proxy.before((request) -> {
			if (request.method().equals("GET") && request.path().contains(this.namespace + "/virtualservices")
					&& changed.compareAndSet(false, true)) {
				rival();
			}
		});
		try {
			ApiClient.Answer refused = apply(plan);
			assertThat(changed).isTrue();
			assertThat(refused.status()).as(refused.text()).isEqualTo(409);
			JsonNode error = refused.body().path("errors").get(0);
			assertThat(error.path("code").asString()).isEqualTo("CHANGED");
			assertThat(error.path("message").asString())
				.contains("VirtualService.networking.istio.io " + this.namespace + "/webapp", "/spec/http", "rival");
		}
		finally {
			cluster.proxy.before((request) -> {
			});
		}
		assertThat(head()).isEqualTo(before);
	}

	private void rival() {
		cluster.kubernetes.resource("""
				apiVersion: networking.istio.io/v1
				kind: VirtualService
				metadata: {name: webapp, namespace: %s}
				spec: {http: [{name: default, route: [{destination: {host: elsewhere}}]}]}
				""".formatted(this.namespace))
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager("rival")
				.withForce(true)
				.build());
	}

	@Test
	void aProcessThatIsKilledMeanwhileLeavesAPlanThatIsAppliedOnce() throws Exception {
		String plan = plan(50);
		long before = head();
		cluster.proxy.before((request) -> {
			if (request.path().contains("dryRun=All")) {
				cluster.meshwright.kill();
			}
		});
		try {
			apply(plan);
		}
		catch (IllegalStateException killed) {
			// the connection broke
		}
		cluster.meshwright.awaitEnd();
		cluster.proxy.before((request) -> {
		});
		cluster.meshwright.start();
		ApiClient.Answer applied = apply(plan);
		assertThat(applied.status()).as(applied.text()).isEqualTo(200);
		cluster.api().awaitCondition(ShopDeclaration.routingPolicy(this.namespace), "Programmed", "True");
		assertThat(live()).contains("weight=50");
		// the job that was left behind is taken over, and finds that it is done
		long end = System.nanoTime() + 60_000_000_000L;
		while (openJobs() > 0 && System.nanoTime() < end) {
			Thread.sleep(100);
		}
		assertThat(openJobs()).isZero();
		assertThat(head()).isEqualTo(before + 1);
	}

	private static long openJobs() throws Exception {
		try (var connection = cluster.database.dataSource().getConnection();
				var result = connection.createStatement()
					.executeQuery("select count(*) from job where finished_at is null")) {
			result.next();
			return result.getLong(1);
		}
	}

}
