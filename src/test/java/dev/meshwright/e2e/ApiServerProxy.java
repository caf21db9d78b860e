package dev.meshwright.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;

/**
 * Stands between Meshwright and the real API server: writes down every request, and lets
 * a test do something before a request is passed on or before its answer is given back,
 * such as killing the process that sent it.
 */
final class ApiServerProxy implements AutoCloseable {

	private static final Set<String> HOP_BY_HOP = Set.of("connection", "host", "content-length", "expect", "upgrade",
			"http2-settings", "authorization", "transfer-encoding");

	private final LoopbackTls tls = LoopbackTls.create();

	private final HttpsServer server;

	private final HttpClient upstream;

	private final URI target;

	private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

	private volatile Consumer<Seen> before = (request) -> {
	};

	private volatile Consumer<Seen> after = (request) -> {
	};

	ApiServerProxy(String adminKubeconfig) {
		try {
			Config config = Config.fromKubeconfig(adminKubeconfig);
			this.target = URI.create(config.getMasterUrl());
			this.upstream = HttpClient.newBuilder().sslContext(SSLUtils.sslContext(config)).build();
			this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
			this.server.setHttpsConfigurator(new HttpsConfigurator(this.tls.serverContext()));
			this.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
			this.server.createContext("/", this::handle);
			this.server.start();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A kubeconfig that leads to this proxy, which speaks to the API server as its
	 * administrator.
	 */
	String kubeconfig() {
		return """
				apiVersion: v1
				kind: Config
				current-context: admin
				clusters:
				- name: proxied
				  cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}
				users:
				- name: proxied
				  user: {token: through-the-proxy}
				contexts:
				- name: admin
				  context: {cluster: proxied, user: proxied}
				""".formatted(this.server.getAddress().getPort(), this.tls.caBundle());
	}

	/**
	 * What is done before a request is passed on; the request has no effect when it does
	 * not return.
	 */
	void before(Consumer<Seen> action) {
		this.before = action;
	}

	/** What is done when the API server has answered, before the answer is given back. */
	void after(Consumer<Seen> action) {
		this.after = action;
	}

	/** Every request so far that may have changed something. */
	List<Seen> mutations() {
		return this.seen.stream().filter(Seen::mutates).toList();
	}

	/** Whether objects of a kind were read since the last {@link #forget}. */
	boolean reads(String plural) {
		return this.seen.stream().anyMatch((request) -> !request.mutates() && request.path().contains("/" + plural));
	}

	void forget() {
		this.seen.clear();
	}

	private void handle(HttpExchange exchange) throws IOException {
		Seen request = new Seen(exchange.getRequestMethod(), exchange.getRequestURI().toString());
		this.seen.add(request);
		try (exchange) {
			byte[] body = exchange.getRequestBody().readAllBytes();
			this.before.accept(request);
			HttpRequest.Builder outgoing = HttpRequest.newBuilder(this.target.resolve(request.path()))
				.method(request.method(), HttpRequest.BodyPublishers.ofByteArray(body));
			exchange.getRequestHeaders().forEach((name, values) -> {
				if (!HOP_BY_HOP.contains(name.toLowerCase())) {
					values.forEach((value) -> outgoing.header(name, value));
				}
			});
			HttpResponse<byte[]> answer = this.upstream.send(outgoing.build(), HttpResponse.BodyHandlers.ofByteArray());
			this.after.accept(request);
			answer.headers()
				.firstValue("Content-Type")
				.ifPresent((type) -> exchange.getResponseHeaders().set("Content-Type", type));
			answer.headers()
				.firstValue("Retry-After")
				.ifPresent((after) -> exchange.getResponseHeaders().set("Retry-After", after));
			exchange.sendResponseHeaders(answer.statusCode(), (answer.body().length == 0) ? -1 : answer.body().length);
			exchange.getResponseBody().write(answer.body());
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.upstream.shutdownNow();
	}

	/**
	 * A request.
	 *
	 * @param method its method
	 * @param path its path and query
	 */
	record Seen(String method, String path) {

		boolean mutates() {
			return !this.method.equals("GET") && !this.path.contains("dryRun=All");
		}

	}

}
