package dev.meshwright.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.document.Documents;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.Tokens;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole application on a real Postgres, and a client for it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class ServedApi {

	private static final PostgresTestDatabase DATABASE = new PostgresTestDatabase();

	private static final String TESTER = "tester";

	private static final AtomicInteger NAMES = new AtomicInteger();

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	@LocalServerPort
	int port;

	@Autowired
	Tokens tokens;

	String token = "";

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", DATABASE::jdbcUrl);
		registry.add("spring.datasource.username", () -> PostgresTestDatabase.USER);
		registry.add("spring.datasource.password", DATABASE::password);
	}

	@BeforeEach
	void token() {
		this.token = this.tokens.issue(TESTER, "admin");
	}

	/** A name that no other test uses. */
	static String fresh(String prefix) {
		return prefix + "-" + NAMES.incrementAndGet();
	}

	Answered get(String path, String... headers) {
		return send("GET", path, "", headers);
	}

	Answered put(String path, String body, String... headers) {
		return send("PUT", path, body, headers);
	}

	/** Sends a request; a body is JSON when it begins like it, otherwise YAML. */
	Answered send(String method, String path, String body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path));
		if (!this.token.isEmpty()) {
			request.header("Authorization", "Bearer " + this.token);
		}
		boolean typed = false;
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
			typed |= headers[i].equals("Content-Type");
		}
		if (!typed && !body.isEmpty()) {
			request.header("Content-Type", body.matches("(?s)\\s*[{\\[].*") ? "application/json" : "application/yaml");
		}
		return exchange(request
			.method(method,
					body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
			.build());
	}

	static Answered exchange(HttpRequest request) {
		try {
			return new Answered(HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray()));
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Declares a namespace that is placed nowhere. */
	String namespace() {
		String namespace = fresh("ns");
		Answered answered = put("/api/v1/namespaces/" + namespace, "spec: {owner: team, placement: {clusters: []}}");
		if (answered.status() != 201) {
			throw new AssertionError(answered.text());
		}
		return namespace;
	}

	/** The newest of {@link #committed}. */
	long newest() {
		return committed().getFirst();
	}

	/**
	 * The revisions that tests committed, and no controller, newest first: an override of
	 * another test may expire at any time.
	 */
	java.util.List<Long> committed() {
		return get("/api/v1/revisions?limit=100").json()
			.get("items")
			.valueStream()
			.filter((each) -> each.get("author").asString().equals(TESTER))
			.map((each) -> each.get("revision").longValue())
			.toList();
	}

	record Answered(HttpResponse<byte[]> response) {

		int status() {
			return this.response.statusCode();
		}

		String text() {
			return new String(this.response.body(), StandardCharsets.UTF_8);
		}

		JsonNode json() {
			return Documents.json(this.response.body());
		}

		String header(String name) {
			return String.join(", ", this.response.headers().allValues(name));
		}

		/** The code and pointer of every error. */
		java.util.List<String> errors() {
			return json().get("errors")
				.valueStream()
				.map((error) -> error.get("pointer").stringValue() + " " + error.get("code").stringValue())
				.toList();
		}

	}

}
