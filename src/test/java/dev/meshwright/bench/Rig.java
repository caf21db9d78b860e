package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.meshwright.cluster.RealApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * The cluster on which everything is measured. The measured and its peers use the token
 * of one service account, because administrators pass the API server's queues by; who
 * only looks has a client of its own.
 */
final class Rig implements AutoCloseable {

	private static final String ACCOUNT = "bench";

	private final String kubeconfig;

	private final KubernetesClient peer;

	private final KubernetesClient looker;

	private final Observer observer;

	Rig() {
		KubernetesClient admin = RealApiServer.get().client();
		admin
			.resource(new ServiceAccountBuilder().withNewMetadata()
				.withName(ACCOUNT)
				.withNamespace("default")
				.endMetadata()
				.build())
			.serverSideApply();
		admin
			.resource(new ClusterRoleBindingBuilder().withNewMetadata()
				.withName(ACCOUNT)
				.endMetadata()
				.withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
				.addNewSubject("", "ServiceAccount", ACCOUNT, "default")
				.build())
			.serverSideApply();
		TokenRequest token = admin.serviceAccounts()
			.inNamespace("default")
			.withName(ACCOUNT)
			.tokenRequest(new TokenRequestBuilder().withNewSpec().withExpirationSeconds(86400L).endSpec().build());
		makeRoomForServices(admin);
		this.kubeconfig = withToken(token.getStatus().getToken());
		this.peer = client(this.kubeconfig);
		this.looker = client(RealApiServer.get().kubeconfig());
		this.observer = new Observer(this.looker);
	}

	/** The test server's own range ends after 254 Services. */
	private static void makeRoomForServices(KubernetesClient admin) {
		GenericKubernetesResource range = Serialization.unmarshal("""
				apiVersion: networking.k8s.io/v1
				kind: ServiceCIDR
				metadata: {name: bench}
				spec: {cidrs: [10.64.0.0/12]}
				""", GenericKubernetesResource.class);
		admin.genericKubernetesResources("networking.k8s.io/v1", "ServiceCIDR").resource(range).serverSideApply();
	}

	private static String withToken(String token) {
		io.fabric8.kubernetes.api.model.Config config = Serialization.unmarshal(RealApiServer.get().kubeconfig(),
				io.fabric8.kubernetes.api.model.Config.class);
		config.getUsers().forEach((user) -> {
			user.getUser().setClientCertificateData(null);
			user.getUser().setClientKeyData(null);
			user.getUser().setToken(token);
		});
		return Serialization.asYaml(config);
	}

	private static KubernetesClient client(String kubeconfig) {
		Config config = Config.fromKubeconfig(kubeconfig);
		config.setHttp2Disable(true);
		return new KubernetesClientBuilder().withConfig(config).build();
	}

	/** Writes the kubeconfig of who is measured. */
	Path writeKubeconfig(Path directory) throws IOException {
		return Files.writeString(directory.resolve("bench"), this.kubeconfig);
	}

	RawClient raw() {
		return new RawClient(this.peer);
	}

	/** An administrator's client, for everything that is not measured. */
	KubernetesClient looker() {
		return this.looker;
	}

	Observer observer() {
		return this.observer;
	}

	void createNamespace(String name) {
		this.looker.resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build()).create();
	}

	/** The process of this cluster whose binary has this name. */
	static ProcessHandle process(String binary) {
		return ProcessHandle.current()
			.descendants()
			.filter((process) -> process.info()
				.command()
				.filter((command) -> command.endsWith("/" + binary))
				.isPresent())
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("no process " + binary));
	}

	/** Fails unless etcd waits for a real disk. */
	static void requireDurableEtcd() throws IOException {
		List<String> arguments = arguments(process("etcd"));
		Path data = Path.of(arguments.get(arguments.indexOf("-wal-dir") + 1));
		String type = Files.getFileStore(data).type();
		if (arguments.stream().anyMatch((argument) -> argument.contains("no-fsync")) || type.equals("tmpfs")) {
			throw new IllegalStateException(
					"etcd does not wait for a disk (" + type + ", " + arguments + "): nothing measured would count");
		}
	}

	private static List<String> arguments(ProcessHandle process) {
		Optional<String[]> arguments = process.info().arguments();
		return arguments.map(Arrays::asList).orElseThrow(() -> new IllegalStateException("cannot see how etcd runs"));
	}

	/** Removes what a run before left. */
	static void clear(Path directory) throws IOException {
		if (Files.exists(directory)) {
			try (Stream<Path> tree = Files.walk(directory)) {
				for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
					Files.delete(path);
				}
			}
		}
		Files.createDirectories(directory);
	}

	@Override
	public void close() {
		this.observer.close();
		this.looker.close();
		this.peer.close();
	}

}
