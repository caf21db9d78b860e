package dev.meshwright.api;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ResourceE2E extends ServedApi {

	private static final String SERVICE = """
			metadata: {labels: {team: a}}
			spec:
			  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			  versions: [{name: v1, workload: {image: "nginx:1.29"}}]
			""";

	@Test
	void createsReadsReplacesAndDeletes() {
		String path = "/api/v1/namespaces/" + namespace() + "/services/webapp";
		Answered created = put(path, SERVICE);
		assertThat(created.status()).as(created.text()).isEqualTo(201);
		assertThat(created.header("Location")).isEqualTo(path);
		assertThat(created.header("Cache-Control")).isEqualTo("no-store");
		JsonNode metadata = created.json().get("metadata");
		assertThat(created.header("ETag")).isEqualTo("\"" + metadata.get("resourceVersion").stringValue() + "\"");
		assertThat(metadata.get("generation").intValue()).isEqualTo(1);
		assertThat(metadata.get("updatedBy").stringValue()).isEqualTo("tester");

		Answered same = put(path, SERVICE);
		assertThat(same.status()).isEqualTo(200);
		assertThat(same.header("ETag")).isEqualTo(created.header("ETag"));

		Answered replaced = put(path, SERVICE.replace("1.29", "1.30"));
		assertThat(replaced.status()).isEqualTo(200);
		assertThat(replaced.json().at("/metadata/generation").intValue()).isEqualTo(2);

		Answered read = get(path, "If-None-Match", replaced.header("ETag"));
		assertThat(read.status()).isEqualTo(200);
		assertThat(read.json().at("/spec/versions/0/workload/image").stringValue()).isEqualTo("nginx:1.30");
		assertThat(read.json().at("/status/conditions/0/type").stringValue()).isEqualTo("Accepted");

		assertThat(send("DELETE", path, "").status()).isEqualTo(202);
		assertThat(put(path, SERVICE).json().at("/metadata/uid")).isNotEqualTo(metadata.get("uid"));
	}

	@Test
	void answersYamlToWhoAsksForIt() {
		String path = "/api/v1/namespaces/" + namespace();
		Answered read = get(path, "Accept", "application/yaml");
		assertThat(read.header("Content-Type")).isEqualTo("application/yaml");
		assertThat(put(path, read.text()).header("ETag")).isEqualTo(read.header("ETag"));
		assertThat(get(path, "Accept", "text/html,*/*;q=0.8").header("Content-Type")).isEqualTo("application/json");
		assertThat(get(path, "Accept", "text/html").status()).isEqualTo(406);
	}

	@Test
	void keepsPreconditions() {
		String namespace = namespace();
		String path = "/api/v1/namespaces/" + namespace + "/services/a";
		assertThat(put(path, SERVICE, "If-Match", "\"1\"").status()).isEqualTo(412);
		assertThat(put(path, SERVICE, "If-None-Match", "*").status()).isEqualTo(201);
		assertThat(put(path, SERVICE, "If-None-Match", "*").status()).isEqualTo(412);
		String etag = get(path).header("ETag");
		assertThat(put(path, SERVICE.replace("1.29", "2"), "If-Match", etag).status()).isEqualTo(200);
		assertThat(put(path, SERVICE.replace("1.29", "3"), "If-Match", etag).status()).isEqualTo(412);
		assertThat(put(path, SERVICE.replace("1.29", "3"), "If-Match", "W/" + get(path).header("ETag")).status())
			.isEqualTo(412);
		assertThat(put(path, SERVICE, "If-Match", "1").status()).isEqualTo(400);
		assertThat(put(path, SERVICE.replace("{labels", "{resourceVersion: \"1\", labels")).status()).isEqualTo(409);
		assertThat(put(path, SERVICE.replace("{labels", "{uid: 8ce0a8a6-5b5c-4f5e-b9fd-1b1c7a1a8f11, labels")).status())
			.isEqualTo(409);
		assertThat(send("DELETE", "/api/v1/namespaces/" + namespace, "").status()).isEqualTo(428);
		String guarded = "/api/v1/namespaces/" + namespace;
		assertThat(put(guarded, "spec: {requirePreconditions: true, placement: {clusters: []}}").status())
			.isEqualTo(200);
		assertThat(put(path, SERVICE).status()).isEqualTo(428);
		assertThat(put(path, SERVICE, "If-Match", "*").status()).isEqualTo(200);
	}

	@Test
	void patches() {
		String path = "/api/v1/namespaces/" + namespace() + "/services/a";
		put(path, SERVICE);
		Answered merged = send("PATCH", path, "{\"metadata\":{\"labels\":{\"team\":null,\"b\":\"c\"}}}", "Content-Type",
				"application/merge-patch+json");
		assertThat(merged.status()).as(merged.text()).isEqualTo(200);
		assertThat(merged.json().at("/metadata/labels").toString()).isEqualTo("{\"b\":\"c\"}");
		assertThat(merged.json().at("/metadata/generation").intValue()).isEqualTo(1);
		Answered patched = send("PATCH", path, """
				[{"op":"test","path":"/metadata/labels/b","value":"c"},
				{"op":"replace","path":"/spec/ports/0/port","value":81},
				{"op":"add","path":"/spec/versions/-","value":{"name":"v2","workload":{"image":"nginx:2"}}}]""",
				"Content-Type", "application/json-patch+json");
		assertThat(patched.status()).as(patched.text()).isEqualTo(200);
		assertThat(patched.json().at("/spec/ports/0/port").intValue()).isEqualTo(81);
		assertThat(patched.json().at("/spec/versions/1/name").stringValue()).isEqualTo("v2");
		assertThat(send("PATCH", path, "[{\"op\":\"test\",\"path\":\"/kind\",\"value\":\"X\"}]", "Content-Type",
				"application/json-patch+json")
			.status()).isEqualTo(409);
		assertThat(send("PATCH", path, "[{\"op\":\"remove\",\"path\":\"/nowhere\"}]", "Content-Type",
				"application/json-patch+json")
			.status()).isEqualTo(422);
		assertThat(send("PATCH", path, "{\"metadata\":{\"resourceVersion\":\"1\"}}", "Content-Type",
				"application/merge-patch+json")
			.status()).isEqualTo(409);
		assertThat(send("PATCH", path, "{\"spec\":{\"prots\":1}}", "Content-Type", "application/merge-patch+json")
			.errors()).containsExactly("/spec/prots UNKNOWN_FIELD");
		assertThat(send("PATCH", path, "{}").status()).isEqualTo(415);
	}

	@Test
	void ofThoseWhoPatchAtOnceWithoutAPreconditionNobodyIsRefused() throws Exception {
		String path = "/api/v1/namespaces/" + namespace() + "/services/a";
		put(path, SERVICE);
		int writers = 16;
		try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
			List<Future<Answered>> patched = IntStream.range(0, writers)
				.mapToObj((number) -> threads
					.submit(() -> send("PATCH", path, "{\"metadata\":{\"labels\":{\"l" + number + "\":\"set\"}}}",
							"Content-Type", "application/merge-patch+json")))
				.toList();
			for (Future<Answered> each : patched) {
				assertThat(each.get().status()).as(each.get().text()).isEqualTo(200);
			}
		}
		assertThat(get(path).json().at("/metadata/labels")).hasSize(writers + 1);
	}

	@Test
	void whoPatchesAVersionThatIsReplacedIsToldAtOnce() {
		String path = "/api/v1/namespaces/" + namespace() + "/services/a";
		String old = put(path, SERVICE).header("ETag");
		put(path, SERVICE.replace("1.29", "1.30"));
		assertThat(send("PATCH", path, "{\"metadata\":{\"labels\":{\"b\":\"c\"}}}", "Content-Type",
				"application/merge-patch+json", "If-Match", old)
			.status()).isEqualTo(412);
	}

	@Test
	void dryRunStoresNothing() {
		String path = "/api/v1/namespaces/" + namespace() + "/services/a";
		Answered dry = put(path + "?dryRun=true", SERVICE);
		assertThat(dry.status()).as(dry.text()).isEqualTo(200);
		assertThat(dry.json().at("/items/0/outcome").stringValue()).isEqualTo("created");
		assertThat(dry.json().at("/dryRun").booleanValue()).isTrue();
		assertThat(get(path).status()).isEqualTo(404);
	}

	@Test
	void listsPageByPage() {
		String namespace = namespace();
		for (int i = 0; i < 5; i++) {
			put("/api/v1/namespaces/" + namespace + "/services/s" + i, SERVICE.replace("team: a", "n: v" + i));
		}
		String list = "/api/v1/namespaces/" + namespace + "/services";
		Answered first = get(list + "?limit=2");
		assertThat(names(first)).containsExactly("s0", "s1");
		String next = first.json().at("/metadata/continue").stringValue();
		Answered second = get(list + "?limit=2&continue=" + next);
		assertThat(names(second)).containsExactly("s2", "s3");
		Answered third = get(list + "?limit=2&continue=" + second.json().at("/metadata/continue").stringValue());
		assertThat(names(third)).containsExactly("s4");
		assertThat(third.json().at("/metadata/continue").isMissingNode()).isTrue();
		assertThat(names(get(list + "?labelSelector=n%20in%20(v1,v3)"))).containsExactly("s1", "s3");
		assertThat(names(get(list + "?labelSelector=n!=v1,n"))).containsExactly("s0", "s2", "s3", "s4");
		assertThat(names(get(list + "?condition=Accepted=True&limit=3"))).containsExactly("s0", "s1", "s2");
		assertThat(names(get(list + "?condition=Accepted=False"))).isEmpty();
		assertThat(get(list).json().get("kind").stringValue()).isEqualTo("ServiceList");
		assertThat(get("/api/v1/services?limit=500").status()).isEqualTo(200);
		assertThat(get(list + "?continue=" + next + "&labelSelector=a").status()).isEqualTo(400);
		for (String query : new String[] { "limit=0", "limit=501", "limit=x", "continue=x", "continue=%00",
				"labelSelector=a%20in", "labelSelector==", "condition=Fine=True" }) {
			assertThat(get(list + "?" + query).status()).as(query).isEqualTo(400);
		}
	}

	private static List<String> names(Answered answered) {
		return answered.json()
			.get("items")
			.valueStream()
			.map((item) -> item.at("/metadata/name").stringValue())
			.toList();
	}

}
