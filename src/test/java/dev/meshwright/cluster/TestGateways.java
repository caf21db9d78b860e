package dev.meshwright.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Gateways for tests of those who use them. */
public final class TestGateways {

	private TestGateways() {
	}

	/** To the shared API server; skips the calling test where there is none. */
	public static ClusterGateway real() {
		RealApiServer server = RealApiServer.get();
		try {
			Path directory = Files.createTempDirectory("meshwright-test");
			Path file = server.writeKubeconfig(directory, "real");
			ApiAccess access = KubeconfigFile.read(new KubeconfigDirectory(directory, false), "real", null);
			Files.delete(file);
			Files.delete(directory);
			return new Fabric8Gateway(DirectHttpClients.open(access, Duration.ofSeconds(10)), Duration.ofMinutes(5));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** To a sandbox in memory. */
	public static ClusterGateway sandbox() {
		return SandboxGateway.inMemory();
	}

}
