package dev.meshwright.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.Function;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfigBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers the reviews that an API server asks its admission webhooks for. */
final class AdmissionServer implements AutoCloseable {

	private final LoopbackTls tls = LoopbackTls.create();

	private final HttpsServer server;

	private final Function<JsonNode, String> verdict;

	/**
	 * Starts it.
	 * @param verdict makes the fields of a response, as JSON without its braces, from the
	 * request of a review
	 */
	AdmissionServer(Function<JsonNode, String> verdict) {
		this.verdict = verdict;
		try {
			this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		this.server.setHttpsConfigurator(new HttpsConfigurator(this.tls.serverContext()));
		this.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		this.server.createContext("/", this::review);
		this.server.start();
	}

	/** How the API server reaches it. */
	WebhookClientConfig reachedAt() {
		return new WebhookClientConfigBuilder().withUrl("https://127.0.0.1:" + this.server.getAddress().getPort() + "/")
			.withCaBundle(this.tls.caBundle())
			.build();
	}

	private void review(HttpExchange exchange) throws IOException {
		try (exchange) {
			JsonNode request = JsonMapper.shared().readTree(exchange.getRequestBody()).path("request");
			String answer = """
					{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
					 "response": {"uid": "%s", %s}}
					""".formatted(request.path("uid").asString(), this.verdict.apply(request));
			byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, bytes.length);
			exchange.getResponseBody().write(bytes);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
