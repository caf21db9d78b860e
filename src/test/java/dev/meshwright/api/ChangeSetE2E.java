package dev.meshwright.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Change sets, what history says of them, and the events that they make. */
class ChangeSetE2E extends ServedApi {

	private static final String YAML = """
			kind: ChangeSet
			message: Declare the team
			---
			kind: Service
			metadata: {namespace: NS, name: a}
			spec:
			  ports: [{name: http, port: 80, protocol: HTTP}]
			  versions: [{name: v1, workload: {image: a}}]
			---
			kind: Namespace
			metadata: {name: NS}
			spec: {placement: {clusters: []}}
			""";

	@Test
	void commitsAllOrNothing() {
		String namespace = fresh("cs");
		Answered done = send("POST", "/api/v1/change-sets", YAML.replace("NS", namespace));
		assertThat(done.status()).as(done.text()).isEqualTo(200);
		long revision = done.json().get("revision").longValue();
		Answered read = get("/api/v1/revisions/" + revision);
		assertThat(read.json().get("message").stringValue()).isEqualTo("Declare the team");
		assertThat(read.json().get("author").stringValue()).isEqualTo("tester");
		assertThat(read.json().get("changes")).hasSize(2);

		Answered bad = send("POST", "/api/v1/change-sets",
				"{\"items\":[{\"op\":\"delete\",\"resource\":{\"kind\":\"Service\",\"metadata\":{\"namespace\":\""
						+ namespace
						+ "\",\"name\":\"a\"}}},{\"op\":\"put\",\"resource\":{\"kind\":\"Service\"}},{\"op\":\"x\"}]}");
		assertThat(bad.status()).isEqualTo(400);
		assertThat(bad.errors()).contains("/items/1/resource/metadata/name REQUIRED", "/items/1/resource/spec REQUIRED",
				"/items/2/op UNKNOWN_VALUE");
		assertThat(get("/api/v1/namespaces/" + namespace + "/services/a").json()
			.at("/metadata/deletionTimestamp")
			.isMissingNode()).isTrue();
		Answered twice = send("POST", "/api/v1/change-sets", YAML.replace("NS", namespace)
				+ "---\nkind: Namespace\nmetadata: {name: " + namespace + "}\nspec: {}\n");
		assertThat(twice.errors()).containsExactly("/items/3/resource DUPLICATE");
	}

	@Test
	void historyShowsWhatDiffers() {
		String namespace = namespace();
		String path = "/api/v1/namespaces/" + namespace;
		long revision = put(path, "spec: {owner: others, placement: {clusters: []}}").json()
			.at("/metadata/revision")
			.longValue();
		Answered diff = get("/api/v1/revisions/" + revision + "/diff");
		assertThat(diff.json().at("/items/0/fields").toString())
			.contains("{\"pointer\":\"/spec/owner\",\"from\":\"team\",\"to\":\"others\"}");
		assertThat(get("/api/v1/revisions/" + revision + "/diff?to=" + (revision - 1)).json().get("items")).hasSize(1);
		assertThat(get("/api/v1/revisions?limit=1").json().at("/items/0/revision").longValue())
			.isGreaterThanOrEqualTo(revision);
		assertThat(get("/api/v1/audit-events").json().at("/items/0/action").asString()).contains("PUT");
	}

	@Test
	void doesWhatCarriesAKeyOnce() {
		String body = YAML.replace("NS", fresh("idem"));
		String key = fresh("key");
		Answered first = send("POST", "/api/v1/change-sets", body, "Idempotency-Key", key);
		Answered second = send("POST", "/api/v1/change-sets", body, "Idempotency-Key", key);
		assertThat(second.text()).isEqualTo(first.text());
		assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(send("POST", "/api/v1/change-sets", body + "\n", "Idempotency-Key", key).status()).isEqualTo(422);
		String refused = fresh("key");
		assertThat(send("POST", "/api/v1/change-sets", "{}", "Idempotency-Key", refused).status()).isEqualTo(400);
		assertThat(send("POST", "/api/v1/change-sets", body, "Idempotency-Key", refused).status()).isEqualTo(200);
	}

	@Test
	void streamsEveryRevisionOnce() throws IOException, InterruptedException {
		String namespace = namespace();
		long start = get("/api/v1/namespaces/" + namespace).json().at("/metadata/revision").longValue();
		for (int i = 0; i < 3; i++) {
			put("/api/v1/namespaces/" + namespace, "spec: {owner: o" + i + ", placement: {clusters: []}}");
		}
		try (HttpClient client = HttpClient.newHttpClient();
				BufferedReader reader = new BufferedReader(new InputStreamReader(
						client.send(request(start), HttpResponse.BodyHandlers.ofInputStream()).body(),
						StandardCharsets.UTF_8))) {
			List<Long> ids = new ArrayList<>();
			for (String line = reader.readLine(); line != null && ids.size() < 4; line = reader.readLine()) {
				if (line.startsWith("id: ")) {
					ids.add(Long.valueOf(line.substring(4)));
				}
				if (ids.size() == 3) {
					put("/api/v1/namespaces/" + namespace, "spec: {owner: last, placement: {clusters: []}}");
				}
			}
			assertThat(ids).containsExactly(start + 1, start + 2, start + 3, start + 4);
			client.shutdownNow();
		}
		assertThat(get("/api/v1/events", "Last-Event-ID", "999999999").status()).isEqualTo(410);
		assertThat(get("/api/v1/events", "Last-Event-ID", "x").status()).isEqualTo(400);
	}

	private HttpRequest request(long after) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/api/v1/events"))
			.header("Authorization", "Bearer " + this.token)
			.header("Last-Event-ID", Long.toString(after))
			.build();
	}

}
