package dev.meshwright.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * An HTTP server on the loopback that answers as a test says: for what a real API server
 * does only in trouble.
 */
final class FakeApi implements AutoCloseable {

	private final HttpServer server;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final List<String> authorizations = new CopyOnWriteArrayList<>();

	/** Answers one request. */
	interface Handler {

		void handle(HttpExchange exchange) throws IOException;

	}

	FakeApi(Handler handler) throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		this.server.createContext("/", (exchange) -> {
			URI uri = exchange.getRequestURI();
			this.requests.add(exchange.getRequestMethod() + " " + uri);
			this.authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
			exchange.getRequestBody().readAllBytes();
			handler.handle(exchange);
			exchange.close();
		});
		this.server.start();
	}

	static void answer(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, bytes.length);
		exchange.getResponseBody().write(bytes);
	}

	String address() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	ClusterGateway gateway(Duration timeout) {
		ApiAccess access = new ApiAccess(address(), null, null, null, "the-token", null, null, null);
		return new Fabric8Gateway(DirectHttpClients.open(access, timeout), Duration.ofSeconds(60), "meshwright");
	}

	/** Method and URI of each request so far. */
	List<String> requests() {
		return this.requests;
	}

	/** The Authorization header of each request so far. */
	List<String> authorizations() {
		return this.authorizations;
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
