package dev.meshwright.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import org.jspecify.annotations.Nullable;

/**
 * Stands between Meshwright and the real API server: writes down every request and what
 * came of it, lets a test do something before a request is passed on or before its answer
 * is given back, such as killing the process that sent it, and does to requests what the
 * network and an overloaded server do. Watches are passed on piece by piece.
 */
public final class ApiServerProxy implements AutoCloseable {

	private static final Set<String> HOP_BY_HOP = Set.of("connection", "host", "content-length", "expect", "upgrade",
			"http2-settings", "authorization", "transfer-encoding");

	private final LoopbackTls tls = LoopbackTls.create();

	private final HttpsServer server;

	private volatile HttpClient upstream;

	private volatile URI target;

	private final TrafficLog log = new TrafficLog();

	private volatile Consumer<Seen> before = (request) -> {
	};

	private volatile Consumer<Seen> after = (request) -> {
	};

	private volatile Function<Seen, Injected> faults = (request) -> Injected.NONE;

	private volatile @Nullable String impersonated;

	private final Set<HttpExchange> watches = ConcurrentHashMap.newKeySet();

	/** Watches of which nothing is passed on, and what ends that. */
	private final Map<HttpExchange, CountDownLatch> silenced = new ConcurrentHashMap<>();

	public ApiServerProxy(String adminKubeconfig) {
		try {
			leadTo(adminKubeconfig);
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
	public String kubeconfig() {
		return kubeconfig("through-the-proxy");
	}

	/**
	 * As {@link #kubeconfig()}, for one of several callers that are to be told apart.
	 * @param caller its name, which becomes {@link Seen#caller}
	 */
	public String kubeconfig(String caller) {
		return kubeconfig("token", caller);
	}

	/**
	 * As {@link #kubeconfig(String)}, for a caller whose name stands in a file that may
	 * change.
	 * @param file the file's name, in the directory of the kubeconfig
	 */
	public String kubeconfigWithTokenFile(String file) {
		return kubeconfig("tokenFile", file);
	}

	private String kubeconfig(String field, String value) {
		return """
				apiVersion: v1
				kind: Config
				current-context: admin
				clusters:
				- name: proxied
				  cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}
				users:
				- name: proxied
				  user: {%s: %s}
				contexts:
				- name: admin
				  context: {cluster: proxied, user: proxied}
				""".formatted(this.server.getAddress().getPort(), this.tls.caBundle(), field, value);
	}

	/**
	 * What is done before a request is passed on; the request has no effect when it does
	 * not return.
	 */
	public void before(Consumer<Seen> action) {
		this.before = action;
	}

	/** What is done when the API server has answered, before the answer is given back. */
	public void after(Consumer<Seen> action) {
		this.after = action;
	}

	/** Which fault each request meets from now on. */
	public void faults(Function<Seen, Injected> rule) {
		this.faults = rule;
	}

	/**
	 * Leads to another API server from now on, whose clients do not see that it is
	 * another one.
	 */
	public void leadTo(String adminKubeconfig) {
		Config config = Config.fromKubeconfig(adminKubeconfig);
		HttpClient before = this.upstream;
		try {
			// a connection for each request: none fails because of what others do
			this.upstream = HttpClient.newBuilder()
				.version(HttpClient.Version.HTTP_1_1)
				.sslContext(SSLUtils.sslContext(config))
				.build();
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
		this.target = URI.create(config.getMasterUrl());
		if (before != null) {
			before.shutdownNow();
		}
	}

	/** Lets every request pass from now on. */
	public void heal() {
		this.faults = (request) -> Injected.NONE;
		this.before = (request) -> {
		};
		this.after = (request) -> {
		};
		this.silenced.values().forEach(CountDownLatch::countDown);
		this.silenced.clear();
	}

	/**
	 * The API server sees this user from now on, with his rights; null for its
	 * administrator.
	 */
	public void impersonate(@Nullable String user) {
		this.impersonated = user;
	}

	/**
	 * Cuts the connection of every watch that is open.
	 * @return how many there were
	 */
	public int cutWatches() {
		List<HttpExchange> open = List.copyOf(this.watches);
		open.forEach((watch) -> {
			this.watches.remove(watch);
			watch.close();
		});
		return open.size();
	}

	/**
	 * Swallows from now on what the API server says on the watches that are open, also
	 * that they are over; their connections stay open until everything is healed.
	 * @return how many there were, those that were silenced before included
	 */
	public int silenceWatches() {
		List<HttpExchange> open = List.copyOf(this.watches);
		open.forEach((watch) -> this.silenced.computeIfAbsent(watch, (it) -> new CountDownLatch(1)));
		return open.size();
	}

	/** How many watches the API server has taken on that are not over. */
	public int openWatches() {
		return this.watches.size();
	}

	/** Everything that has passed, or has not. */
	public TrafficLog log() {
		return this.log;
	}

	/** Every request so far that may have changed something. */
	public List<Seen> mutations() {
		return this.log.exchanges().stream().map(TrafficLog.Exchange::seen).filter(Seen::mutates).toList();
	}

	/** Whether objects of a kind were read since the last {@link #forget}. */
	public boolean reads(String plural) {
		return this.log.exchanges()
			.stream()
			.map(TrafficLog.Exchange::seen)
			.anyMatch((request) -> !request.mutates() && request.path().contains("/" + plural));
	}

	public void forget() {
		this.log.clear();
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			byte[] body = exchange.getRequestBody().readAllBytes();
			String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
			Seen request = new Seen(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
					token.replaceFirst("^Bearer ", ""), body);
			Injected fault = this.faults.apply(request);
			TrafficLog.Exchange entry = this.log.begin(request, fault);
			try {
				this.before.accept(request);
				meet(exchange, entry, fault);
			}
			catch (IOException | RuntimeException ex) {
				entry.failed(ex);
				throw ex;
			}
			finally {
				entry.end();
			}
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void meet(HttpExchange exchange, TrafficLog.Exchange entry, Injected fault)
			throws IOException, InterruptedException {
		switch (fault) {
			case Injected.CutBefore _ -> {
				return;
			}
			case Injected.Answer answer -> {
				InjectedAnswers.refuse(exchange, answer);
				return;
			}
			case Injected.Gone _ -> {
				InjectedAnswers.gone(exchange);
				return;
			}
			case Injected.EndCleanly _ -> {
				InjectedAnswers.endCleanly(exchange);
				return;
			}
			case Injected.Delay delay -> Thread.sleep(delay.time());
			case Injected.Hold hold -> hold.until().await();
			case Injected.None _, Injected.CutAfter _, Injected.CutBody _ -> {
			}
		}
		if (entry.seen().watches()) {
			stream(exchange, entry);
			return;
		}
		HttpResponse<byte[]> answer = this.upstream.send(outgoing(exchange, entry.seen()),
				HttpResponse.BodyHandlers.ofByteArray());
		entry.answered(answer.statusCode(), answer.body());
		this.after.accept(entry.seen());
		if (fault instanceof Injected.CutAfter) {
			return;
		}
		copyHeaders(answer, exchange);
		byte[] bytes = answer.body();
		exchange.sendResponseHeaders(answer.statusCode(), (bytes.length == 0) ? -1 : bytes.length);
		exchange.getResponseBody()
			.write(bytes, 0, (fault instanceof Injected.CutBody) ? bytes.length / 2 : bytes.length);
	}

	private HttpRequest outgoing(HttpExchange exchange, Seen request) {
		HttpRequest.Builder outgoing = HttpRequest.newBuilder(this.target.resolve(request.path()))
			.method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
		exchange.getRequestHeaders().forEach((name, values) -> {
			if (!HOP_BY_HOP.contains(name.toLowerCase())) {
				values.forEach((value) -> outgoing.header(name, value));
			}
		});
		String user = this.impersonated;
		if (user != null) {
			outgoing.header("Impersonate-User", user);
		}
		return outgoing.build();
	}

	/** Of what is passed on the log keeps the last piece, which may say why it ended. */
	private void stream(HttpExchange exchange, TrafficLog.Exchange entry) throws IOException, InterruptedException {
		HttpResponse<InputStream> answer = this.upstream.send(outgoing(exchange, entry.seen()),
				HttpResponse.BodyHandlers.ofInputStream());
		copyHeaders(answer, exchange);
		exchange.sendResponseHeaders(answer.statusCode(), 0);
		entry.answered(answer.statusCode(), new byte[0]);
		this.watches.add(exchange);
		try (InputStream in = answer.body()) {
			OutputStream out = exchange.getResponseBody();
			// as the API server does: that it took a watch on is known at once
			out.flush();
			byte[] buffer = new byte[16384];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				if (!this.silenced.containsKey(exchange)) {
					out.write(buffer, 0, read);
					out.flush();
					entry.answered(answer.statusCode(), Arrays.copyOf(buffer, read));
				}
			}
			CountDownLatch healed = this.silenced.get(exchange);
			if (healed != null) {
				healed.await();
			}
			out.close();
		}
		finally {
			this.watches.remove(exchange);
			this.silenced.remove(exchange);
		}
	}

	private static void copyHeaders(HttpResponse<?> answer, HttpExchange exchange) {
		for (String header : List.of("Content-Type", "Retry-After")) {
			answer.headers().firstValue(header).ifPresent((value) -> exchange.getResponseHeaders().set(header, value));
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
	 * @param caller who sent it, by the kubeconfig that it uses
	 * @param body its body
	 */
	public record Seen(String method, String path, String caller, byte[] body) {

		public boolean mutates() {
			return !this.method.equals("GET") && !this.path.contains("dryRun=All");
		}

		public boolean watches() {
			return this.path.contains("watch=true") || this.path.contains("watch=1");
		}

		/** Its path without the query. */
		public String object() {
			return this.path.replaceFirst("\\?.*", "");
		}

	}

}
