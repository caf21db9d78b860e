package dev.meshwright.api;

import java.time.Duration;
import java.util.List;

import dev.meshwright.document.Documents;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is declared, compiled and programmed, with two sandbox clusters that answer. */
class SandboxE2E extends ServedApi {

	private static final String CLUSTER = """
			spec: {connection: {sandbox: {}}, mesh: istio, meshVersion: "1.29",
			  settle: {beforeSwitch: 0s, beforeBreak: 0s}}""";

	private static final String SERVICE = """
			spec:
			  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			  versions:
			  - {name: v1, workload: {image: "example/app:1"}}
			  - {name: v2, workload: {image: "example/app:2"}}
			""";

	private static final String SECOND_VERSION = "  - {name: v2, workload: {image: \"example/app:2\"}}\n";

	private static final String ONE_VERSION = SERVICE.replace(SECOND_VERSION, "");

	private static final String POLICY = "spec: {service: web, rules: [{name: all, timeout: 3s, split: [{version: v1}]}]}";

	private final String east = fresh("east");

	private final String west = fresh("west");

	private final String ns = fresh("live");

	private final String base = "/api/v1/namespaces/" + this.ns;

	@BeforeEach
	void clusters() {
		for (String cluster : new String[] { this.east, this.west }) {
			assertThat(put("/api/v1/clusters/" + cluster, CLUSTER).status()).isEqualTo(201);
		}
		Answered placed = put(this.base, "spec: {owner: team, injection: sidecar, placement: {clusters: [" + this.east
				+ ", " + this.west + "]}}");
		assertThat(placed.status()).as(placed.text()).isEqualTo(201);
	}

	@Test
	void aWriteWaitsUntilEveryClusterHasIt() {
		Answered created = put(this.base + "/services/web", SERVICE, "Prefer", "wait=30");
		assertThat(created.status()).as(created.text()).isEqualTo(201);
		assertThat(created.header("Preference-Applied")).isEqualTo("wait=30");
		assertThat(programmed(created.json())).isEqualTo("True");
		assertThat(created.json().at("/status/clusters")).hasSize(2)
			.allMatch((cluster) -> programmed(cluster).equals("True"));
		Answered policy = put(this.base + "/routing-policies/web", POLICY, "Prefer", "respond-async, wait=30");
		assertThat(policy.status()).as(policy.text()).isEqualTo(201);
		assertThat(programmed(policy.json())).isEqualTo("True");
		Answered changed = put(this.base + "/services/web", SERVICE.replace("app:2", "app:3"), "Prefer", "wait=30");
		assertThat(changed.status()).as(changed.text()).isEqualTo(200);
		assertThat(changed.json().at("/status/observedGeneration").longValue()).isEqualTo(2);
		assertThat(names(get(this.base + "/services?condition=Programmed=True"))).containsExactly("web");
		assertThat(names(get(this.base + "/services?condition=Programmed=False"))).isEmpty();
	}

	@Test
	void whoAsksForMoreThanComesInTimeIsToldSo() {
		String dead = fresh("dead");
		assertThat(
				put("/api/v1/clusters/" + dead, CLUSTER.replace("sandbox: {}", "kubeconfig: {name: nowhere}")).status())
			.isEqualTo(201);
		String path = "/api/v1/namespaces/" + fresh("late");
		Answered late = put(path, "spec: {placement: {clusters: [" + dead + "]}}", "Prefer", "wait=1");
		assertThat(late.status()).as(late.text()).isEqualTo(202);
		assertThat(programmed(late.json())).isNotEqualTo("True");
		String set = "kind: Namespace\nmetadata: {name: " + fresh("late") + "}\nspec: {placement: {clusters: [" + dead
				+ "]}}\n";
		assertThat(send("POST", "/api/v1/change-sets", set, "Prefer", "wait=1").status()).isEqualTo(202);
		assertThat(put(path, "spec: {placement: {clusters: [" + dead + "]}}").status()).isEqualTo(200);
	}

	@Test
	void aChangeSetWaitsForAllOfIt() {
		String service = SERVICE.replace("spec:", "metadata: {namespace: " + this.ns + ", name: web}\nspec:");
		Answered done = send("POST", "/api/v1/change-sets", "kind: Service\n" + service + "---\nkind: RoutingPolicy\n"
				+ "metadata: {namespace: " + this.ns + ", name: web}\n" + POLICY + "\n", "Prefer", "wait=30");
		assertThat(done.status()).as(done.text()).isEqualTo(200);
		assertThat(done.header("Preference-Applied")).isEqualTo("wait=30");
		for (String path : List.of("/services/web", "/routing-policies/web")) {
			assertThat(programmed(get(this.base + path).json())).as(path).isEqualTo("True");
		}
	}

	@Test
	void aDeletionWaitsUntilNothingIsLeft() {
		String policy = this.base + "/routing-policies/web";
		put(this.base + "/services/web", SERVICE, "Prefer", "wait=30");
		put(policy, POLICY, "Prefer", "wait=30");
		Answered unrouted = send("DELETE", policy, "", "Prefer", "wait=30");
		assertThat(unrouted.status()).as(unrouted.text()).isEqualTo(200);
		assertThat(get(policy).status()).isEqualTo(404);
		Answered gone = send("DELETE", this.base + "/services/web", "", "Prefer", "wait=30");
		assertThat(gone.status()).as(gone.text()).isEqualTo(200);
		assertThat(gone.header("Preference-Applied")).isEqualTo("wait=30");
		assertThat(gone.json().at("/metadata/deletionTimestamp").isMissingNode()).isFalse();
		assertThat(gone.json().has("status")).as("nothing is left that could have one").isFalse();
		assertThat(get(this.base + "/services/web").status()).isEqualTo(404);
		assertThat(objects(this.east)).containsOnly("Namespace");
		put(this.base + "/services/web", SERVICE, "Prefer", "wait=30");
		Answered set = deleteAsChangeSet("wait=30");
		assertThat(set.status()).as(set.text()).isEqualTo(200);
		assertThat(get(this.base + "/services/web").status()).isEqualTo(404);
		put(this.base, "spec: {injection: sidecar, placement: {clusters: [" + this.east + "]}}");
		Answered cluster = send("DELETE", "/api/v1/clusters/" + this.west + "?orphan=true", "", "If-Match", "*",
				"Prefer", "wait=30");
		assertThat(cluster.status()).as(cluster.text()).isEqualTo(200);
		assertThat(get("/api/v1/clusters/" + this.west).status()).isEqualTo(404);
	}

	@Test
	void whatIsNotGoneInTimeIsNotSaidToBe() {
		String limited = CLUSTER.replace("settle:", "safety: {maxDeletes: 1, maxDeletePercent: 1}, settle:");
		assertThat(put("/api/v1/clusters/" + this.east, limited).status()).isEqualTo(200);
		String service = this.base + "/services/web";
		put(service, SERVICE, "Prefer", "wait=30");
		Answered held = deleteAsChangeSet("wait=2");
		assertThat(held.status()).as(held.text()).isEqualTo(202);
		assertThat(held.header("Preference-Applied")).isEqualTo("wait=2");
		Answered again = send("DELETE", service, "", "Prefer", "wait=1");
		assertThat(again.status()).as("deleted already, but not gone: " + again.text()).isEqualTo(202);
		assertThat(again.json().has("status")).isTrue();
		assertThat(objects(this.east)).contains("Deployment");
		Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
			JsonNode placed = condition(get(service).json(), "Placed");
			assertThat(placed.get("reason").asString()).isEqualTo("Deleted");
			assertThat(placed.get("message").asString()).contains("Service/" + this.ns + "/web")
				.doesNotContain("placement");
		});
		Answered forgotten = send("DELETE", service + "?orphan=true", "", "Prefer", "wait=30");
		assertThat(forgotten.status()).as(forgotten.text()).isEqualTo(200);
		assertThat(get(service).status()).isEqualTo(404);
	}

	@Test
	void whatOneClusterHoldsBackIsNotHiddenByAnother() {
		String limited = CLUSTER.replace("settle:", "safety: {maxDeletes: 0, maxDeletePercent: 1}, settle:");
		assertThat(put("/api/v1/clusters/" + this.east, limited).status()).isEqualTo(200);
		put(this.base, "spec: {injection: sidecar, placement: {clusters: [" + this.east + "]}}");
		put(this.base + "/services/web", SERVICE, "Prefer", "wait=30");
		// the other cluster is the one whose status changed last
		put(this.base, "spec: {injection: sidecar, placement: {clusters: [" + this.east + ", " + this.west + "]}}",
				"Prefer", "wait=30");
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> get(this.base + "/services/web").json().at("/status/clusters").size() == 2);
		Answered both = put(this.base + "/services/web", SERVICE.replace("app:2", "app:3"), "Prefer", "wait=30");
		assertThat(condition(both.json(), "Placed").get("message").asString())
			.isEqualTo("on " + this.east + ", " + this.west);
		assertThat(condition(both.json(), "Programmed").get("reason").asString()).isEqualTo("Programmed");
		put(this.base + "/services/web", ONE_VERSION);
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.untilAsserted(
					() -> assertThat(get(this.base + "/services/web").json().at("/status/clusters").valueStream())
						.extracting((cluster) -> condition(cluster, "Programmed").get("reason").asString())
						.containsExactly("Held", "Programmed"));
		JsonNode summed = condition(get(this.base + "/services/web").json(), "Programmed");
		assertThat(summed.get("status").asString()).isEqualTo("True");
		assertThat(summed.get("reason").asString()).isEqualTo("Held");
		assertThat(summed.get("message").asString()).startsWith(this.east + ": ");
	}

	@Test
	void whatHadNothingInAClusterIsGoneAtOnce() {
		String nowhere = "/api/v1/namespaces/" + namespace();
		put(nowhere + "/services/web", SERVICE);
		assertThat(send("DELETE", nowhere + "/services/web", "", "Prefer", "wait=30").status()).isEqualTo(200);
		assertThat(send("DELETE", nowhere, "", "If-Match", "*", "Prefer", "wait=30").status()).isEqualTo(200);
		assertThat(get(nowhere).status()).isEqualTo(404);
	}

	private Answered deleteAsChangeSet(String prefer) {
		return send("POST", "/api/v1/change-sets",
				"{\"items\": [{\"op\": \"delete\", \"resource\": {\"kind\": \"Service\", \"metadata\": {\"namespace\": \""
						+ this.ns + "\", \"name\": \"web\"}}}]}",
				"Prefer", prefer);
	}

	private List<String> objects(String cluster) {
		return get("/api/v1/clusters/" + cluster + "/objects?namespace=" + this.ns).json()
			.get("items")
			.valueStream()
			.map((object) -> object.get("kind").asString())
			.toList();
	}

	@Test
	void manifestsAreOfOneClusterInBothFormats() {
		put(this.base + "/services/web", SERVICE);
		put(this.base + "/routing-policies/web", POLICY);
		String path = this.base + "/services/web/manifests";
		Answered ambiguous = get(path);
		assertThat(ambiguous.status()).isEqualTo(400);
		assertThat(ambiguous.json().get("detail").asString()).contains("?cluster=", this.east, this.west);
		assertThat(get(path + "?cluster=nowhere").status()).isEqualTo(404);
		Answered json = get(path + "?cluster=" + this.east);
		assertThat(json.json().get("kind").asString()).isEqualTo("List");
		assertThat(json.json().get("apiVersion").asString()).isEqualTo("v1");
		List<String> kinds = json.json().get("items").valueStream().map((item) -> item.get("kind").asString()).toList();
		assertThat(kinds).contains("Deployment", "Service", "ServiceAccount", "DestinationRule", "VirtualService");
		Answered yaml = get(path + "?cluster=" + this.west, "Accept", "application/yaml");
		assertThat(yaml.header("Content-Type")).isEqualTo("application/yaml");
		List<JsonNode> documents = Documents.yaml(yaml.response().body());
		assertThat(documents).as("each document an object, as kubectl diff -f - reads them")
			.hasSize(kinds.size())
			.allMatch((document) -> document.has("apiVersion") && document.has("kind")
					&& document.at("/metadata/name").isString());
		assertThat(documents.stream().map((document) -> document.get("kind").asString())).containsAll(kinds);
	}

	@Test
	void effectiveSaysWhereEachValueComesFrom() {
		put(this.base + "/services/web", SERVICE);
		put(this.base + "/routing-policies/web", POLICY);
		JsonNode effective = get(this.base + "/services/web/effective").json();
		assertThat(effective.get("clusters").valueStream().map(JsonNode::asString)).containsExactlyInAnyOrder(this.east,
				this.west);
		assertThat(effective.at("/values/routing/rules/0/timeout").asString()).isEqualTo("3s");
		JsonNode origin = effective.get("origins").get("/routing/rules/0/timeout");
		assertThat(origin.get("source").asString()).isEqualTo("declared");
		assertThat(origin.get("resource").asString()).isEqualTo("RoutingPolicy/" + this.ns + "/web");
		assertThat(origin.get("pointer").asString()).isEqualTo("/spec/rules/0/timeout");
		assertThat(effective.get("origins")).anyMatch((each) -> each.get("source").asString().equals("default"));
		assertThat(get(this.base + "/services/none/effective").status()).isEqualTo(404);
	}

	@Test
	void aDryRunShowsWhatWouldBeMadeAndWhatWouldGo() {
		put(this.base + "/services/web", SERVICE, "Prefer", "wait=30");
		JsonNode dry = put(this.base + "/services/web?dryRun=true", ONE_VERSION).json();
		assertThat(dry.get("manifests")).hasSize(2);
		assertThat(dry.get("deletes").valueStream().map((each) -> each.get("cluster").asString()))
			.containsExactlyInAnyOrder(this.east, this.west);
		assertThat(dry.at("/deletes/0/items")).singleElement().satisfies((object) -> {
			assertThat(object.get("kind").asString()).startsWith("Deployment");
			assertThat(object.get("namespace").asString()).isEqualTo(this.ns);
			assertThat(object.get("name").asString()).contains("v2");
		});
		JsonNode gone = send("DELETE", this.base + "/services/web?dryRun=true", "").json();
		assertThat(gone.at("/deletes/0/items")).hasSizeGreaterThan(3);
		Answered moved = put(this.base + "?dryRun=true",
				"spec: {injection: sidecar, placement: {clusters: [" + this.east + "]}}");
		assertThat(moved.json().get("deletes")).as(moved.text())
			.singleElement()
			.satisfies((each) -> assertThat(each.get("cluster").asString()).isEqualTo(this.west));
		assertThat(get(this.base + "/services/web").json().at("/spec/versions")).hasSize(2);
		JsonNode forgotten = send("DELETE", this.base + "/services/web?dryRun=true&orphan=true", "").json();
		assertThat(forgotten.get("deletes")).as("what is forgotten stays").isEmpty();
		assertThat(put(this.base, "spec: {injection: sidecar, deletionPolicy: orphan, placement: {clusters: ["
				+ this.east + ", " + this.west + "]}}")
			.status()).isEqualTo(200);
		JsonNode kept = send("DELETE", this.base + "/services/web?dryRun=true", "").json();
		assertThat(kept.get("deletes")).as("what is let go stays").isEmpty();
	}

	@Test
	void orphaningForgetsWhatCannotBeDeleted() {
		put(this.base + "/services/web", SERVICE, "Prefer", "wait=30");
		Answered forgotten = send("DELETE", this.base + "/services/web?orphan=true", "");
		assertThat(forgotten.status()).as(forgotten.text()).isEqualTo(202);
		assertThat(get("/api/v1/audit-events?limit=20").text()).contains("objects forgotten and not deleted");
		assertThat(send("DELETE", this.base + "/routing-policies/web?orphan=true", "").status()).isEqualTo(400);
	}

	private static String programmed(JsonNode holder) {
		return condition(holder, "Programmed").path("status").asString("missing");
	}

	private static JsonNode condition(JsonNode holder, String type) {
		JsonNode conditions = holder.has("status") ? holder.at("/status/conditions") : holder.get("conditions");
		return conditions.valueStream()
			.filter((condition) -> condition.get("type").asString().equals(type))
			.findFirst()
			.orElseGet(MissingNode::getInstance);
	}

	private static List<String> names(Answered answered) {
		return answered.json()
			.get("items")
			.valueStream()
			.map((item) -> item.at("/metadata/name").stringValue())
			.toList();
	}

}
