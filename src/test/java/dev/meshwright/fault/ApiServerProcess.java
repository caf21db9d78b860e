package dev.meshwright.fault;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.meshwright.cluster.RealApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is behind a test's own API server: its etcd, which can be made to forget, and on
 * the same etcd a further kube-apiserver, which can be killed and started again.
 */
final class ApiServerProcess implements AutoCloseable {

	private static final String PORT = "--secure-port";

	private final RealApiServer server;

	/** How the server's own kube-apiserver was started. */
	private final List<String> command;

	private final int port;

	private @Nullable Process further;

	private ApiServerProcess(RealApiServer server, List<String> command) {
		this.server = server;
		this.command = command;
		try (ServerSocket free = new ServerSocket(0)) {
			this.port = free.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** What is behind a server that this JVM has started. */
	static ApiServerProcess behind(RealApiServer server) throws IOException {
		String port = String.valueOf(server.client().getMasterUrl().getPort());
		for (ProcessHandle child : ProcessHandle.current().descendants().toList()) {
			Path file = Path.of("/proc", String.valueOf(child.pid()), "cmdline");
			List<String> line = List.of(Files.readString(file, StandardCharsets.UTF_8).split("\0"));
			int flag = line.indexOf(PORT);
			if (flag > 0 && line.get(flag + 1).equals(port)) {
				return new ApiServerProcess(server, line);
			}
		}
		throw new IllegalStateException("no kube-apiserver listens on port " + port);
	}

	/** An administrator's kubeconfig for the further kube-apiserver. */
	String kubeconfig() {
		return this.server.kubeconfig().replace(":" + this.server.client().getMasterUrl().getPort(), ":" + this.port);
	}

	/** Starts the further kube-apiserver, and waits until it answers. */
	void start() throws IOException {
		List<String> line = new ArrayList<>(this.command);
		line.set(line.indexOf(PORT) + 1, String.valueOf(this.port));
		this.further = new ProcessBuilder(line).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		try (KubernetesClient client = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig()))
			.build()) {
			FaultRig.await("the API server is ready", () -> isReady(client));
		}
	}

	private static boolean isReady(KubernetesClient client) {
		try {
			return "ok".equals(client.raw("/readyz"));
		}
		catch (KubernetesClientException ex) {
			return false;
		}
	}

	/** Kills it as {@code kill -9} does. */
	void kill() {
		Process running = this.further;
		if (running != null) {
			running.destroyForcibly().onExit().join();
		}
	}

	/**
	 * Compacts etcd: of everything only the present state is known from now on.
	 * @return the revision before which all is forgotten
	 */
	long compact() {
		long revision = etcd("kv/range", "{\"key\": \"AA==\"}").at("/header/revision").asLong(0);
		etcd("kv/compaction", "{\"revision\": \"%d\", \"physical\": true}".formatted(revision));
		return revision;
	}

	/**
	 * Raises the alarm that etcd raises by itself when its quota is used up, after which
	 * it refuses what needs room; or takes it back, as an operator does who has made
	 * room.
	 */
	void full(boolean full) {
		etcd("maintenance/alarm",
				"{\"action\": \"%s\", \"alarm\": \"NOSPACE\"}".formatted(full ? "ACTIVATE" : "DEACTIVATE"));
	}

	private JsonNode etcd(String call, String body) {
		String address = this.command.get(this.command.indexOf("--etcd-servers") + 1).replace("0.0.0.0", "127.0.0.1");
		try (HttpClient http = HttpClient.newHttpClient()) {
			HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(address + "/v3/" + call))
				.POST(HttpRequest.BodyPublishers.ofString(body))
				.build(), HttpResponse.BodyHandlers.ofString());
			if (answer.statusCode() != 200) {
				throw new IllegalStateException("etcd: " + answer.body());
			}
			return JsonMapper.shared().readTree(answer.body());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		kill();
	}

}
