package dev.meshwright.e2e;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A webhook of the cluster that refuses an object is heard, quoted and waited for; the
 * last good state stays.
 */
class AdmissionDeniedE2E {

	@Test
	void refusalIsShownAndTheLastGoodStateKept(@TempDir Path directory) throws Exception {
		String namespace = "frozen";
		String policy = ShopDeclaration.routingPolicy(namespace);
		try (ClusterUnderTest cluster = new ClusterUnderTest(directory, Map.of())) {
			assertThat(cluster.api().changeSet(ShopDeclaration.of(namespace, 90)).status()).isEqualTo(200);
			cluster.api().awaitCondition(policy, "Programmed", "True");
			Map<String, String> before = cluster.live(namespace).resourceVersions();

			try (AdmissionWebhook freeze = new AdmissionWebhook(cluster.kubernetes, namespace)) {
				awaitRefusal(cluster, namespace);
				assertThat(cluster.api().changeSet(ShopDeclaration.routing(namespace, 50)).status()).isEqualTo(200);
				var condition = cluster.api().awaitReason(policy, "Programmed", "AdmissionDenied");
				assertThat(condition.path("status").asString()).isEqualTo("False");
				assertThat(condition.path("message").asString()).contains(AdmissionWebhook.MESSAGE);
				assertThat(cluster.live(namespace).resourceVersions()).isEqualTo(before);

				freeze.allow();
				cluster.api().awaitCondition(policy, "Programmed", "True");
				assertThat(cluster.live(namespace).get("VirtualService", "webapp").toString()).contains("weight=50");
			}
		}
	}

	/**
	 * The API server takes a moment to heed a new webhook; a dry run tells when it does.
	 */
	private static void awaitRefusal(ClusterUnderTest cluster, String namespace) throws InterruptedException {
		for (int i = 0; i < 200; i++) {
			try {
				var live = cluster.live(namespace).get("VirtualService", "webapp");
				live.getMetadata().setManagedFields(null);
				live.getMetadata().getAnnotations().put("probe", "x");
				cluster.kubernetes.resource(live).dryRun().update();
			}
			catch (io.fabric8.kubernetes.client.KubernetesClientException ex) {
				if (ex.getMessage().contains(AdmissionWebhook.MESSAGE)) {
					return;
				}
			}
			Thread.sleep(50);
		}
		throw new AssertionError("The webhook was never asked");
	}

}
