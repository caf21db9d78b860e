package dev.meshwright.api;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is decided for a time, over HTTP, with two sandbox clusters in two regions. */
class OverridesE2E extends ServedApi {

	private final String ns = fresh("override");

	private final String east = fresh("east");

	private final String west = fresh("west");

	private final String base = "/api/v1/namespaces/" + this.ns;

	@BeforeEach
	void declare() {
		List.of(this.east, this.west).forEach((cluster) -> assertThat(put("/api/v1/clusters/" + cluster, """
				spec: {connection: {sandbox: {}}, mesh: istio, meshVersion: "1.29", region: %s,
				  settle: {beforeSwitch: 0s, beforeBreak: 0s}}""".formatted(cluster)).status()).isEqualTo(201));
		assertThat(put(this.base,
				"spec: {injection: sidecar, placement: {clusters: [" + this.east + ", " + this.west + "]}}")
			.status()).isEqualTo(201);
		assertThat(put(this.base + "/services/web", """
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  versions:
				    - {name: v1, workload: {image: example/app:1, replicas: 2}}
				    - {name: v2, workload: {image: example/app:2, replicas: 2}}""").status()).isEqualTo(201);
	}

	@Test
	void anEvacuationShowsInEffectiveInManifestsAndInItsStatus() throws InterruptedException {
		Answered written = put(this.base + "/overrides/east", """
				spec:
				  target: {}
				  change: {evacuate: {cluster: %s, mode: cut}}
				  reason: new nodes
				  expiresAt: 2999-01-01T00:00:00Z""".formatted(this.east), "Prefer", "wait=60");
		assertThat(written.status()).as(written.text()).isEqualTo(201);
		JsonNode effective = get(this.base + "/services/web/effective").json();
		assertThat(effective.at("/values/overrides/0/name").asString()).as(effective.toString()).isEqualTo("east");
		assertThat(effective.at("/values/overrides/0/updatedBy").asString()).isEqualTo("tester");
		assertThat(effective.at("/values/overrides/0/change/evacuate/mode").asString()).isEqualTo("cut");
		assertThat(effective.get("origins").toString()).contains("Override/" + this.ns + "/east",
				"/overrides/0/change/evacuate/cluster");
		String manifests = get(this.base + "/services/web/manifests?cluster=" + this.west).text();
		assertThat(manifests).contains("localityLbSetting", "\"" + this.west + "\":100");
		JsonNode status = get(this.base + "/overrides/east").json().get("status");
		assertThat(status.get("clusters")).as(status.toString()).hasSize(2);
		assertThat(condition(status, "Programmed")).as(status.toString()).isEqualTo("True");

		Answered last = put(this.base + "/overrides/west", """
				spec:
				  target: {service: web}
				  change: {evacuate: {region: %s, mode: cut}}
				  reason: also
				  expiresAt: 2999-01-01T00:00:00Z""".formatted(this.west));
		assertThat(last.status()).as(last.text()).isEqualTo(422);
		assertThat(last.errors()).contains("/spec/change/evacuate EVACUATION_LEAVES_NOTHING");

		assertThat(send("DELETE", this.base + "/overrides/east", "").status()).isEqualTo(202);
		assertThat(get(this.base + "/services/web/manifests?cluster=" + this.west).text())
			.doesNotContain("localityLbSetting");
		await(() -> get(this.base + "/overrides/east").status() == 404);
	}

	@Test
	void anOverrideThatIsOverIsTakenBackByTheSystemAndDoesNotComeBack() throws InterruptedException {
		Instant end = Instant.now().plusSeconds(5).truncatedTo(ChronoUnit.SECONDS);
		String path = this.base + "/overrides/over";
		Answered written = put(path, withoutV2(end.atOffset(ZoneOffset.ofHours(1))));
		assertThat(written.status()).as(written.text()).isEqualTo(201);
		await(() -> get(path).status() == 404);
		JsonNode ended = get("/api/v1/revisions?limit=50").json()
			.get("items")
			.valueStream()
			.filter((each) -> each.get("message")
				.asString()
				.equals("Override/" + this.ns + "/over expired at " + end + " (over)"))
			.findFirst()
			.orElseThrow();
		assertThat(ended.get("author").asString()).isEqualTo("system:override-expiry");

		String named = "--- {to: " + written.json().at("/metadata/revision").asString()
				+ ", scope: {resource: {kind: Override, namespace: " + this.ns + ", name: over}}}";
		String undo = "/api/v1/revisions/" + ended.get("revision").asString() + "/undo";
		for (Answered refused : List.of(send("POST", undo, ""), send("POST", undo + "?dryRun=true", ""),
				send("POST", "/api/v1/rollbacks", named))) {
			assertOver(refused, "/spec/expiresAt");
			assertThat(refused.json().at("/errors/0/resource").asString()).isEqualTo("Override/" + this.ns + "/over");
		}
		assertThat(get(path).status()).isEqualTo(404);
	}

	@Test
	void whatWouldBeOverAtOnceIsNotWritten() {
		OffsetDateTime past = OffsetDateTime.parse("2025-03-01T20:00:00+01:00");
		String path = this.base + "/overrides/mistyped";
		long before = newest();
		assertOver(put(path, withoutV2(past)), "/spec/expiresAt");
		assertOver(put(path + "?dryRun=true", withoutV2(past)), "/spec/expiresAt");
		String set = "kind: Override\nmetadata: {namespace: " + this.ns + ", name: mistyped}\n" + withoutV2(past);
		assertOver(send("POST", "/api/v1/change-sets", set), "/items/0/resource/spec/expiresAt");
		assertOver(send("POST", "/api/v1/plans", set), "/items/0/resource/spec/expiresAt");
		assertThat(newest()).isEqualTo(before);

		assertThat(put(path, withoutV2(past.withYear(2999))).status()).isEqualTo(201);
		assertOver(send("PATCH", path, "{\"spec\": {\"expiresAt\": \"2025-03-01T19:00:00Z\"}}", "Content-Type",
				"application/merge-patch+json"), "/spec/expiresAt");
		assertThat(get(path).json().at("/spec/expiresAt").asString()).startsWith("2999");
	}

	@Test
	void everythingThatIsWrongWithItIsSaidAtOnce() {
		Answered refused = put(this.base + "/overrides/wrong",
				withoutV2(OffsetDateTime.parse("2025-03-01T20:00:00Z")).replace("version: v2", "version: v9"));
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.errors()).hasSizeGreaterThan(1).contains("/spec/expiresAt ALREADY_EXPIRED");
	}

	@Test
	void aPlanThatWaitedUntilItsOverrideIsOverIsNotApplied() throws InterruptedException {
		Instant end = Instant.now().plusSeconds(10);
		Answered plan = send("POST", "/api/v1/plans", "kind: Override\nmetadata: {namespace: " + this.ns
				+ ", name: planned}\n" + withoutV2(end.atOffset(ZoneOffset.UTC)));
		assertThat(plan.status()).as(plan.text()).isEqualTo(201);
		await(() -> Instant.now().isAfter(end));
		Answered refused = send("POST", "/api/v1/plans/" + plan.json().get("id").asString() + "/apply", "");
		assertOver(refused, "/spec/expiresAt");
		assertThat(get(this.base + "/overrides/planned").status()).isEqualTo(404);
	}

	private static String withoutV2(OffsetDateTime end) {
		return """
				spec:
				  target: {service: web}
				  change: {evacuate: {version: v2}}
				  reason: over
				  expiresAt: %s""".formatted(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(end));
	}

	private static void assertOver(Answered refused, String pointer) {
		assertThat(refused.status()).as(refused.text()).isEqualTo(422);
		assertThat(refused.errors()).containsExactly(pointer + " ALREADY_EXPIRED");
		assertThat(refused.json().at("/errors/0/message").asString()).contains("by the clock of the database",
				"give a later time");
	}

	@Test
	void aTimeThatIsNoneIsAnErrorOfShape() {
		for (String time : List.of("tomorrow", "2026-02-30T00:00:00Z", "2026-01-01T00:00Z", "2026-01-01 00:00:00Z")) {
			Answered refused = put(this.base + "/overrides/never", """
					spec:
					  target: {service: web}
					  change: {evacuate: {version: v2}}
					  reason: never
					  expiresAt: "%s\"""".formatted(time));
			assertThat(refused.status()).as(refused.text()).isEqualTo(400);
			assertThat(refused.errors()).containsExactly("/spec/expiresAt MALFORMED_TIME");
		}
		assertThat(put("/api/v1/namespaces/" + this.ns + "/overrides/x?orphan=true", "spec: {}").status())
			.isEqualTo(400);
	}

	@Test
	void aServiceWithoutReadyEndpointGoesToItsBackupAndComesBack() throws InterruptedException {
		assertThat(put(this.base + "/services/static", """
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: example/app:1}}]""", "Prefer", "wait=60").status())
			.isEqualTo(201);
		await(() -> condition(get(this.base + "/services/web").json().get("status"), "Programmed").equals("True"));
		String policy = this.base + "/failover-policies/web";
		Answered declared = put(policy, """
				spec:
				  service: web
				  backup: {service: static, after: 0s, minimumHealthy: 0s, failback: {holdDown: 0s}}""");
		assertThat(declared.status()).as(declared.text()).isEqualTo(201);
		await(() -> condition(get(policy).json().get("status"), "BackupInUse").equals("False"));
		replicas(0);
		await(() -> condition(get(policy).json().get("status"), "BackupInUse").equals("True"));
		JsonNode switched = get(policy).json().at("/status/backup");
		assertThat(switched.get("phase").asString()).as(switched.toString()).isEqualTo("Switched");
		assertThat(switched.get("flaps").asInt()).isEqualTo(1);
		assertThat(get(this.base + "/overrides/failover-web").json().at("/metadata/updatedBy").asString())
			.isEqualTo("system:failover");
		assertThat(get(this.base + "/services/web/manifests?cluster=" + this.west).text())
			.contains("static." + this.ns + ".svc.cluster.local");
		replicas(2);
		await(() -> condition(get(policy).json().get("status"), "BackupInUse").equals("False"));
		assertThat(get(this.base + "/services/web/manifests?cluster=" + this.west).text())
			.doesNotContain("static." + this.ns);
		assertThat(get("/api/v1/revisions?limit=50").text()).contains("Send requests for " + this.ns + "/web back");
	}

	private void replicas(int replicas) {
		Answered scaled = put(this.base + "/services/web", """
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: example/app:1, replicas: %d}}]""".formatted(replicas));
		assertThat(scaled.status()).as(scaled.text()).isEqualTo(200);
	}

	private static String condition(JsonNode status, String type) {
		return status.get("conditions")
			.valueStream()
			.filter((condition) -> condition.get("type").asString().equals(type))
			.map((condition) -> condition.get("status").asString())
			.findFirst()
			.orElse("missing");
	}

	private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
		for (int tries = 0; tries < 600; tries++) {
			if (condition.getAsBoolean()) {
				return;
			}
			Thread.sleep(100);
		}
		throw new AssertionError("did not come about");
	}

}
