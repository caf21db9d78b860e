package dev.meshwright.e2e;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A restart with nothing changed compares everything and writes nothing. */
class QuietRestartE2E {

	@Test
	void restartWritesNothing(@TempDir Path directory) throws Exception {
		String namespace = "quiet";
		try (ClusterUnderTest cluster = new ClusterUnderTest(directory, Map.of())) {
			assertThat(cluster.api().changeSet(ShopDeclaration.of(namespace, 90)).status()).isEqualTo(200);
			cluster.api().awaitCondition(ShopDeclaration.routingPolicy(namespace), "Ready", "True");
			Map<String, String> before = cluster.live(namespace).resourceVersions();
			assertThat(before).hasSize(6);

			cluster.meshwright.stop();
			cluster.proxy.forget();
			cluster.meshwright.start();
			awaitComparison(cluster, namespace);

			assertThat(cluster.proxy.mutations()).isEmpty();
			assertThat(cluster.live(namespace).resourceVersions()).isEqualTo(before);
		}
	}

	/**
	 * The resync after a start has looked at the objects once their requests are seen;
	 * then it must stay quiet.
	 */
	private void awaitComparison(ClusterUnderTest cluster, String namespace) throws InterruptedException {
		long end = System.nanoTime() + 60_000_000_000L;
		while (!cluster.proxy.reads("virtualservices") && System.nanoTime() < end) {
			Thread.sleep(50);
		}
		assertThat(cluster.proxy.reads("virtualservices")).as("the resync compared the live objects").isTrue();
		Thread.sleep(2000);
	}

}
