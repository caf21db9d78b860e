package dev.meshwright.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.MissingPart;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDRBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A real kube-apiserver with etcd behind it, started once a JVM by the first test that
 * asks for it and stopped with the JVM. It has the CRDs of Istio and Gateway API. There
 * are no controllers: tests play them through the status subresource.
 *
 * <p>
 * Needs {@code KUBE_API_TEST_DIR} and {@code KUBE_API_TEST_API_SERVER_VERSION} (binaries)
 * and {@code MESHWRIGHT_CRDS} (a directory with {@code istio.yaml} and
 * {@code gateway-api.yaml}). Where one is missing the calling test is skipped with a line
 * that says so, or fails when {@code MESHWRIGHT_REQUIRE_ALL=true}.
 */
public final class RealApiServer implements AutoCloseable {

	private static final List<String> CRDS = List.of("istio.yaml", "gateway-api.yaml");

	private static final YAMLMapper YAML = new YAMLMapper();

	private static RealApiServer shared;

	private final KubeAPIServer server;

	private final Thread atTheEnd = new Thread(this::stop, "stop-kube-apiserver");

	private final String kubeconfig;

	private final KubernetesClient client;

	private final AtomicInteger namespaces = new AtomicInteger();

	private RealApiServer(String... flags) throws IOException {
		this.server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
			.withOfflineMode(true)
			.withUpdateKubeConfig(false)
			.withApiServerFlags(List.of(flags))
			.build());
		Runtime.getRuntime().addShutdownHook(this.atTheEnd);
		this.server.start();
		this.kubeconfig = embedded(this.server.getKubeConfigYaml());
		Config config = Config.fromKubeconfig(this.kubeconfig);
		config.setHttp2Disable(true);
		this.client = new KubernetesClientBuilder().withConfig(config).build();
		makeRoomForServices();
	}

	/**
	 * The range that it starts with has room for 253 Services, and its own flag for it
	 * comes after every other one.
	 */
	private void makeRoomForServices() {
		this.client
			.resource(new ServiceCIDRBuilder().withNewMetadata()
				.withName("tests")
				.endMetadata()
				.withNewSpec()
				.withCidrs("10.64.0.0/12")
				.endSpec()
				.build())
			.create();
	}

	/** The running server; skips or fails the calling test where it cannot be had. */
	public static synchronized RealApiServer get() {
		if (shared == null) {
			shared = another();
			shared.installCrds();
		}
		return shared;
	}

	/**
	 * A further server for one test, which closes it. It has no CRDs yet.
	 * @param flags further flags of kube-apiserver
	 */
	public static RealApiServer another(String... flags) {
		require("KUBE_API_TEST_DIR", "the binaries of kube-apiserver and etcd");
		crds();
		try {
			return new RealApiServer(flags);
		}
		catch (IOException ex) {
			throw new IllegalStateException("the API server's credentials cannot be read", ex);
		}
	}

	/** Installs the CRDs of Istio and Gateway API and waits until they are served. */
	public void installCrds() {
		for (String file : CRDS) {
			try {
				install(crds().resolve(file));
			}
			catch (IOException ex) {
				throw new IllegalStateException("cannot read the CRDs in " + crds(), ex);
			}
		}
	}

	private static Path crds() {
		return Path.of(require("MESHWRIGHT_CRDS", "a directory with the CRDs of Istio and Gateway API"));
	}

	/**
	 * An admin's kubeconfig, as YAML, with one context and everything embedded, so that
	 * it may be written to any file.
	 */
	public String kubeconfig() {
		return this.kubeconfig;
	}

	/** Writes the admin's kubeconfig into a directory under this name. */
	public Path writeKubeconfig(Path directory, String name) {
		try {
			return Files.writeString(directory.resolve(name), this.kubeconfig);
		}
		catch (IOException ex) {
			throw new IllegalStateException("cannot write " + name, ex);
		}
	}

	/** An admin's client, for what somebody other than Meshwright does. */
	public KubernetesClient client() {
		return this.client;
	}

	/** A namespace name that nothing else in this JVM has used; it does not exist yet. */
	public String freshName() {
		return "t" + ProcessHandle.current().pid() + "-" + this.namespaces.incrementAndGet();
	}

	/** A new, empty namespace. */
	public String freshNamespace() {
		String name = freshName();
		this.client.resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build()).create();
		return name;
	}

	@Override
	public void close() {
		Runtime.getRuntime().removeShutdownHook(this.atTheEnd);
		this.client.close();
		stop();
	}

	private void stop() {
		this.server.stop();
	}

	private void install(Path file) throws IOException {
		List<HasMetadata> items = new ArrayList<>();
		try (InputStream in = Files.newInputStream(file)) {
			items.addAll(this.client.load(in).items());
		}
		items.removeIf((item) -> !(item instanceof CustomResourceDefinition));
		items.forEach((item) -> this.client.resource(item).create());
		for (HasMetadata item : items) {
			this.client.resource((CustomResourceDefinition) item)
				.waitUntilCondition(RealApiServer::established, 30, TimeUnit.SECONDS);
		}
	}

	private static boolean established(CustomResourceDefinition crd) {
		return crd != null && crd.getStatus() != null && crd.getStatus().getConditions() != null
				&& crd.getStatus()
					.getConditions()
					.stream()
					.anyMatch((it) -> "Established".equals(it.getType()) && "True".equals(it.getStatus()));
	}

	/** Replaces each reference to a file by the file's content. */
	private static String embedded(String yaml) throws IOException {
		Map<?, ?> config = YAML.readValue(yaml, Map.class);
		for (String list : List.of("clusters", "users")) {
			for (Object entry : (List<?>) config.get(list)) {
				@SuppressWarnings("unchecked")
				Map<String, Object> fields = (Map<String, Object>) ((Map<?, ?>) entry)
					.get(list.substring(0, list.length() - 1));
				for (String field : List.of("certificate-authority", "client-certificate", "client-key")) {
					if (fields.remove(field) instanceof String path) {
						fields.put(field + "-data",
								Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(path))));
					}
				}
			}
		}
		return YAML.writeValueAsString(config);
	}

	private static String require(String variable, String what) {
		String value = System.getenv(variable);
		if (value == null || value.isBlank()) {
			MissingPart.stopTest("no real API server: " + variable + " does not name " + what);
		}
		return value;
	}

}
