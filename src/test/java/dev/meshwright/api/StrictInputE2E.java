package dev.meshwright.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever stands in a path, a query or a header: a problem that says what is wrong. */
class StrictInputE2E extends ServedApi {

	private static final String SERVICE = """
			spec: {ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, workload: {image: a}}]}""";

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "GET|/api/v1/services?labelselector=a|labelSelector",
					"GET|/api/v1/services?limit=1&fields=a&x=y|condition, continue, labelSelector, limit",
					"PUT|/api/v1/namespaces/NS/services/a?dryrun=true|dryRun",
					"DELETE|/api/v1/namespaces/NS/services/a?dry_run=true|dryRun, orphan",
					"GET|/api/v1/namespaces/NS/services/a?x=1|known are revision",
					"GET|/api/v1/revisions/1?x=1|there are none here", "GET|/api/v1/revisions?limt=1|before, limit",
					"GET|/api/v1/audit-events?x=|before, limit",
					"GET|/api/v1/namespaces/NS/services/a/manifests?clster=a|cluster",
					"POST|/api/v1/change-sets?dry=true|dryRun" })
	void anUnknownParameterIsRefusedAndTheKnownOnesAreNamed(String method, String path, String known) {
		String namespace = namespace();
		long before = newest();
		Answered answered = send(method, path.replace("NS", namespace),
				method.equals("GET") || method.equals("DELETE") ? "" : SERVICE);
		assertProblem(answered, 400);
		assertThat(answered.errors()).first().isEqualTo(" UNKNOWN_PARAMETER");
		assertThat(answered.json().at("/errors/0/message").asString()).contains(known);
		assertThat(newest()).isEqualTo(before);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "limit=0|limit must be 1 to 500, not 0",
			"limit=-1|limit must be 1 to 500, not -1", "limit=501|limit must be 1 to 500",
			"limit=many|limit must be a whole number, not \"many\"", "limit=99999999999|limit must be a whole number",
			"limit=1&limit=2|limit is given twice", "labelSelector=a%00b|labelSelector has control characters",
			"labelSelector=a%0Ab|labelSelector has control characters", "labelSelector=%3D|labelSelector",
			"continue=%00|continue has control characters", "continue=x|continue", "continue=YQBi|continue",
			"condition=%00|condition has control characters", "condition=Ready|condition must be a type and a status" })
	void aParameterThatIsNoneIsRefused(String query, String message) {
		Answered answered = get("/api/v1/services?" + query);
		assertProblem(answered, 400);
		assertThat(answered.json().get("detail").asString()).contains(message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "PUT|services/a?dryRun|write dryRun=true or leave it out",
			"PUT|services/b?dryRun=|write dryRun=true or leave it out",
			"PATCH|services/a?dryRun=%20|write dryRun=true or leave it out",
			"DELETE|services/a?dryRun|write dryRun=true or leave it out",
			"DELETE|services/a?orphan=|write orphan=true or leave it out", "GET|services/a?revision=|give it one",
			"GET|services?revision|give it one", "GET|services?limit=|give it one",
			"GET|services?continue=|give it one", "GET|services/a/manifests?cluster=|give it one" })
	void aParameterWithoutAValueIsNotTakenForItsDefault(String method, String path, String mend) {
		String namespace = "/api/v1/namespaces/" + namespace();
		assertThat(put(namespace + "/services/a", SERVICE).status()).isEqualTo(201);
		long before = newest();
		Answered answered = send(method, namespace + "/" + path, method.startsWith("P") ? SERVICE.strip() : "",
				"Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/yaml");
		assertProblem(answered, 400);
		assertThat(answered.errors()).containsExactly(" INVALID_PARAMETER");
		assertThat(answered.json().at("/errors/0/message").asString()).contains("has no value; " + mend);
		assertThat(newest()).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/change-sets?dryRun", "/api/v1/rollbacks?dryRun=",
			"/api/v1/revisions/1/undo?dryRun", "/api/v1/namespaces/a/services/a/adopt?dryRun" })
	void whatIsPostedIsNotWrittenForADryRunWithoutAValue(String path) {
		assertThat(send("POST", path, "{}").errors()).containsExactly(" INVALID_PARAMETER");
	}

	@Test
	void revisionsAndAuditEventsAreNotReadFromTheNewestForWantOfAValue() {
		assertThat(get("/api/v1/revisions?before=").errors()).containsExactly(" INVALID_PARAMETER");
		assertThat(get("/api/v1/audit-events?before").errors()).containsExactly(" INVALID_PARAMETER");
		assertThat(get("/api/v1/revisions/1/diff?to=&namespace=").errors()).containsExactly(" INVALID_PARAMETER",
				" INVALID_PARAMETER");
	}

	@Test
	void aFilterWhoseDefaultIsEmptyMayBeEmpty() {
		String namespace = "/api/v1/namespaces/" + namespace();
		assertThat(put(namespace + "/services/a", SERVICE).status()).isEqualTo(201);
		Answered listed = get(namespace + "/services?labelSelector=&condition=");
		assertThat(listed.status()).as(listed.text()).isEqualTo(200);
		assertThat(listed.json().get("items")).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/namespaces/a/services/a%0Ab", "/api/v1/namespaces/a/services/%C3%A4",
			"/api/v1/clusters/a%7F", "/api/v1/namespaces/%20", "/api/v1/revisions/-x",
			"/api/v1/namespaces/a/services/a%0D%0A/manifests", "/api/v1/revisions/99999999999999999999" })
	void aPathWithAnythingStrangeIsRefused(String path) {
		assertProblem(get(path), 400);
	}

	/** The container itself refuses these, before anything of ours is reached. */
	@ParameterizedTest
	@ValueSource(strings = { "/api/v1/namespaces/a%00b/services/a", "/api/v1/revisions/1%00",
			"/api/v1/namespaces/a/services/a%5Cb" })
	void aPathThatNoUriHasIsRefused(String path) {
		Answered answered = get(path);
		assertThat(answered.status()).isEqualTo(400);
		assertThat(answered.text()).doesNotContain("Exception", "org.apache");
	}

	@Test
	void aHeaderThatIsNoneIsRefused() {
		String body = "{\"items\":[]}";
		for (String key : new String[] { "x".repeat(256), "a b", "\t", "é" }) {
			assertProblem(send("POST", "/api/v1/change-sets", body, "Idempotency-Key", key), 400);
		}
		for (String id : new String[] { "-1", "1e3", "9".repeat(19), "1 2" }) {
			assertProblem(get("/api/v1/events", "Last-Event-ID", id), 400);
		}
		String path = "/api/v1/namespaces/" + namespace();
		put(path + "/services/a", SERVICE);
		for (String tag : new String[] { "42", "\"", "\"a\" \"b\"" }) {
			assertProblem(put(path + "/services/a", SERVICE, "If-Match", tag), 400);
		}
		assertThat(put(path + "/services/a", SERVICE, "Prefer", "wait=x, wait=99999, respond-async").status())
			.isEqualTo(200);
	}

	@Test
	void hugeHeadersAndBrokenRequestsAreRefusedAndTheServiceGoesOn() throws IOException {
		assertThat(get("/api/v1/services", "Last-Event-ID", "9".repeat(100_000)).status()).isBetween(400, 431);
		for (String head : new String[] { "GET /api/v1/services HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n",
				"GET /api/v1/services%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\u0001 HTTP/1.1\r\nHost: a\r\n\r\n",
				"GET /api/v1/services?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n" }) {
			assertThat(raw(head)).as(head).matches("(?s)HTTP/1.1 4(00|01).*");
		}
		assertThat(get("/api/v1/services?limit=1").status()).isEqualTo(200);
	}

	@Test
	void everyProblemSaysWhereItHappened() {
		String path = "/api/v1/namespaces/" + namespace() + "/services/a";
		Answered answered = put(path + "?dryRun=false", "spec: {prots: 1}");
		assertProblem(answered, 400);
		assertThat(answered.json().get("instance").asString()).isEqualTo(path);
		assertThat(answered.json().get("title").asString()).isEqualTo("Bad Request");
		assertThat(get("/api/v1/nothing").json().get("instance").asString()).isEqualTo("/api/v1/nothing");
		assertThat(get("/api/v1/a;b").json().get("instance").asString()).isEqualTo("/api/v1/a;b");
		this.token = "";
		assertThat(get("/api/v1/services").json().get("instance").asString()).isEqualTo("/api/v1/services");
	}

	private String raw(String head) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port); InputStream in = socket.getInputStream()) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
			byte[] start = in.readNBytes(12);
			return new String(start, StandardCharsets.ISO_8859_1);
		}
	}

	private static void assertProblem(Answered answered, int status) {
		assertThat(answered.status()).as(answered.text()).isEqualTo(status);
		assertThat(answered.header("Content-Type")).startsWith("application/problem+json");
		assertThat(answered.json().get("type").asString()).isEqualTo("about:blank");
		assertThat(answered.json().get("status").intValue()).isEqualTo(status);
		assertThat(answered.json().get("title").asString()).isNotBlank();
		assertThat(answered.json().get("detail").asString()).isNotBlank();
		assertThat(answered.json().get("instance").asString()).startsWith("/");
		assertThat(answered.json().get("errors")).isNotEmpty()
			.allMatch((error) -> !error.get("code").asString().isBlank() && !error.get("message").asString().isBlank());
	}

}
