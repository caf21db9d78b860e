package dev.meshwright.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Online Boutique with its failover and security policies, three change sets: a real API
 * server with Istio's real CRDs takes every object of it.
 */
class OnlineBoutiqueE2E {

	private static final String SERVICES = "/api/v1/namespaces/boutique/services";

	@TempDir
	static Path directory;

	@Test
	void everyObjectOfTheShopAndItsPoliciesIsTaken() throws IOException {
		try (ClusterUnderTest cluster = new ClusterUnderTest(directory,
				Map.of("meshwright.default-placement", "east"))) {
			LiveObjects live = cluster.live("boutique");
			apply(cluster, "online-boutique");
			for (JsonNode service : cluster.api().get(SERVICES).body().path("items")) {
				cluster.api()
					.awaitCondition(SERVICES + "/" + service.path("metadata").path("name").asString(), "Programmed",
							"True");
			}
			live.makeDeploymentsAvailable();
			JdbcClient jdbc = JdbcClient.create(cluster.database.dataSource());
			Settled.await(jdbc);
			Map<String, String> before = live.resourceVersions();
			cluster.proxy.forget();
			apply(cluster, "resilience");
			apply(cluster, "security");
			Settled.await(jdbc);
			assertThat(cluster.proxy.log().exchanges()).filteredOn((each) -> each.seen().mutates())
				.allMatch(TrafficLog.Exchange::succeeded)
				.isNotEmpty();

			Set<String> declared = new TreeSet<>();
			for (JsonNode service : cluster.api().get(SERVICES).body().path("items")) {
				String name = service.path("metadata").path("name").asString();
				cluster.api().awaitCondition(SERVICES + "/" + name, "Programmed", "True");
				for (JsonNode manifest : cluster.api()
					.get(SERVICES + "/" + name + "/manifests?cluster=east")
					.body()
					.path("items")) {
					declared.add(
							manifest.path("kind").asString() + "/" + manifest.path("metadata").path("name").asString());
				}
				assertThat(declared).contains("PeerAuthentication/" + name, "AuthorizationPolicy/" + name + "-allow",
						"NetworkPolicy/" + name, "DestinationRule/" + name);
			}
			assertThat(live.resourceVersions().keySet()).isEqualTo(declared).containsAll(before.keySet());

			cluster.proxy.forget();
			apply(cluster, "resilience");
			apply(cluster, "security");
			Settled.await(jdbc);
			assertThat(cluster.proxy.mutations()).as("what is declared already").isEmpty();
		}
	}

	private static void apply(ClusterUnderTest cluster, String example) {
		try {
			ApiClient.Answer answer = cluster.api()
				.changeSet(Files.readString(Path.of("examples", "online-boutique", example + ".yaml")));
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
