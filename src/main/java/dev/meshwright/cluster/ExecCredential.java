package dev.meshwright.cluster;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tokens from a credential plugin, as client-go asks for them
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 * Plugins that give client certificates are not supported.
 */
final class ExecCredential {

	private static final Duration LONGEST_RUN = Duration.ofSeconds(30);

	private static final Duration WITHOUT_EXPIRY = Duration.ofMinutes(5);

	private static final Duration EARLIER = Duration.ofSeconds(30);

	private static final int LARGEST = 256 * 1024;

	private final ExecPlugin plugin;

	private String token = "";

	private Instant renewAt = Instant.MIN;

	ExecCredential(ExecPlugin plugin) {
		this.plugin = plugin;
	}

	/**
	 * A token that is valid for some time yet; runs the program when there is none.
	 * @throws ClusterFailure.Forbidden the program gives no token
	 */
	synchronized String token() {
		if (Instant.now().isAfter(this.renewAt)) {
			Map<?, ?> status = ObjectJson.map(ObjectJson.treeOrEmpty(run()).get("status"));
			this.token = ObjectJson.text(status.get("token"));
			if (this.token.isEmpty()) {
				throw failed("gave no token");
			}
			this.renewAt = renewAt(ObjectJson.text(status.get("expirationTimestamp")));
		}
		return this.token;
	}

	private static Instant renewAt(String expiration) {
		try {
			return Instant.parse(expiration).minus(EARLIER);
		}
		catch (DateTimeParseException ex) {
			return Instant.now().plus(WITHOUT_EXPIRY);
		}
	}

	private byte[] run() {
		List<String> command = new ArrayList<>(List.of(this.plugin.command()));
		command.addAll(this.plugin.args());
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
		builder.environment().putAll(this.plugin.env());
		builder.environment()
			.put("KUBERNETES_EXEC_INFO", ObjectJson.MAPPER.writeValueAsString(Map.of("apiVersion",
					this.plugin.apiVersion(), "kind", "ExecCredential", "spec", Map.of("interactive", false))));
		try {
			return output(builder.start());
		}
		catch (IOException ex) {
			throw failed("cannot be run");
		}
	}

	private byte[] output(Process process) throws IOException {
		process.getOutputStream().close();
		CompletableFuture<byte[]> output = new CompletableFuture<>();
		Thread.ofVirtual().start(() -> {
			try {
				output.complete(process.getInputStream().readNBytes(LARGEST));
			}
			catch (IOException ex) {
				output.completeExceptionally(ex);
			}
		});
		try {
			byte[] bytes = output.get(LONGEST_RUN.toMillis(), TimeUnit.MILLISECONDS);
			if (!process.waitFor(LONGEST_RUN.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
				throw failed("failed");
			}
			return bytes;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failed("was interrupted");
		}
		catch (ExecutionException | TimeoutException ex) {
			throw failed("did not answer within " + LONGEST_RUN.toSeconds() + " s");
		}
		finally {
			process.destroyForcibly();
		}
	}

	private ClusterFailure.Forbidden failed(String how) {
		return new ClusterFailure.Forbidden(
				"the credential plugin " + this.plugin + " " + how + "; run it by hand to see why");
	}

}
