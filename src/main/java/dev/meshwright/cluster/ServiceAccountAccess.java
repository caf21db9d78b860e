package dev.meshwright.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the API server is reached from a pod, with the pod's service account. */
final class ServiceAccountAccess {

	private static final Path MOUNTED = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

	private ServiceAccountAccess() {
	}

	/**
	 * Reads what the kubelet has put there.
	 * @throws ClusterFailure.Forbidden when this process does not run in a pod that has a
	 * service account's token
	 */
	static ApiAccess read() {
		return read(MOUNTED, environment("KUBERNETES_SERVICE_HOST"), environment("KUBERNETES_SERVICE_PORT"));
	}

	static ApiAccess read(Path mounted, String host, String port) {
		Path token = mounted.resolve("token");
		if (host.isEmpty() || !port.matches("\\d{1,5}") || !Files.isReadable(token)) {
			throw new ClusterFailure.Forbidden(
					"inCluster: this process does not run in a pod with a service account token;"
							+ " set automountServiceAccountToken, or use a kubeconfig");
		}
		try {
			String address = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
			return new ApiAccess("https://" + address, Files.readString(mounted.resolve("ca.crt")), null, null, null,
					token, null, null);
		}
		catch (IOException ex) {
			throw new ClusterFailure.Forbidden("inCluster: the service account's ca.crt cannot be read");
		}
	}

	private static String environment(String name) {
		String value = System.getenv(name);
		return (value != null) ? value : "";
	}

}
