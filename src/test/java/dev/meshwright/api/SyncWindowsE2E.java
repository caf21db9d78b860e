package dev.meshwright.api;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Sync windows and pauses as those see them who declare, plan and ask for a sync. */
class SyncWindowsE2E extends ServedApi {

	private static final String CLOSED = "syncWindows: [{kind: deny, schedule: '* * * * *', duration: 2h, description: freeze}]";

	private static final String MANUAL = CLOSED.replace("2h", "2h, manualSync: true");

	private final String cluster = fresh("windows");

	private final String path = "/api/v1/namespaces/" + fresh("windows");

	@Test
	void aClosedWindowAcceptsSaysWhyAndLetsAllowedSyncsPass() throws InterruptedException {
		assertThat(put("/api/v1/clusters/" + this.cluster, """
				spec: {mesh: istio, meshVersion: "1.29", connection: {sandbox: {}}}""").status()).isEqualTo(201);
		namespace(CLOSED);
		assertThat(put(this.path + "/services/web", """
				spec:
				  ports: [{name: http, port: 80, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: "example/app:1"}}]""").status()).isEqualTo(201);
		JsonNode waiting = await("SyncWindowClosed");
		assertThat(waiting.get("status").asString()).isEqualTo("False");
		assertThat(waiting.get("message").asString()).contains("freeze", "no time is in sight");
		assertThat(get("/api/v1/clusters/" + this.cluster).json().at("/status/work/reasons").toString())
			.contains("SyncWindowClosed");
		assertThat(plan()).contains("\"reason\":\"SyncWindowClosed\"");
		refused("SYNC_WINDOW_CLOSED", "freeze");

		namespace(MANUAL + ", paused: true");
		await("Paused");
		assertThat(plan()).contains("\"reason\":\"Paused\"");
		refused("PAUSED", "paused: true");

		namespace(MANUAL);
		await("SyncWindowClosed");
		assertThat(send("POST", this.path + "/services/web/sync", "").status()).isEqualTo(202);
		assertThat(get("/api/v1/audit-events?limit=1").text()).contains("POST " + this.path + "/services/web/sync");
		assertThat(await("NamespacePending").get("message").asString()).as("the Namespace itself is kept back")
			.contains("Namespace");
		namespace("owner: team");
		await("Programmed");
	}

	@Test
	void whatIsWrongWithAWindowIsSaidWithItsPlace() {
		Answered refused = put(this.path,
				"spec: {placement: {clusters: []}, syncWindows: [{kind: allow, schedule: '0 22 * *', duration: 1h, "
						+ "timeZone: Nowhere}, {kind: deny, schedule: '@daily', duration: 0s}]}");
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.text()).contains("/spec/syncWindows/0/schedule", "INVALID_SCHEDULE",
				"/spec/syncWindows/0/timeZone", "/spec/syncWindows/1/duration");
		Answered shape = put(this.path, "spec: {syncWindows: [{kind: maybe, duration: 1d}]}");
		assertThat(shape.status()).isEqualTo(400);
		assertThat(shape.text()).contains("/spec/syncWindows/0/kind", "/spec/syncWindows/0/duration",
				"/spec/syncWindows/0/schedule");
		assertThat(get(this.path).status()).isEqualTo(404);
	}

	private void namespace(String fields) {
		Answered answer = put(this.path, "spec: {placement: {clusters: [" + this.cluster + "]}, " + fields + "}");
		assertThat(answer.status()).as(answer.text()).isIn(200, 201);
	}

	private String plan() {
		String namespace = this.path.substring(this.path.lastIndexOf('/') + 1);
		Answered plan = send("POST", "/api/v1/plans", "{\"scope\": {\"namespace\": \"" + namespace + "\"}}");
		assertThat(plan.status()).as(plan.text()).isEqualTo(201);
		return plan.text();
	}

	private void refused(String code, String why) {
		Answered refused = send("POST", this.path + "/services/web/sync", "");
		assertThat(refused.status()).isEqualTo(409);
		assertThat(refused.text()).contains(code, why);
	}

	private JsonNode await(String reason) throws InterruptedException {
		Instant end = Instant.now().plus(Duration.ofSeconds(60));
		while (true) {
			Answered answer = get(this.path + "/services/web");
			var found = answer.json()
				.at("/status/conditions")
				.valueStream()
				.filter((condition) -> condition.get("type").asString().equals("Programmed")
						&& condition.get("reason").asString().equals(reason))
				.findFirst();
			if (found.isPresent()) {
				return found.get();
			}
			assertThat(Instant.now()).as(answer.text()).isBefore(end);
			Thread.sleep(100);
		}
	}

}
