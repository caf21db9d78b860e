package dev.meshwright.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The real application in a JVM of its own, so that it can really be killed and started
 * again on the same database.
 */
final class MeshwrightProcess implements AutoCloseable {

	/** What an operator would mount as the bootstrap token. */
	static final String TOKEN = "mw_end-to-end-administrator-0123456789abcdef";

	private final Path directory;

	private final Map<String, String> properties;

	private final int port;

	private Process process;

	/**
	 * Prepares a process.
	 * @param directory its working directory, with {@code kubeconfigs/}
	 * @param properties settings beside the ones that every run has
	 */
	MeshwrightProcess(Path directory, Map<String, String> properties) {
		this.directory = directory;
		this.properties = properties;
		this.port = freePort();
	}

	void start() {
		try {
			Path token = this.directory.resolve("bootstrap-token");
			Files.writeString(token, TOKEN);
			Files.createDirectories(this.directory.resolve("kubeconfigs"));
			List<String> command = new ArrayList<>(
					List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
							"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
							"dev.meshwright.MeshwrightApplication", "--server.port=" + this.port,
							"--meshwright.bootstrap-token-file=" + token,
							"--meshwright.kubeconfig-dir=" + this.directory.resolve("kubeconfigs")));
			this.properties.forEach((name, value) -> command.add("--" + name + "=" + value));
			ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
			this.process = builder.start();
			awaitReady();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Kills it as {@code kill -9} does and waits until it is gone. */
	void kill() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

	/** Asks it to stop, as Ctrl-C or a Pod's end does, and waits until it has. */
	void stop() {
		this.process.destroy();
		this.process.onExit().join();
	}

	boolean alive() {
		return this.process.isAlive();
	}

	ApiClient client() {
		return new ApiClient(URI.create("http://127.0.0.1:" + this.port), TOKEN);
	}

	Path log() {
		return this.directory.resolve("meshwright.log");
	}

	private void awaitReady() {
		Instant end = Instant.now().plus(Duration.ofSeconds(120));
		HttpRequest probe = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/actuator/health/readiness"))
			.timeout(Duration.ofSeconds(5))
			.build();
		try (HttpClient client = HttpClient.newHttpClient()) {
			while (Instant.now().isBefore(end) && this.process.isAlive()) {
				try {
					if (client.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
						return;
					}
				}
				catch (IOException ex) {
					// Not listening yet.
				}
				Thread.sleep(100);
			}
			throw new IllegalStateException("Meshwright did not become ready:\n" + Files.readString(log()));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		if (this.process != null) {
			kill();
		}
	}

}
