package dev.meshwright.api;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A write that is answered before it is done. */
@TestPropertySource(properties = { "meshwright.large-writes.units=2", "meshwright.large-writes.answer-after=0s" })
class JobsE2E extends ServedApi {

	private static final String SERVICE = """
			spec: {ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, workload: {image: a}}]}""";

	@Test
	void isAnsweredWithAJobThatSaysWhatBecameOfIt() throws InterruptedException {
		String path = "/api/v1/namespaces/" + namespace();
		for (int number = 0; number < 4; number++) {
			assertThat(put(path + "/services/s" + number, SERVICE).status()).isEqualTo(201);
		}
		Answered accepted = put(path, "spec: {owner: others, placement: {clusters: []}}");
		assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
		assertThat(accepted.header("Location")).startsWith("/api/v1/jobs/");
		assertThat(accepted.header("Retry-After")).isEqualTo("1");
		Answered done = ended(accepted.header("Location"));
		assertThat(done.json().get("state").asString()).as(done.text()).isEqualTo("Succeeded");
		assertThat(done.json().at("/items/0/outcome").asString()).isEqualTo("updated");
		assertThat(get(path).json().at("/spec/owner").asString()).isEqualTo("others");

		Answered refused = ended(put(path, "spec: {placement: {clusters: [nowhere]}}").header("Location"));
		assertThat(refused.json().get("state").asString()).isEqualTo("Failed");
		assertThat(refused.json().at("/problem/status").intValue()).isEqualTo(422);

		String set = "kind: Namespace\nmetadata: {name: " + path.substring(path.lastIndexOf('/') + 1)
				+ "}\nspec: {owner: third, placement: {clusters: []}}\n";
		Answered byKey = send("POST", "/api/v1/change-sets", set, "Idempotency-Key", "large");
		assertThat(byKey.status()).as(byKey.text()).isEqualTo(202);
		assertThat(ended("/api/v1/jobs/" + byKey.json().get("id").asString()).json().get("state").asString())
			.isEqualTo("Succeeded");
		Answered again = send("POST", "/api/v1/change-sets", set, "Idempotency-Key", "large");
		assertThat(again.json().get("id")).isEqualTo(byKey.json().get("id"));
		assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(again.header("Location")).startsWith("/api/v1/jobs/").isEqualTo(byKey.header("Location"));
		assertThat(again.header("Retry-After")).isEqualTo("1");
		Answered back = send("POST", "/api/v1/rollbacks",
				"{\"to\": " + get(path).json().at("/metadata/revision").longValue()
						+ ", \"scope\": {\"resource\": {\"kind\": \"Namespace\", \"name\": \""
						+ path.substring(path.lastIndexOf('/') + 1) + "\"}}}");
		assertThat(back.json().get("items")).as("it is so already").isEmpty();
		Answered undone = send("POST",
				"/api/v1/revisions/" + get(path).json().at("/metadata/revision").longValue() + "/undo", "");
		assertThat(undone.status()).as(undone.text()).isEqualTo(202);
		assertThat(ended(undone.header("Location")).json().get("state").asString()).isEqualTo("Succeeded");
		assertThat(get(path).json().at("/spec/owner").asString()).isEqualTo("others");
		assertThat(get("/api/v1/jobs/00000000-0000-0000-0000-000000000000").status()).isEqualTo(404);
		assertThat(get("/api/v1/jobs/one").status()).isEqualTo(400);
	}

	private Answered ended(String location) throws InterruptedException {
		Instant end = Instant.now().plus(Duration.ofSeconds(60));
		while (Instant.now().isBefore(end)) {
			Answered job = get(location);
			assertThat(job.status()).as(job.text()).isEqualTo(200);
			if (job.json().has("completionTimestamp")) {
				return job;
			}
			Thread.sleep(50);
		}
		throw new AssertionError("The job does not end");
	}

}
