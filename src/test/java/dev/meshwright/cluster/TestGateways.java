package dev.meshwright.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

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
			return new Fabric8Gateway(DirectHttpClients.open(access, Duration.ofSeconds(10)), Duration.ofMinutes(5),
					"meshwright-" + UUID.randomUUID());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** To the same cluster, with the same system namespace, but closed by itself. */
	public static ClusterGateway beside(ClusterGateway gateway) {
		return (ClusterGateway) java.lang.reflect.Proxy.newProxyInstance(TestGateways.class.getClassLoader(),
				new Class<?>[] { ClusterGateway.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("close")) {
						return null;
					}
					try {
						return method.invoke(gateway, arguments);
					}
					catch (java.lang.reflect.InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	/**
	 * To a sandbox in memory.
	 * @param bookmarks after how long without a change a watch gets a bookmark
	 */
	public static ClusterGateway sandbox(Duration bookmarks) {
		return SandboxGateway.inMemory(1000, bookmarks);
	}

	/** To a sandbox in memory. */
	public static ClusterGateway sandbox() {
		return SandboxGateway.inMemory();
	}

}
