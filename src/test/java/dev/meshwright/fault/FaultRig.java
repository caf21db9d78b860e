package dev.meshwright.fault;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import com.zaxxer.hikari.HikariDataSource;
import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.e2e.ApiClient;
import dev.meshwright.e2e.ApiServerProxy;
import dev.meshwright.e2e.LiveObjects;
import dev.meshwright.e2e.MeshwrightProcess;
import dev.meshwright.store.PostgresTestDatabase;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Real processes of the application on one database, with the real API server as cluster
 * {@code east}; between each process and the two there is a proxy.
 */
final class FaultRig implements AutoCloseable {

	/** However much is deleted there, no operator is asked. */
	static final String CLUSTER = """
			{"spec": {"mesh": "istio", "meshVersion": "1.29",
			  "connection": {"kubeconfig": {"name": "east", "context": "admin"}},
			  "settle": {"beforeSwitch": "0s", "beforeBreak": "0s"}, "safety": {"maxDeletes": 1000000},
			  "gateways": [{"name": "public", "api": "istio", "namespace": "istio-ingress",
			                "selector": {"istio": "ingressgateway"}}]}}""";

	/** See {@link #writeToken}. */
	static final String TOKEN_FILE = "east-token";

	final ApiServerProxy proxy;

	final KubernetesClient kubernetes;

	/** The processes, in the order of their start. */
	final List<MeshwrightProcess> replicas = new ArrayList<>();

	/** What stands between each of them and the database. */
	final List<TcpProxy> databaseProxies = new ArrayList<>();

	/** Looks into the database past the proxies. */
	final JdbcClient database;

	/** Where the installation's stamp is, in the cluster. */
	String systemNamespace = "";

	private final Map<String, String> properties = new HashMap<>();

	private final @Nullable PostgresTestDatabase shared;

	/** The kubeconfig of cluster {@code east} that each of them reads. */
	private final List<Path> kubeconfigs = new ArrayList<>();

	private FaultRig(RealApiServer server, @Nullable PostgresTestDatabase shared, JdbcClient database) {
		this.proxy = new ApiServerProxy(server.kubeconfig());
		Config config = Config.fromKubeconfig(server.kubeconfig());
		config.setHttp2Disable(true);
		this.kubernetes = new KubernetesClientBuilder().withConfig(config).build();
		this.shared = shared;
		this.database = database;
	}

	/**
	 * Starts processes on a database of their own in the server that all tests share.
	 * @param directory where they keep their files
	 * @param replicas how many
	 * @param properties settings of each of them
	 */
	static FaultRig start(Path directory, int replicas, Map<String, String> properties) throws IOException {
		return start(directory, RealApiServer.get(), replicas, properties);
	}

	/** As {@link #start(Path, int, Map)}, with an API server of the test's own. */
	static FaultRig start(Path directory, RealApiServer server, int replicas, Map<String, String> properties)
			throws IOException {
		PostgresTestDatabase database = new PostgresTestDatabase();
		FaultRig rig = new FaultRig(server, database, JdbcClient.create(database.dataSource()));
		URI address = URI.create(database.jdbcUrl().substring("jdbc:".length()));
		Map<String, String> all = new HashMap<>(Map.of("spring.datasource.username", PostgresTestDatabase.USER,
				"spring.datasource.password", database.password()));
		all.putAll(properties);
		all.putAll(rig.identity(directory));
		for (int number = 0; number < replicas; number++) {
			TcpProxy proxy = new TcpProxy(address.getPort());
			all.put("spring.datasource.url", "jdbc:postgresql://127.0.0.1:" + proxy.port() + address.getPath());
			rig.add(directory.resolve("replica-" + number), "replica-" + number, proxy, all);
		}
		rig.properties.putAll(all);
		rig.begin();
		return rig;
	}

	/** Starts one process on a server that can be killed. */
	static FaultRig start(Path directory, PostgresServer server, Map<String, String> properties) throws IOException {
		FaultRig rig = new FaultRig(RealApiServer.get(), null, JdbcClient.create(new DriverManagerDataSource(
				"jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", "postgres", "postgres")));
		TcpProxy proxy = new TcpProxy(server.port());
		Map<String, String> all = new HashMap<>(server.properties(proxy.port()));
		all.putAll(properties);
		all.putAll(rig.identity(directory));
		rig.add(directory.resolve("replica-0"), "replica-0", proxy, all);
		rig.begin();
		return rig;
	}

	/** One installation, though each process has a directory of its own. */
	private Map<String, String> identity(Path directory) {
		this.systemNamespace = "meshwright-" + Integer.toHexString(directory.hashCode());
		return Map.of("meshwright.system-namespace", this.systemNamespace);
	}

	/** Starts one process more, of another main class and with further settings. */
	MeshwrightProcess join(Path directory, Class<?> main, Map<String, String> properties) throws IOException {
		String name = "replica-" + this.replicas.size();
		Map<String, String> all = new HashMap<>(this.properties);
		all.putAll(properties);
		Files.createDirectories(directory.resolve("kubeconfigs"));
		Files.writeString(directory.resolve("kubeconfigs").resolve("east"), this.proxy.kubeconfig(name));
		MeshwrightProcess process = new MeshwrightProcess(directory, Map.copyOf(all), main);
		this.replicas.add(process);
		process.start();
		return process;
	}

	private void add(Path directory, String name, TcpProxy databaseProxy, Map<String, String> properties)
			throws IOException {
		Files.createDirectories(directory.resolve("kubeconfigs"));
		this.kubeconfigs.add(directory.resolve("kubeconfigs").resolve("east"));
		connect(this.replicas.size(), this.proxy.kubeconfig(name));
		this.databaseProxies.add(databaseProxy);
		this.replicas.add(new MeshwrightProcess(directory, Map.copyOf(properties)));
	}

	private void begin() throws IOException {
		for (MeshwrightProcess replica : this.replicas) {
			replica.start();
		}
		ApiClient.Answer answer = api().put("/api/v1/clusters/east", CLUSTER);
		if (answer.status() != 201) {
			throw new IllegalStateException("The cluster was not accepted: " + answer.text());
		}
	}

	/** Renews the token in the file beside a process's kubeconfig. */
	void writeToken(int replica, String token) throws IOException {
		replace(this.kubeconfigs.get(replica).resolveSibling(TOKEN_FILE), token);
	}

	/**
	 * Gives a process another kubeconfig for the cluster, as a mounted Secret changes.
	 */
	void connect(int replica, String kubeconfig) throws IOException {
		replace(this.kubeconfigs.get(replica), kubeconfig);
	}

	private static void replace(Path file, String content) throws IOException {
		Path fresh = Files.writeString(file.resolveSibling(".fresh"), content);
		Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
	}

	/** What the API says of the cluster. */
	JsonNode cluster() {
		return api().get("/api/v1/clusters/east").body();
	}

	/** Waits until nothing is pushed to the cluster any more, for this reason. */
	JsonNode awaitHalt(String reason) {
		await("the cluster is halted: " + reason,
				() -> cluster().at("/status/cluster/halt/reason").asString("").equals(reason));
		return cluster().at("/status/cluster/halt");
	}

	/** Lets a halted cluster go on, with exactly what was found there. */
	void release(JsonNode halt) {
		String finding = "{\"clusterUid\": %s, \"installation\": %s, \"revision\": %s}"
			.formatted(halt.path("clusterUid"), orNull(halt.path("installation")), orNull(halt.path("revision")));
		ApiClient.Answer answer = api().send("POST", "/api/v1/clusters/east/adopt", finding, "application/json");
		if (answer.status() != 202) {
			throw new AssertionError("The cluster was not released: " + answer.text());
		}
	}

	private static String orNull(JsonNode value) {
		return value.isMissingNode() ? "null" : value.toString();
	}

	/** A client of the first process that runs. */
	ApiClient api() {
		return this.replicas.stream().filter(MeshwrightProcess::alive).findFirst().orElseThrow().client();
	}

	LiveObjects live(String namespace) {
		return new LiveObjects(this.kubernetes, namespace);
	}

	/** Commits a change set, however long that takes; anything but success fails. */
	void declare(String yaml) {
		ApiClient.Answer answer = api().changeSet(yaml);
		if (answer.status() == 202) {
			String job = "/api/v1/jobs/" + answer.body().path("id").asString();
			await("the change set is committed", () -> {
				String state = api().get(job).body().path("state").asString();
				if (state.equals("Failed")) {
					throw new AssertionError("The change set failed: " + api().get(job).text());
				}
				return state.equals("Succeeded");
			});
		}
		else if (answer.status() != 200) {
			throw new AssertionError("The change set was not accepted: " + answer.text());
		}
	}

	/** Sends a change set of which it does not matter whether it is accepted. */
	void declareOrNot(String yaml) {
		try {
			api().changeSet(yaml);
		}
		catch (IllegalStateException ex) {
			// no answer
		}
	}

	/** Ends every fault, and lets a process run that was killed. */
	void heal() throws IOException {
		this.proxy.heal();
		this.databaseProxies.forEach(TcpProxy::heal);
		for (MeshwrightProcess replica : this.replicas) {
			if (!replica.alive()) {
				replica.start();
			}
		}
	}

	/** Waits for something that must come, however slow the machine is. */
	static void await(String what, BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > end) {
				throw new AssertionError("It never came: " + what);
			}
			sleep(Duration.ofMillis(25));
		}
	}

	static void sleep(Duration time) {
		try {
			Thread.sleep(time);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.proxy.heal();
		for (MeshwrightProcess replica : this.replicas) {
			replica.close();
		}
		for (TcpProxy each : this.databaseProxies) {
			each.close();
		}
		this.proxy.close();
		this.kubernetes.close();
		if (this.shared != null) {
			((HikariDataSource) this.shared.dataSource()).close();
		}
	}

}
