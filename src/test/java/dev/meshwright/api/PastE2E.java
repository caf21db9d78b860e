package dev.meshwright.api;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What was declared at a revision, read and compiled over HTTP. */
class PastE2E extends ServedApi {

	private static final String SERVICE = """
			metadata: {labels: {tier: web}}
			spec:
			  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			  versions: [{name: v1, workload: {image: "example/app:1"}}, {name: v2, workload: {image: "example/app:1"}}]
			""";

	private static final String POLICY = "spec: {service: web, rules: [{name: all, timeout: 3s, split: [{version: v1}]}]}";

	private final String ns = fresh("past");

	private final String base = "/api/v1/namespaces/" + this.ns;

	private final String web = this.base + "/services/web";

	private long first;

	@BeforeEach
	void declareAndChange() {
		String cluster = fresh("past");
		put("/api/v1/clusters/" + cluster, "spec: {connection: {sandbox: {}}, mesh: istio, meshVersion: '1.29'}");
		put(this.base, "spec: {injection: sidecar, placement: {clusters: [" + cluster + "]}}");
		put(this.web, SERVICE);
		Answered policy = put(this.base + "/routing-policies/web", POLICY);
		assertThat(policy.status()).as(policy.text()).isEqualTo(201);
		this.first = policy.json().at("/metadata/revision").longValue();
		put(this.base + "/routing-policies/web", POLICY.replace("3s", "9s"));
		put(this.base + "/services/later", SERVICE);
		assertThat(put(this.web, SERVICE.replace("tier: web", "tier: old").replace("app:1", "app:2")).status())
			.isEqualTo(200);
		assertThat(send("DELETE", this.base + "/routing-policies/web", "").status()).isEqualTo(202);
	}

	@Test
	void aResourceIsReadWithoutWhatOnlyHoldsNow() {
		Answered then = get(this.web + "?revision=" + this.first);
		assertThat(then.status()).as(then.text()).isEqualTo(200);
		assertThat(then.json().at("/spec/versions/0/workload/image").asString()).isEqualTo("example/app:1");
		assertThat(then.json().at("/metadata/generation").intValue()).isOne();
		assertThat(then.json().at("/metadata/creationTimestamp"))
			.isEqualTo(get(this.web).json().at("/metadata/creationTimestamp"));
		assertThat(then.json().has("status")).isFalse();
		assertThat(then.header("ETag")).isEmpty();
		assertThat(get(this.base + "/routing-policies/web?revision=" + this.first).status()).isEqualTo(200);
		assertThat(get(this.base + "?revision=" + this.first).json().get("kind").asString()).isEqualTo("Namespace");
		Answered before = get(this.base + "/services/later?revision=" + this.first);
		assertThat(before.status()).isEqualTo(404);
		assertThat(before.json().get("detail").asString()).contains("was not declared at revision " + this.first);
	}

	@Test
	void aListShowsWhatWasThere() {
		assertThat(names(get(this.base + "/services?revision=" + this.first))).containsExactly("web");
		assertThat(names(get(this.base + "/services"))).containsExactly("later", "web");
		assertThat(names(get("/api/v1/services?labelSelector=tier%3Dweb&revision=" + this.first))).contains("web");
		assertThat(names(get(this.base + "/services?labelSelector=tier%3Dold&revision=" + this.first))).isEmpty();
		long head = get("/api/v1/revisions?limit=1").json().at("/items/0/revision").longValue();
		Answered page = get(this.base + "/services?limit=1&revision=" + head);
		assertThat(names(page)).containsExactly("later");
		assertThat(page.json().at("/metadata/revision").longValue()).isEqualTo(head);
		String next = page.json().at("/metadata/continue").asString();
		assertThat(names(get(this.base + "/services?limit=1&revision=" + head + "&continue=" + next)))
			.containsExactly("web");
		assertThat(get(this.base + "/services?limit=1&revision=" + this.first + "&continue=" + next).errors())
			.containsExactly(" INVALID_CONTINUE");
		assertThat(get(this.base + "/services?condition=Ready%3DTrue&revision=" + head).errors())
			.containsExactly(" CONTRADICTION");
	}

	@Test
	void whatWasDeclaredIsCompiledAndMergedAsItWas() {
		Answered then = get(this.web + "/manifests?revision=" + this.first);
		assertThat(then.status()).as(then.text()).isEqualTo(200);
		assertThat(then.text()).contains("VirtualService", "example/app:1", "\"timeout\":\"3s\"")
			.doesNotContain("example/app:2");
		assertThat(then.header("Warning")).contains("299 - \"AS_OF", "revision " + this.first, "compiler of today");
		assertThat(get(this.web + "/manifests", "Accept", "application/yaml").text()).contains("example/app:2")
			.doesNotContain("timeout: 3s");
		assertThat(get(this.web + "/manifests").header("Warning")).isEmpty();
		Answered effective = get(this.web + "/effective?revision=" + this.first);
		assertThat(effective.text()).contains("3s", "example/app:1");
		assertThat(effective.header("Warning")).contains("AS_OF");
		assertThat(get(this.web + "/effective").text()).doesNotContain("\"3s\"");
		assertThat(get(this.base + "/services/later/manifests?revision=" + this.first).status()).isEqualTo(404);
	}

	@Test
	void aRevisionThatIsNoneIsRefused() {
		for (String path : List.of(this.web, this.base + "/services", "/api/v1/services", this.web + "/manifests",
				this.web + "/effective", this.base)) {
			Answered future = get(path + "?revision=999999999");
			assertThat(future.status()).as(path).isEqualTo(404);
			assertThat(future.errors()).containsExactly(" NO_SUCH_REVISION");
			assertThat(future.json().get("detail").asString()).contains("the newest is");
			assertThat(get(path + "?revision=0").status()).as(path).isEqualTo(404);
			assertThat(get(path + "?revision=latest").status()).as(path).isEqualTo(400);
		}
		assertThat(put(this.web + "?revision=1", SERVICE).errors()).containsExactly(" UNKNOWN_PARAMETER");
	}

	@Test
	void anyTwoRevisionsAreComparedPageByPage() {
		long head = get("/api/v1/revisions?limit=1").json().at("/items/0/revision").longValue();
		String diff = "/api/v1/revisions/" + this.first + "/diff?to=" + head + "&namespace=" + this.ns;
		Answered all = get(diff);
		assertThat(all.json().get("items").valueStream())
			.extracting((item) -> item.at("/resource/name").asString() + " " + item.at("/resource/change").asString())
			.containsExactly("web deleted", "later created", "web updated");
		assertThat(all.json().at("/items/2/fields").toString()).contains(
				"{\"pointer\":\"/metadata/labels/tier\",\"from\":\"web\",\"to\":\"old\"}",
				"{\"pointer\":\"/spec/versions/1/workload/image\",\"from\":\"example/app:1\",\"to\":\"example/app:2\"}");
		Answered page = get(diff + "&limit=2");
		assertThat(page.json().get("items")).hasSize(2);
		Answered rest = get(diff + "&limit=2&continue=" + page.json().get("continue").asString());
		assertThat(rest.json().at("/items/0")).isEqualTo(all.json().at("/items/2"));
		assertThat(rest.json().has("continue")).isFalse();
		assertThat(get("/api/v1/revisions/" + head + "/diff?to=999999999").status()).isEqualTo(404);
	}

	private static List<String> names(Answered list) {
		assertThat(list.status()).as(list.text()).isEqualTo(200);
		return list.json()
			.get("items")
			.valueStream()
			.map((JsonNode item) -> item.at("/metadata/name").asString())
			.toList();
	}

}
