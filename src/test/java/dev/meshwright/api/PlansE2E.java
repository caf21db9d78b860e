package dev.meshwright.api;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.Permission;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Plans;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** Plans of a sandbox cluster, over HTTP. */
@TestPropertySource(properties = "meshwright.large-writes.answer-after=60s")
class PlansE2E extends ServedApi {

	private static final String SERVICE = """
			spec:
			  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			  versions: [{name: v1, workload: {image: "example/app:1"}}]
			""";

	private final String cluster = fresh("planned");

	private final String ns = fresh("plan");

	private final String base = "/api/v1/namespaces/" + this.ns;

	@Autowired
	private Plans plans;

	@Autowired
	private Jobs jobs;

	@Autowired
	private JdbcClient jdbc;

	@BeforeEach
	void declare() {
		assertThat(put("/api/v1/clusters/" + this.cluster, """
				spec: {connection: {sandbox: {}}, mesh: istio, meshVersion: "1.29",
				  settle: {beforeSwitch: 0s, beforeBreak: 0s}}""").status()).isEqualTo(201);
		assertThat(put(this.base, "spec: {owner: team, placement: {clusters: [" + this.cluster + "]}}", "Prefer",
				"wait=60")
			.status()).isEqualTo(201);
		assertThat(put(this.base + "/services/web", SERVICE, "Prefer", "wait=60").status()).isEqualTo(201);
	}

	private String change(String image) {
		return "kind: Service\nmetadata: {namespace: " + this.ns + ", name: web}\n"
				+ SERVICE.replace("example/app:1", image);
	}

	private Answered plan(String body, String... headers) {
		Answered answered = send("POST", "/api/v1/plans", body, headers);
		assertThat(answered.status()).as(answered.text()).isEqualTo(201);
		return answered;
	}

	private Answered apply(Answered plan) {
		return send("POST", "/api/v1/plans/" + id(plan) + "/apply", "");
	}

	private static String id(Answered plan) {
		return plan.json().get("id").asString();
	}

	private static List<String> updated(JsonNode plan) {
		return plan.get("units")
			.valueStream()
			.flatMap((unit) -> unit.get("objects").valueStream())
			.filter((object) -> object.get("action").asString().equals("update"))
			.map((object) -> object.get("kind").asString() + "/" + object.get("name").asString())
			.toList();
	}

	@Test
	void aPlanIsKeptAndAppliedOnce() {
		String key = fresh("key");
		Answered plan = plan(change("example/app:2"), "Idempotency-Key", key);
		Answered replayed = plan(change("example/app:2"), "Idempotency-Key", key);
		assertThat(replayed.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(List.of(replayed.header("Location"), replayed.header("ETag")))
			.containsExactly(plan.header("Location"), plan.header("ETag"));
		assertThat(plan.header("Location")).isEqualTo("/api/v1/plans/" + id(plan));
		assertThat(plan.header("ETag")).isEqualTo("\"" + plan.json().get("digest").asString() + "\"");
		assertThat(updated(plan.json())).as(plan.text()).containsExactly("Deployment/web-v1");
		assertThat(plan.text()).contains("example/app:1", "example/app:2", "/spec/template/spec/containers/0/image");
		assertThat(plan.json().at("/items/0/op").asString()).isEqualTo("put");
		assertThat(get(this.base + "/services/web").json().at("/metadata/generation").longValue()).isEqualTo(1);
		assertThat(get("/api/v1/plans/" + id(plan)).json()).isEqualTo(plan.json());
		Answered applied = apply(plan);
		assertThat(applied.status()).as(applied.text()).isEqualTo(200);
		long revision = applied.json().at("/applied/revision").longValue();
		assertThat(get("/api/v1/revisions/" + revision).status()).isEqualTo(200);
		assertThat(get(this.base + "/services/web").json().at("/metadata/revision").longValue()).isEqualTo(revision);
		assertThat(get(this.base + "/services/web").text()).contains("example/app:2");
		Answered again = apply(plan);
		assertThat(again.status()).isEqualTo(200);
		assertThat(again.json().at("/applied/revision").longValue()).isEqualTo(revision);
		assertThat(get("/api/v1/audit-events").json().at("/items").valueStream())
			.anyMatch((row) -> row.get("revision") != null && row.get("revision").longValue() == revision
					&& row.get("action").asString().contains("/apply"));
	}

	@Test
	void whatWasReadMayNotChangeButOtherThingsMay() {
		Answered plan = plan(change("example/app:3"));
		assertThat(put(this.base + "/services/other", SERVICE).status()).isEqualTo(201);
		assertThat(put(this.base + "/services/web", SERVICE.replace("app:1", "app:9")).status()).isEqualTo(200);
		Answered refused = apply(plan);
		assertThat(refused.status()).as(refused.text()).isEqualTo(409);
		assertThat(refused.json().at("/errors/0/code").asString()).isEqualTo("CHANGED");
		assertThat(refused.text()).contains("Service/" + this.ns + "/web was changed by revision");
		assertThat(put(this.base + "/services/web", SERVICE, "Prefer", "wait=60").status()).isEqualTo(200);
		Answered second = plan(change("example/app:3"));
		assertThat(put(this.base + "/services/more", SERVICE, "Prefer", "wait=60").status()).isEqualTo(201);
		Answered applied = apply(second);
		assertThat(applied.status()).as(applied.text()).isEqualTo(200);
	}

	@Test
	void errorsMakeAPlanNotApplicableAndPointAtTheirPlace() {
		Answered plan = plan("kind: RoutingPolicy\nmetadata: {namespace: " + this.ns
				+ ", name: web}\nspec: {service: web, rules: [{name: all, split: [{version: v7}]}]}");
		assertThat(plan.json().get("applicable").booleanValue()).isFalse();
		assertThat(plan.json().at("/diagnostics/0/severity").asString()).isEqualTo("ERROR");
		assertThat(plan.json().at("/diagnostics/0/pointer").asString()).startsWith("/spec/rules/0/split/0");
		Answered refused = apply(plan);
		assertThat(refused.status()).isEqualTo(409);
		assertThat(refused.errors()).containsExactly(" NOT_APPLICABLE");
		assertThat(get(this.base + "/routing-policies/web").status()).isEqualTo(404);
	}

	@Test
	void anOldPlanIsNotApplied() {
		Answered plan = plan(change("example/app:4"));
		this.jdbc.sql("update plan set expires_at = now() where id = :id")
			.param("id", UUID.fromString(id(plan)))
			.update();
		assertThat(get("/api/v1/plans/" + id(plan)).json().get("applicable").booleanValue()).isFalse();
		assertThat(apply(plan).errors()).containsExactly(" EXPIRED");
	}

	@Test
	void whatIsDeclaredIsPlannedByScope() {
		JsonNode service = plan("{\"scope\": {\"namespace\": \"%s\", \"service\": \"web\"}}".formatted(this.ns)).json();
		assertThat(service.get("units")).hasSize(1);
		assertThat(service.at("/summary/unchanged").intValue()).isEqualTo(service.at("/units/0/objects").size())
			.isPositive();
		JsonNode namespace = plan("scope: {namespace: " + this.ns + ", cluster: " + this.cluster + "}").json();
		assertThat(namespace.get("units")).hasSize(2);
		assertThat(namespace.at("/scope/cluster").asString()).isEqualTo(this.cluster);
		assertThat(plan("{\"scope\": {}}").json().get("units").size()).isGreaterThan(1);
		Answered missing = send("POST", "/api/v1/plans", "{\"scope\": {\"namespace\": \"nowhere\"}}");
		assertThat(missing.status()).isEqualTo(404);
		Answered applied = apply(plan("{\"scope\": {\"namespace\": \"%s\"}}".formatted(this.ns)));
		assertThat(applied.status()).as(applied.text()).isEqualTo(200);
	}

	@Test
	void moreDeletionsThanTheClusterAllowsAreShownAsHeld() {
		String delete = "kind: ChangeSet\ndelete: [{kind: Service, metadata: {namespace: " + this.ns + ", name: web}}]";
		assertThat(plan(delete).json().at("/summary/delete").intValue()).isPositive();
		assertThat(put("/api/v1/clusters/" + this.cluster, """
				spec: {connection: {sandbox: {}}, mesh: istio, meshVersion: "1.29",
				  settle: {beforeSwitch: 0s, beforeBreak: 0s}, safety: {maxDeletes: 0, maxDeletePercent: 0}}""")
			.status()).isEqualTo(200);
		Answered held = plan(delete);
		assertThat(held.json().at("/summary/delete").intValue()).isZero();
		assertThat(held.json().at("/summary/held").intValue()).as(held.text()).isPositive();
		assertThat(held.json().get("applicable").booleanValue()).isTrue();
		assertThat(held.text()).contains("maxDeletes 0");
		assertThat(apply(held).status()).isEqualTo(200);
		Awaitility.await()
			.until(() -> get("/api/v1/clusters/" + this.cluster + "/held-deletes").json().get("held").booleanValue());
		Answered still = plan("{\"scope\": {\"namespace\": \"%s\"}}".formatted(this.ns));
		assertThat(still.json().at("/summary/held").intValue()).as(still.text())
			.isEqualTo(held.json().at("/summary/held").intValue());
		assertThat(still.json().at("/summary/delete").intValue()).isZero();
		assertThat(still.text()).contains("maxDeletes 0");
	}

	@Test
	void aClusterOnWhichNothingIsToBePlannedIsNotThere() {
		for (String scope : List.of("{\"cluster\": \"nowhere\"}",
				"{\"namespace\": \"%s\", \"cluster\": \"nowhere\"}".formatted(this.ns))) {
			Answered plan = send("POST", "/api/v1/plans", "{\"scope\": " + scope + "}");
			assertThat(plan.status()).as(plan.text()).isEqualTo(404);
			assertThat(plan.text()).contains("cluster nowhere");
		}
	}

	@Test
	void whatMayBeSecretIsNeitherShownNorKeptInWhatIsShown() {
		String with = change("example/app:1").replace("image: \"example/app:1\"",
				"image: \"example/app:1\", env: [{name: DB_PASSWORD, value: canary-7d1f}, {name: LEVEL, value: debug}]");
		Answered plan = plan(with);
		assertThat(updated(plan.json())).containsExactly("Deployment/web-v1");
		assertThat(plan.text()).contains("DB_PASSWORD", "***", "debug").doesNotContain("canary-7d1f");
		assertThat(this.jdbc.sql("select content::text || evidence::text from plan where id = :id")
			.param("id", UUID.fromString(id(plan)))
			.query(String.class)
			.single()).doesNotContain("canary-7d1f");
	}

	@Test
	void aClusterThatDoesNotAnswerMakesAPlanNotApplicable() {
		String dead = fresh("dead");
		assertThat(put("/api/v1/clusters/" + dead,
				"spec: {connection: {kubeconfig: {name: nowhere}}, mesh: istio, meshVersion: \"1.29\"}")
			.status()).isEqualTo(201);
		Answered plan = plan("kind: Namespace\nmetadata: {name: " + this.ns + "}\nspec: {owner: team, placement: "
				+ "{clusters: [" + this.cluster + ", " + dead + "]}}");
		assertThat(plan.json().get("applicable").booleanValue()).isFalse();
		assertThat(plan.json().get("units").valueStream().filter((unit) -> unit.has("reason"))).isNotEmpty()
			.allMatch((unit) -> unit.get("cluster").asString().equals(dead) && unit.get("objects").isEmpty());
		assertThat(apply(plan).errors()).containsExactly(" NOT_APPLICABLE");
	}

	@Test
	void shapeIsChecked() {
		for (String[] wrong : new String[][] { { "{\"scope\": {}, \"items\": []}", "/scope CONTRADICTION" },
				{ "{\"scope\": {\"service\": \"web\"}}", "/scope/namespace REQUIRED" },
				{ "{\"scope\": {\"namespace\": \"A b\"}}", "/scope/namespace INVALID_NAME" },
				{ "{\"scope\": {\"nmespace\": \"a\"}}", "/scope/nmespace UNKNOWN_FIELD" },
				{ "{\"scope\": 1}", "/scope WRONG_TYPE" }, { "{}", "/items REQUIRED" } }) {
			Answered answered = send("POST", "/api/v1/plans", wrong[0]);
			assertThat(answered.status()).as(wrong[0]).isEqualTo(400);
			assertThat(answered.errors()).as(wrong[0]).containsExactly(wrong[1]);
		}
		assertThat(send("POST", "/api/v1/plans",
				"kind: ChangeSet\ndelete: [{kind: Service, metadata: {namespace: " + this.ns + ", name: none}}]")
			.status()).isEqualTo(404);
		UUID none = UUID.randomUUID();
		assertThat(get("/api/v1/plans/" + none).status()).isEqualTo(404);
		assertThat(send("POST", "/api/v1/plans/" + none + "/apply", "").status()).isEqualTo(404);
	}

	@Test
	void isShownAsFarAsItsReaderMayReadAndMadeForNobodyElse() {
		Answered plan = plan(change("example/app:5"));
		Plans.Saved saved = this.plans.find(UUID.fromString(id(plan))).orElseThrow();
		Caller stranger = new Caller("stranger", Set.of(Permission.READ_RESOURCES),
				NamespaceScope.of(Set.of("elsewhere")));
		PlanView seen = PlanView.of(saved, stranger);
		assertThat(seen.units()).isEmpty();
		assertThat(seen.items()).isEmpty();
		assertThat(seen.summary().update()).isZero();
		UUID asked = this.jobs.submit(stranger, Jobs.Task.PLAN,
				"{\"message\": \"\", \"scope\": {\"namespace\": \"" + this.ns + "\"}}");
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.jobs.find(stranger, asked).orElseThrow().state().isFinal());
		assertThat(this.jobs.find(stranger, asked).orElseThrow().result()).contains("404");
	}

}
