package dev.meshwright.api;

import java.util.List;

import dev.meshwright.store.Facts;
import dev.meshwright.store.Halts;
import dev.meshwright.store.Halts.Finding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators release, over HTTP. */
class ClusterSafetyE2E extends ServedApi {

	@Autowired
	Halts halts;

	@Autowired
	Facts facts;

	private String cluster = "";

	/** A cluster that cannot be reached, so that nothing looks at it meanwhile. */
	@BeforeEach
	void declare() {
		this.cluster = fresh("halted");
		Answered put = put("/api/v1/clusters/" + this.cluster,
				"spec: {mesh: istio, connection: {kubeconfig: {name: there-is-none}}}");
		assertThat(put.status()).as(put.text()).isEqualTo(201);
		this.facts.unreachable(this.cluster, "no kubeconfig");
	}

	@Test
	void aHaltIsShownAndReleasedByNamingExactlyWhatWasFound() {
		this.halts.halt(this.cluster, Halts.Reason.OLDER_DATABASE, new Finding("uid-1", "installation-1", 70L),
				"the database is an older one");
		JsonNode status = get("/api/v1/clusters/" + this.cluster).json().get("status");
		assertThat(status.at("/cluster/halt/reason").asString()).isEqualTo("OlderDatabase");
		assertThat(status.at("/cluster/halt/revision").asLong()).isEqualTo(70);
		assertThat(status.get("conditions").valueStream())
			.anyMatch((condition) -> condition.get("type").asString().equals("Ready")
					&& condition.get("reason").asString().equals("OlderDatabase"));
		Answered stale = adopt("{clusterUid: uid-1, installation: installation-1, revision: 69}");
		assertThat(stale.status()).isEqualTo(409);
		assertThat(stale.errors()).containsExactly(" OTHER_FINDING");
		assertThat(this.halts.of(List.of(this.cluster)).get(this.cluster).released()).isFalse();
		Answered released = adopt("{clusterUid: uid-1, installation: installation-1, revision: 70}");
		assertThat(released.status()).as(released.text()).isEqualTo(202);
		assertThat(released.json().at("/status/cluster/halt/releasedBy").asString()).isEqualTo("tester");
		assertThat(get("/api/v1/audit-events").json().get("items").valueStream())
			.anyMatch((row) -> row.get("target").asString().equals("Cluster/" + this.cluster)
					&& row.get("action").asString().endsWith("/adopt"));
		this.halts.halt(this.cluster, Halts.Reason.OLDER_DATABASE, new Finding("uid-1", "installation-1", 71L), "more");
		assertThat(this.halts.of(List.of(this.cluster)).get(this.cluster).released())
			.as("another finding is not released")
			.isFalse();
	}

	@Test
	void whatIsNotHaltedIsNotReleased() {
		assertThat(adopt("{clusterUid: uid-1}").errors()).containsExactly(" NOT_HALTED");
		assertThat(adopt("{cluster: uid-1}").errors()).containsExactlyInAnyOrder("/cluster UNKNOWN_FIELD",
				"/clusterUid REQUIRED");
		this.cluster = "nowhere";
		assertThat(adopt("{clusterUid: uid-1}").status()).isEqualTo(404);
	}

	@Test
	void deletionsAreShownAndReleasedByNamingHowMany() {
		Answered none = get("/api/v1/clusters/" + this.cluster + "/held-deletes");
		assertThat(none.status()).as(none.text()).isEqualTo(200);
		assertThat(none.json().get("held").asBoolean()).isFalse();
		assertThat(none.json().get("maxDeletes").asInt()).isEqualTo(50);
		assertThat(none.json().get("maxDeletePercent").asInt()).isEqualTo(20);
		Answered released = send("POST", "/api/v1/clusters/" + this.cluster + "/held-deletes/release",
				"{\"revision\": 4711, \"deletes\": 350}");
		assertThat(released.status()).isEqualTo(409);
		assertThat(released.errors()).containsExactly(" OTHER_FINDING");
		assertThat(get("/api/v1/clusters/nowhere/held-deletes").status()).isEqualTo(404);
		Answered limit = put("/api/v1/clusters/" + this.cluster,
				"spec: {mesh: istio, connection: {sandbox: {}}, safety: {maxDeletes: 3, maxDeletePercent: 101}}");
		assertThat(limit.status()).as(limit.text()).isEqualTo(422);
		assertThat(limit.text()).contains("/spec/safety/maxDeletePercent");
	}

	private Answered adopt(String body) {
		return send("POST", "/api/v1/clusters/" + this.cluster + "/adopt", body, "Content-Type", "application/yaml");
	}

}
