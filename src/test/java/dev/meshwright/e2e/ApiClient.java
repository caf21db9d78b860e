package dev.meshwright.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Speaks to a running Meshwright as a user's script would. */
public final class ApiClient {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final HttpClient http = HttpClient.newHttpClient();

	private final URI base;

	private final String token;

	public ApiClient(URI base, String token) {
		this.base = base;
		this.token = token;
	}

	public Answer get(String path) {
		return send("GET", path, "", "application/json");
	}

	public Answer put(String path, String json, String... headers) {
		return send("PUT", path, json, "application/json", headers);
	}

	public Answer patch(String path, String mergePatch) {
		return send("PATCH", path, mergePatch, "application/merge-patch+json");
	}

	public Answer delete(String path, String... headers) {
		return send("DELETE", path, "", "application/json", headers);
	}

	/** Sends a change set as multi-document YAML. */
	public Answer changeSet(String yaml) {
		return send("POST", "/api/v1/change-sets", yaml, "application/yaml");
	}

	public Answer send(String method, String path, String body, String contentType, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.base.resolve(path))
			.method(method,
					body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
			.header("Authorization", "Bearer " + this.token)
			.header("Content-Type", contentType)
			.timeout(Duration.ofSeconds(60));
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		try {
			HttpResponse<String> response = this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
			boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
			return new Answer(response.statusCode(), json ? JSON.readTree(response.body()) : MissingNode.getInstance(),
					response.body());
		}
		catch (IOException ex) {
			throw new IllegalStateException(method + " " + path, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** The lines of an answer that has no end, as they come; closing it hangs up. */
	public Stream<String> follow(String path) {
		HttpRequest request = HttpRequest.newBuilder(this.base.resolve(path))
			.header("Authorization", "Bearer " + this.token)
			.build();
		return this.http.sendAsync(request, HttpResponse.BodyHandlers.ofLines()).join().body();
	}

	/**
	 * Waits until a condition of a resource has a status, and returns the condition.
	 * @param path the resource's path
	 * @param type the condition's type
	 * @param status the status waited for
	 */
	public JsonNode awaitCondition(String path, String type, String status) {
		return await(path, type, (condition) -> condition.path("status").asString("").equals(status));
	}

	public JsonNode awaitReason(String path, String type, String reason) {
		return await(path, type, (condition) -> condition.path("reason").asString("").equals(reason));
	}

	private JsonNode await(String path, String type, java.util.function.Predicate<JsonNode> wanted) {
		JsonNode last = MissingNode.getInstance();
		long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		while (System.nanoTime() < end) {
			last = get(path).body();
			long generation = last.path("metadata").path("generation").asLong(0);
			for (JsonNode condition : last.path("status").path("conditions")) {
				if (condition.path("type").asString("").equals(type) && wanted.test(condition)
						&& condition.path("observedGeneration").asLong(-1) == generation) {
					return condition;
				}
			}
			try {
				Thread.sleep(50);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}
		throw new AssertionError(path + " never had the wanted " + type + "; last: " + last.toPrettyString());
	}

	/**
	 * What came back.
	 *
	 * @param status the HTTP status
	 * @param body the body as JSON, missing when it is none
	 * @param text the body as text
	 */
	public record Answer(int status, JsonNode body, String text) {
	}

}
