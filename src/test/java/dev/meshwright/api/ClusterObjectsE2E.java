package dev.meshwright.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is kept in a cluster, over HTTP; here in a sandbox. */
class ClusterObjectsE2E extends ServedApi {

	private final String cluster = fresh("box");

	private final String path = "/api/v1/clusters/" + this.cluster + "/objects";

	private String declare() {
		String namespace = fresh("ns");
		assertThat(put("/api/v1/clusters/" + this.cluster, """
				spec: {mesh: istio, meshVersion: "1.29", connection: {sandbox: {}}}""").status()).isEqualTo(201);
		assertThat(put("/api/v1/namespaces/" + namespace,
				"spec: {owner: team, placement: {clusters: [" + this.cluster + "]}}")
			.status()).isEqualTo(201);
		Answered service = put("/api/v1/namespaces/" + namespace + "/services/web", """
				spec:
				  ports: [{name: http, port: 80, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: "example/app:1"}}]""", "Prefer", "wait=60");
		assertThat(service.status()).as(service.text()).isEqualTo(201);
		return namespace;
	}

	private static List<String> names(JsonNode list) {
		return list.get("items")
			.valueStream()
			.map((item) -> item.get("kind").asString() + " " + item.get("name").asString())
			.toList();
	}

	@Test
	void whatWasPushedIsListedPageByPage() {
		String namespace = declare();
		Answered answered = get(this.path);
		assertThat(answered.status()).as(answered.text()).isEqualTo(200);
		assertThat(answered.json().get("kind").asString()).isEqualTo("ClusterObjectList");
		assertThat(answered.json().get("metadata").has("continue")).isFalse();
		List<String> all = names(answered.json());
		assertThat(all).contains("Deployment web-v1", "Namespace " + namespace, "Service web", "ServiceAccount web");
		List<String> paged = new ArrayList<>();
		String next = "";
		do {
			JsonNode page = get(this.path + "?limit=2" + next).json();
			paged.addAll(names(page));
			next = page.get("metadata").has("continue") ? "&continue=" + page.get("metadata").get("continue").asString()
					: "";
		}
		while (!next.isEmpty());
		assertThat(paged).isEqualTo(all);
		JsonNode deployment = get(this.path + "?kind=Deployment&namespace=" + namespace).json().at("/items/0");
		assertThat(deployment.get("apiVersion").asString()).isEqualTo("apps/v1");
		assertThat(deployment.get("namespace").asString()).isEqualTo(namespace);
		assertThat(deployment.get("uid").asString()).isNotEmpty();
		assertThat(deployment.at("/owner/namespace").asString()).isEqualTo(namespace);
		assertThat(deployment.at("/owner/service").asString()).isEqualTo("web");
		assertThat(deployment.get("revision").longValue()).isPositive();
		assertThat(deployment.get("orphaned").booleanValue() || deployment.get("deleting").booleanValue()).isFalse();
		assertThat(names(get(this.path + "?orphaned=true").json())).isEmpty();
		assertThat(names(get(this.path + "?drifted=true").json())).isEmpty();
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(get(this.path).json().get("items").valueStream())
				.allMatch((item) -> item.get("seen").asString().equals("AsPushed")));
		assertThat(get(this.path, "Accept", "application/yaml").text()).contains("kind: ClusterObjectList");
	}

	@Test
	void whatIsNotAskedForRightIsRefused() {
		assertThat(get(this.path).errors()).containsExactly(" NOT_FOUND");
		declare();
		for (String query : List.of("kind=Gateway", "kind=Secret", "kind=gateway.networking.istio.io")) {
			assertThat(get(this.path + "?" + query).errors()).as(query).containsExactly(" INVALID_KIND");
		}
		assertThat(get(this.path + "?kind=Gateway").text()).contains("Gateway.networking.istio.io",
				"Gateway.gateway.networking.k8s.io");
		assertThat(get(this.path + "?kind=Gateway.networking.istio.io").status()).isEqualTo(200);
		assertThat(get(this.path + "?limit=0").errors()).containsExactly(" OUT_OF_RANGE");
		assertThat(get(this.path + "?namespace=A").errors()).containsExactly("/metadata/namespace INVALID_NAME");
		assertThat(get(this.path + "?drifted=perhaps").status()).isEqualTo(400);
		String next = get(this.path + "?limit=1").json().at("/metadata/continue").asString();
		assertThat(get(this.path + "?limit=1&continue=" + next).status()).isEqualTo(200);
		for (String other : Set.of("&orphaned=true", "&drifted=true", "&kind=Service", "&namespace=a")) {
			assertThat(get(this.path + "?continue=" + next + other).errors()).as(other)
				.containsExactly(" INVALID_CONTINUE");
		}
		assertThat(put("/api/v1/clusters/" + fresh("box"),
				"spec: {mesh: istio, meshVersion: '1.29', connection: {sandbox: {}}}")
			.status()).isEqualTo(201);
		String another = get("/api/v1/clusters?limit=1").json().at("/metadata/continue").asString();
		assertThat(get(this.path + "?continue=" + another).errors()).containsExactly(" INVALID_CONTINUE");
	}

}
