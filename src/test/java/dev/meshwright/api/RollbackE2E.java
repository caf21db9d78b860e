package dev.meshwright.api;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Going back to an earlier revision, over HTTP. */
class RollbackE2E extends ServedApi {

	private static final String SERVICE = """
			spec:
			  ports: [{name: http, port: 80, protocol: HTTP}]
			  versions: [{name: v1, workload: {image: "example/app:1"}}]
			""";

	private static final String POLICY = "spec: {service: web, rules: [{name: all, split: [{service: reviews}]}]}";

	private final String ns = fresh("back");

	private final String base = "/api/v1/namespaces/" + this.ns;

	private final String web = this.base + "/services/web";

	private final String policy = this.base + "/routing-policies/web";

	private long good;

	@BeforeEach
	void declare() {
		put(this.base, "spec: {placement: {clusters: []}}");
		put(this.web, SERVICE);
		put(this.base + "/services/reviews", SERVICE);
		this.good = put(this.policy, POLICY).json().at("/metadata/revision").longValue();
		assertThat(this.good).isPositive();
	}

	@Test
	void oneResourceIsAsItWas() {
		put(this.web, SERVICE.replace("app:1", "app:2"));
		long before = newest();
		String request = "--- {to: " + this.good + ", scope: {resource: {kind: Service, namespace: " + this.ns
				+ ", name: web}}}";
		Answered dry = send("POST", "/api/v1/rollbacks?dryRun=true", request);
		assertThat(dry.status()).as(dry.text()).isEqualTo(200);
		assertThat(dry.json().at("/differences/0/fields").toString()).isEqualTo(
				"[{\"pointer\":\"/spec/versions/0/workload/image\",\"from\":\"example/app:2\",\"to\":\"example/app:1\"}]");
		assertThat(newest()).isEqualTo(before);

		Answered done = send("POST", "/api/v1/rollbacks", request);
		assertThat(done.status()).as(done.text()).isEqualTo(200);
		long revision = done.json().get("revision").longValue();
		assertThat(committed()).startsWith(revision, before);
		assertThat(done.json().at("/items/0/outcome").asString()).isEqualTo("updated");
		assertThat(done.json().has("differences")).isFalse();
		assertThat(get(this.web).json().at("/spec"))
			.isEqualTo(get(this.web + "?revision=" + this.good).json().at("/spec"));
		assertThat(get(this.web).json().at("/metadata/generation").intValue()).isEqualTo(3);
		assertThat(get("/api/v1/revisions/" + revision).json().get("message").asString())
			.isEqualTo("Roll back Service/" + this.ns + "/web to revision " + this.good);
		assertThat(get("/api/v1/audit-events?limit=1").json().at("/items/0/action").asString())
			.isEqualTo("POST /api/v1/rollbacks");

		Answered nothing = send("POST", "/api/v1/rollbacks", request);
		assertThat(nothing.json().get("items")).isEmpty();
		assertThat(nothing.json().get("revision").longValue()).isGreaterThanOrEqualTo(revision);
		assertThat(newest()).isEqualTo(revision);
	}

	@Test
	void aNamespaceLosesWhatCameAndGetsBackWhatWent() {
		String uid = get(this.policy).json().at("/metadata/uid").asString();
		send("DELETE", this.policy, "");
		put(this.base + "/services/extra", SERVICE);
		put(this.base, "spec: {owner: others, placement: {clusters: []}}");
		String key = fresh("key");
		String request = "{\"to\": " + this.good + ", \"scope\": {\"namespace\": \"" + this.ns
				+ "\"}, \"message\": \"Back to what worked\"}";
		Answered done = send("POST", "/api/v1/rollbacks", request, "Idempotency-Key", key, "Prefer", "wait=1");
		assertThat(done.status()).as(done.text()).isIn(200, 202);
		assertThat(done.header("Preference-Applied")).isEqualTo("wait=1");
		Answered again = send("POST", "/api/v1/rollbacks", request, "Idempotency-Key", key);
		assertThat(again.text()).isEqualTo(done.text());
		assertThat(again.header("Preference-Applied")).isEqualTo("wait=1");
		assertThat(again.header("Cache-Control")).isEqualTo("no-store");
		assertThat(get(this.policy).json().at("/metadata/generation").intValue()).isOne();
		assertThat(get(this.policy).json().at("/metadata/uid").asString()).isNotEqualTo(uid);
		assertThat(get(this.base + "/services?revision=" + newest()).json().get("items")).hasSize(2);
		assertThat(get(this.base).json().at("/spec/owner").asString()).as("the Namespace is not in itself")
			.isEqualTo("others");
		assertThat(get("/api/v1/revisions/" + done.json().get("revision").asString()).json().get("message").asString())
			.isEqualTo("Back to what worked");
	}

	@Test
	void whatIsWrongNowIsRefused() {
		send("DELETE", this.policy, "");
		send("DELETE", this.base + "/services/reviews", "");
		Answered refused = send("POST", "/api/v1/rollbacks", "--- {to: " + this.good
				+ ", scope: {resource: {kind: RoutingPolicy, namespace: " + this.ns + ", name: web}}}");
		assertThat(refused.status()).as(refused.text()).isEqualTo(422);
		assertThat(refused.errors()).containsExactly("/spec/rules/0/split/0/service SERVICE_NOT_FOUND");
		assertThat(refused.json().at("/errors/0/resource").asString()).isEqualTo("RoutingPolicy/" + this.ns + "/web");
		assertThat(get(this.policy + "?revision=" + newest()).status()).isEqualTo(404);
	}

	@Test
	void whoLookedAtARevisionLosesNothingThatCameAfterIt() {
		put(this.web, SERVICE.replace("app:1", "app:2"));
		long seen = newest();
		put(this.web, SERVICE.replace("app:1", "app:3"));
		String scope = ", scope: {namespace: " + this.ns + "}}";
		Answered refused = send("POST", "/api/v1/rollbacks", "--- {to: " + this.good + ", base: " + seen + scope);
		assertThat(refused.status()).isEqualTo(409);
		assertThat(refused.errors()).containsExactly(" CHANGED_SINCE");
		assertThat(refused.json().at("/errors/0/resource").asString()).isEqualTo("Service/" + this.ns + "/web");
		assertThat(refused.json().get("detail").asString()).contains("by revision " + (seen + 1));
		assertThat(
				send("POST", "/api/v1/rollbacks", "--- {to: " + this.good + ", base: " + (seen + 1) + scope).status())
			.isEqualTo(200);
	}

	@Test
	void whereAPreconditionIsNeededSoIsABase() {
		put(this.base, "spec: {requirePreconditions: true, placement: {clusters: []}}");
		assertThat(send("DELETE", this.policy, "", "If-Match", "*").status()).isEqualTo(202);
		String scope = ", scope: {namespace: " + this.ns + "}}";
		Answered refused = send("POST", "/api/v1/rollbacks", "--- {to: " + this.good + scope);
		assertThat(refused.status()).as(refused.text()).isEqualTo(428);
		assertThat(refused.errors()).containsExactly(" PRECONDITION_REQUIRED");
		Answered dry = send("POST", "/api/v1/rollbacks?dryRun=true", "--- {to: " + this.good + scope);
		assertThat(dry.status()).as(dry.text()).isEqualTo(200);
		long looked = dry.json().get("revision").longValue();
		assertThat(send("POST", "/api/v1/rollbacks", "--- {to: " + this.good + ", base: " + looked + scope).status())
			.isEqualTo(200);
	}

	@Test
	void aChangeSetIsUndoneAsAWhole() {
		Answered set = send("POST", "/api/v1/change-sets",
				"kind: Service\nmetadata: {namespace: " + this.ns + ", name: web}\n" + SERVICE.replace("app:1", "app:2")
						+ "---\nkind: Service\nmetadata: {namespace: " + this.ns + ", name: extra}\n" + SERVICE
						+ "---\nkind: ChangeSet\ndelete:\n- {kind: RoutingPolicy, " + "metadata: {namespace: " + this.ns
						+ ", name: web}}\n");
		assertThat(set.status()).as(set.text()).isEqualTo(200);
		String undo = "/api/v1/revisions/" + set.json().get("revision").asString() + "/undo";
		Answered dry = send("POST", undo + "?dryRun=true", "");
		assertThat(dry.status()).as(dry.text()).isEqualTo(200);
		assertThat(dry.json().get("differences")).hasSize(3);
		Answered done = send("POST", undo, "");
		assertThat(done.status()).as(done.text()).isEqualTo(200);
		assertThat(done.json().get("items").valueStream()).extracting((item) -> item.get("outcome").asString())
			.containsExactlyInAnyOrder("updated", "deleted", "created");
		assertThat(get("/api/v1/revisions/" + this.good + "/diff?to=" + newest() + "&namespace=" + this.ns).json()
			.get("items")).isEmpty();

		Answered again = send("POST", undo, "--- {message: once more}");
		assertThat(again.status()).isEqualTo(409);
		assertThat(again.errors()).containsExactly(" CHANGED_SINCE", " CHANGED_SINCE", " CHANGED_SINCE");
		Answered redone = send("POST", "/api/v1/revisions/" + newest() + "/undo", "--- {message: It was right}");
		assertThat(redone.status()).as(redone.text()).isEqualTo(200);
		assertThat(get("/api/v1/revisions/" + newest()).json().get("message").asString()).isEqualTo("It was right");
		assertThat(get(this.web).json().at("/spec/versions/0/workload/image").asString()).isEqualTo("example/app:2");
	}

	@Test
	void everythingGoesBackForAnAdministratorOnly() {
		put(this.base + "/services/extra", SERVICE);
		Answered dry = send("POST", "/api/v1/rollbacks?dryRun=true",
				"--- {to: " + this.good + ", base: " + newest() + ", scope: {everything: true}}");
		assertThat(dry.status()).as(dry.text()).isEqualTo(200);
		assertThat(dry.json().at("/differences/0/resource/name").asString()).isEqualTo("extra");
		assertThat(dry.json().at("/items/0/outcome").asString()).isEqualTo("deleted");
	}

	@Test
	void whatIsAskedForWronglyIsSaidAtItsPlace() {
		assertThat(send("POST", "/api/v1/rollbacks", "{\"to\": \"x\", \"scpe\": {}}").errors())
			.containsExactlyInAnyOrder("/scpe UNKNOWN_FIELD", "/to WRONG_TYPE", "/scope REQUIRED");
		assertThat(send("POST", "/api/v1/rollbacks", "--- {to: 0, scope: {}}").errors())
			.containsExactlyInAnyOrder("/scope CONTRADICTION", "/to OUT_OF_RANGE");
		assertThat(send("POST", "/api/v1/rollbacks",
				"--- {to: 1, scope: {namespace: A, resource: {kind: Service, name: web}}}")
			.errors()).containsExactlyInAnyOrder("/scope CONTRADICTION", "/scope/namespace INVALID_NAME",
					"/scope/resource/namespace INVALID_NAME");
		assertThat(send("POST", "/api/v1/rollbacks", "--- {to: 1, scope: {resource: {kind: Pod, name: web}}}").errors())
			.containsExactly("/scope/resource/kind UNKNOWN_VALUE");
		Answered future = send("POST", "/api/v1/rollbacks", "--- {to: 999999999, scope: {namespace: a}}");
		assertThat(future.status()).isEqualTo(404);
		assertThat(future.errors()).containsExactly("/to NO_SUCH_REVISION");
		assertThat(send("POST", "/api/v1/rollbacks", "--- {to: 1, base: 999999999, scope: {namespace: a}}").errors())
			.containsExactly("/base NO_SUCH_REVISION");
		assertThat(send("POST", "/api/v1/revisions/999999999/undo", "").status()).isEqualTo(404);
		assertThat(send("POST", "/api/v1/revisions/1/undo", "--- {why: x}").errors())
			.containsExactly("/why UNKNOWN_FIELD");
	}

}
