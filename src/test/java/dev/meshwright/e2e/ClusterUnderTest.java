package dev.meshwright.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.meshwright.cluster.RealApiServer;
import com.zaxxer.hikari.HikariDataSource;
import dev.meshwright.store.PostgresTestDatabase;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/**
 * A real Postgres database, a real API server behind a proxy, and a real process of the
 * application between them, with the cluster {@code east} registered.
 */
final class ClusterUnderTest implements AutoCloseable {

	final PostgresTestDatabase database;

	final ApiServerProxy proxy;

	final KubernetesClient kubernetes;

	final MeshwrightProcess meshwright;

	ClusterUnderTest(Path directory, Map<String, String> properties) throws IOException {
		RealApiServer server = RealApiServer.get();
		this.proxy = new ApiServerProxy(server.kubeconfig());
		this.kubernetes = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(server.kubeconfig())).build();
		Files.createDirectories(directory.resolve("kubeconfigs"));
		Files.writeString(directory.resolve("kubeconfigs").resolve("east"), this.proxy.kubeconfig());
		this.database = new PostgresTestDatabase();
		Map<String, String> all = new HashMap<>(
				Map.of("spring.datasource.url", this.database.jdbcUrl(), "spring.datasource.username",
						PostgresTestDatabase.USER, "spring.datasource.password", this.database.password()));
		all.putAll(properties);
		this.meshwright = new MeshwrightProcess(directory, all);
		this.meshwright.start();
		ApiClient.Answer answer = api().put("/api/v1/clusters/east", """
				{"spec": {"mesh": "istio", "meshVersion": "1.29",
				  "connection": {"kubeconfig": {"name": "east", "context": "admin"}},
				  "settle": {"beforeSwitch": "0s", "beforeBreak": "0s"},
				  "gateways": [{"name": "public", "api": "istio", "namespace": "istio-ingress",
				                "selector": {"istio": "ingressgateway"}}]}}""");
		if (answer.status() != 201) {
			throw new IllegalStateException("The cluster was not accepted: " + answer.text());
		}
	}

	ApiClient api() {
		return this.meshwright.client();
	}

	LiveObjects live(String namespace) {
		return new LiveObjects(this.kubernetes, namespace);
	}

	@Override
	public void close() {
		this.meshwright.close();
		this.proxy.close();
		this.kubernetes.close();
		((HikariDataSource) this.database.dataSource()).close();
	}

}
