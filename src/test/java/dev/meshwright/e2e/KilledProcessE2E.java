package dev.meshwright.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left behind by kill -9 at the worst moments is finished after the next start,
 * and nothing looks foreign.
 */
class KilledProcessE2E {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private final String namespace = "killed-" + COUNT.incrementAndGet();

	private static @Nullable ClusterUnderTest cluster;

	@BeforeAll
	static void start(@TempDir Path directory) throws Exception {
		cluster = new ClusterUnderTest(directory, Map.of("meshwright.reconcile.lease", "3s"));
	}

	@AfterAll
	static void stop() {
		if (cluster != null) {
			cluster.close();
		}
	}

	@Test
	void killedBetweenCommitAndPush() throws Exception {
		cluster.proxy.before(this::kill);
		declare();
		assertThat(cluster.live(this.namespace).resourceVersions()).isEmpty();
		restart();
		assertWhole();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6 })
	void killedBetweenTwoObjects(int pushed) throws Exception {
		AtomicInteger mutations = new AtomicInteger();
		cluster.proxy.after((request) -> {
			if (request.mutates() && mutations.incrementAndGet() == pushed) {
				cluster.meshwright.kill();
			}
		});
		declare();
		restart();
		assertWhole();
	}

	private void kill(ApiServerProxy.Seen request) {
		if (request.path().contains(this.namespace)) {
			cluster.meshwright.kill();
			throw new java.io.UncheckedIOException(new java.io.IOException("killed"));
		}
	}

	private void declare() {
		ApiClient.Answer answer = cluster.api().changeSet(ShopDeclaration.of(this.namespace, 90));
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		cluster.meshwright.awaitEnd();
	}

	/** Leaves requests alone and lets a process run, whatever was before. */
	@BeforeEach
	void restart() throws Exception {
		cluster.proxy.before((request) -> {
		});
		cluster.proxy.after((request) -> {
		});
		if (!cluster.meshwright.alive()) {
			cluster.meshwright.start();
		}
	}

	private void assertWhole() {
		cluster.api().awaitCondition(ShopDeclaration.service(this.namespace), "Programmed", "True");
		cluster.api().awaitCondition(ShopDeclaration.routingPolicy(this.namespace), "Programmed", "True");
		assertThat(cluster.live(this.namespace).resourceVersions().keySet())
			.containsExactlyElementsOf(List.of("Deployment/webapp-v1", "Deployment/webapp-v2", "DestinationRule/webapp",
					"Service/webapp", "ServiceAccount/webapp", "VirtualService/webapp"));
	}

}
