package dev.meshwright.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class BadInputE2E extends ServedApi {

	private static final String PORTS = "ports: [{name: http, port: 80, protocol: HTTP}]";

	private static final String SERVICE = "spec: {" + PORTS + ", versions: [{name: v1, workload: {image: a}}]}";

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void isRefusedWithTheRightStatusAndStoresNothing(String what, int status, String kind, String name, String body) {
		String namespace = namespace();
		put("/api/v1/namespaces/" + namespace + "/services/there", SERVICE);
		long before = newest();
		Answered answered = put("/api/v1/namespaces/" + namespace + "/" + kind + "/" + name,
				body.replace("NAMESPACE", namespace));
		assertThat(answered.status()).as(answered.text()).isEqualTo(status);
		assertProblem(answered);
		assertThat(newest()).isEqualTo(before);
	}

	static Stream<Arguments> isRefusedWithTheRightStatusAndStoresNothing() {
		String routing = "spec: {service: there, rules: [{name: a, %s}]}";
		return Stream.of(arguments("unknown field", 400, "services", "a", SERVICE.replace("versions", "version")),
				arguments("wrong type", 400, "services", "a", SERVICE.replace("80", "eighty")),
				arguments("text for a number", 400, "services", "a", SERVICE.replace("80", "'80'")),
				arguments("port too great", 422, "services", "a", SERVICE.replace("80", "70000")),
				arguments("duplicate port", 422, "services", "a",
						SERVICE.replace("[{name: http, port: 80, protocol: HTTP}]",
								"[{name: http, port: 80, protocol: HTTP}, {name: http, port: 80, protocol: HTTP}]")),
				arguments("name not RFC 1035", 422, "services", "1a", SERVICE),
				arguments("name not RFC 1123", 400, "services", "A_b", SERVICE),
				arguments("weight sum 0", 422, "routing-policies", "a",
						routing.formatted("split: [{version: v1, weight: 0}]")),
				arguments("negative duration", 422, "routing-policies", "a", routing.formatted("timeout: -1s")),
				arguments("malformed duration", 400, "routing-policies", "a", routing.formatted("timeout: soon")),
				arguments("lease of a selector", 422, "services", "a", SERVICE.replace("versions",
						"leases: [{object: {kind: Deployment}, fields: [.spec.selector], manager: x}], versions")),
				arguments("lease until a time that is none", 400, "services", "a",
						SERVICE.replace("versions",
								"leases: [{object: {kind: Deployment}, fields: [.spec.replicas], manager: x, "
										+ "expiresAt: tomorrow}], versions")),
				arguments("version that does not exist", 422, "routing-policies", "a",
						routing.formatted("split: [{version: v9}]")),
				arguments("host of another namespace", 422, "services", "a",
						SERVICE.replace("versions",
								"exposure: {hosts: [other.example.com], gateway: public}, versions")),
				arguments("alias bomb", 400, "services", "a",
						"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a]\nspec: [*b,*b,*b,*b]"),
				arguments("type tag", 400, "services", "a", "spec: !!java.net.URL [\"http://127.0.0.1\"]"),
				arguments("duplicate keys in YAML", 400, "services", "a", "spec: {ports: [], ports: []}"),
				arguments("duplicate keys in JSON", 400, "services", "a", "{\"spec\":{},\"spec\":{}}"),
				arguments("deep JSON", 400, "services", "a", "[".repeat(10_000) + "]".repeat(10_000)),
				arguments("deep YAML", 400, "services", "a", "spec: " + "[".repeat(10_000) + "]".repeat(10_000)),
				arguments("endless number", 400, "services", "a", "spec: 1e999999999"),
				arguments("NUL", 400, "services", "a", "{\"spec\":{\"serviceAccount\":\"a\\u0000\"}}"),
				arguments("another kind", 400, "services", "a", "kind: Cluster\n" + SERVICE),
				arguments("another name", 400, "services", "a", "metadata: {name: b}\n" + SERVICE),
				arguments("owner by label", 400, "services", "a",
						"metadata: {labels: {meshwright.dev/service: x}}\n" + SERVICE),
				arguments("no spec", 400, "services", "a", "metadata: {}"),
				arguments("not an object", 400, "services", "a", "[]"), arguments("empty", 400, "services", "a", " "),
				arguments("half a document", 400, "services", "a", "{\"spec\":"),
				arguments("two documents", 400, "services", "a", SERVICE + "\n---\n" + SERVICE),
				arguments("unknown kind", 404, "sevices", "a", SERVICE));
	}

	@Test
	void reservedNamespacesAreRefused() {
		for (String name : new String[] { "kube-system", "meshwright" }) {
			Answered answered = put("/api/v1/namespaces/" + name, "spec: {owner: me}");
			assertThat(answered.status()).as(answered.text()).isEqualTo(422);
			assertProblem(answered);
		}
	}

	@Test
	void saysEveryErrorAtOnce() {
		Answered answered = put("/api/v1/namespaces/" + namespace() + "/services/a",
				"sepc: 1\nmetadata: {labels: {k8s.io/x: a}}\nspec: {ports: [{name: 1}], exposure: {gatway: a}}");
		assertThat(answered.errors()).contains("/sepc UNKNOWN_FIELD", "/metadata/labels/k8s.io~1x RESERVED_KEY",
				"/spec/ports/0/name WRONG_TYPE", "/spec/ports/0/port REQUIRED", "/spec/exposure/gatway UNKNOWN_FIELD");
		assertThat(answered.text()).contains("did you mean spec?", "did you mean gateway?");
	}

	@Test
	void frameworkErrorsAreProblemsToo() {
		String path = "/api/v1/namespaces/" + namespace();
		Object[][] calls = { { 404, "GET", "/api/v1/nothing" }, { 404, "GET", "/nothing" }, { 405, "POST", path },
				{ 405, "DELETE", "/api/v1/services" }, { 405, "GET", "/api/v1/change-sets" },
				{ 404, "GET", "/api/v1/revisions/999999" }, { 400, "GET", "/api/v1/revisions/x" },
				{ 400, "GET", "/api/v1/events/../clusters/%00" } };
		for (Object[] call : calls) {
			Answered answered = send((String) call[1], (String) call[2], "");
			assertThat(answered.status()).as(call[2] + answered.text()).isEqualTo(call[0]);
		}
		assertProblem(get("/api/v1/nothing"));
		assertThat(get("/api/v1/nothing").text()).contains("routing-policies");
		assertThat(send("POST", path, "").header("Allow")).contains("GET");
		assertThat(put(path, "{}", "Content-Type", "text/plain").status()).isEqualTo(415);
		assertThat(put(path, "{}", "Content-Type", "multipart/form-data").status()).isEqualTo(415);
		assertThat(send("DELETE", path + "-not", "", "Content-Type", "multipart/form-data").status()).isEqualTo(404);
		assertThat(get(path, "Accept", "image/png").status()).isEqualTo(406);
		assertThat(get(path).header("Server")).isEmpty();
		assertThat(get(path).header("X-Content-Type-Options")).isEqualTo("nosniff");
	}

	@Test
	void tenMegabytesAreRefused() {
		String path = "/api/v1/namespaces/" + namespace() + "/services/a";
		Answered told = put(path, "{\"a\":\"" + "x".repeat(10_000_000) + "\"}");
		assertThat(told.status()).isEqualTo(413);
		assertProblem(told);
		byte[] body = ("{\"a\":\"" + "x".repeat(10_000_000) + "\"}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
		Answered chunked = exchange(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.header("Authorization", "Bearer " + this.token)
			.header("Content-Type", "application/json")
			.PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
			.build());
		assertThat(chunked.status()).isEqualTo(413);
	}

	@Test
	void noTokenAndWrongTokenAreRefused() {
		String right = this.token;
		for (String wrong : new String[] { "", "x".repeat(43), right + "x", "ä" }) {
			this.token = wrong;
			if (!wrong.equals("ä")) {
				Answered answered = get("/api/v1/services");
				assertThat(answered.status()).isEqualTo(401);
				assertThat(answered.header("WWW-Authenticate")).startsWith("Bearer");
				assertProblem(answered);
			}
		}
	}

	@Test
	void aPatchCannotGrowWithoutBounds() {
		String path = "/api/v1/namespaces/" + namespace();
		String type = "application/json-patch+json";
		StringBuilder doubling = new StringBuilder("[{\"op\":\"add\",\"path\":\"/spec/x\",\"value\":[1]}");
		StringBuilder deepening = new StringBuilder("[{\"op\":\"add\",\"path\":\"/spec/x\",\"value\":[[]]}");
		for (int i = 0; i < 60; i++) {
			doubling.append(",{\"op\":\"copy\",\"from\":\"/spec\",\"path\":\"/spec/y").append(i).append("\"}");
			deepening.append(",{\"op\":\"copy\",\"from\":\"/spec/x\",\"path\":\"/spec/x")
				.append("/0".repeat(i + 1))
				.append("\"}");
		}
		for (StringBuilder patch : new StringBuilder[] { doubling, deepening }) {
			Answered answered = send("PATCH", path, patch + "]", "Content-Type", type);
			assertThat(answered.status()).as(answered.text()).isEqualTo(422);
			assertThat(answered.text()).contains("PATCH_FAILED");
			assertProblem(answered);
		}
	}

	@Test
	void whatTheServerCannotReadIsAProblemToo() throws IOException {
		assertThat(rawly("GET /api/v1/services?limit=%% HTTP/1.1")).startsWith("HTTP/1.1 400 ")
			.contains("INVALID_PARAMETER");
		assertThat(rawly("GET /api/v1/services?%00=a HTTP/1.1")).startsWith("HTTP/1.1 400 ")
			.contains("INVALID_CHARACTER");
		assertThat(rawly("GET /api/v1/services HTTP/1.1\r\nAccept: a\u0001b")).startsWith("HTTP/1.1 400 ")
			.contains("application/problem+json");
		for (String line : new String[] { "GET /api%2fv1/services HTTP/1.1", "GET /../../etc/passwd HTTP/1.1",
				"GET //api/v1/services HTTP/1.1", "GET /api/v1/services;a=b HTTP/1.1", "GET /[ HTTP/1.1",
				"GET / HTTP/1.1\r\nX: " + "a".repeat(60_000), "FOO / HTTP/1.1", "nonsense" }) {
			String answer = rawly(line);
			assertThat(answer).as(line).startsWith("HTTP/1.1 400 ").contains("Content-Type: application/problem+json");
			assertThat(answer).doesNotContainIgnoringCase("<html", "tomcat", "at org.", "Server:");
		}
	}

	@Test
	void noOtherOriginAndNoForeignHostIsNamed() throws IOException {
		String answer = rawly("GET /api/v1/services HTTP/1.1\r\nOrigin: http://evil.example\r\nHost: evil.example");
		assertThat(answer).doesNotContain("evil.example", "Access-Control");
		assertThat(send("OPTIONS", "/api/v1/services", "").header("Allow")).contains("GET");
		this.token = "";
		assertThat(send("OPTIONS", "/api/v1/services", "").status()).isEqualTo(401);
		assertThat(get("/.well-known/oauth-protected-resource").status()).isEqualTo(401);
		assertThat(get("/").header("Location")).endsWith("/swagger-ui.html");
	}

	/**
	 * Sends a request line as it is, which no HTTP client would, and reads what comes.
	 */
	private String rawly(String line) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			String host = line.contains("Host:") ? "" : "\r\nHost: 127.0.0.1";
			socket.getOutputStream()
				.write((line + host + "\r\nAuthorization: Bearer " + this.token + "\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static void assertProblem(Answered answered) {
		assertThat(answered.header("Content-Type")).startsWith("application/problem+json");
		assertThat(answered.json().get("status").intValue()).isEqualTo(answered.status());
		assertThat(answered.json().get("errors")).isNotEmpty();
		assertThat(answered.json().at("/errors/0/message").stringValue()).isNotBlank();
		assertThat(answered.text()).doesNotContain("Exception", "dev.meshwright", "org.springframework",
				"tools.jackson");
	}

}
