package dev.meshwright.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
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

	private ClusterUnderTest cluster;

	@BeforeEach
	void start(@TempDir Path directory) throws Exception {
		this.cluster = new ClusterUnderTest(directory, Map.of("meshwright.reconcile.lease", "3s"));
	}

	@AfterEach
	void stop() {
		this.cluster.close();
	}

	@Test
	void killedBetweenCommitAndPush() throws Exception {
		this.cluster.proxy.before(this::kill);
		declare();
		assertThat(this.cluster.live(this.namespace).resourceVersions()).isEmpty();
		restart();
		assertWhole();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6 })
	void killedBetweenTwoObjects(int pushed) throws Exception {
		AtomicInteger mutations = new AtomicInteger();
		this.cluster.proxy.after((request) -> {
			if (request.mutates() && mutations.incrementAndGet() == pushed) {
				this.cluster.meshwright.kill();
			}
		});
		declare();
		restart();
		assertWhole();
	}

	private void kill(ApiServerProxy.Seen request) {
		if (request.path().contains(this.namespace)) {
			this.cluster.meshwright.kill();
			throw new java.io.UncheckedIOException(new java.io.IOException("killed"));
		}
	}

	private void declare() {
		ApiClient.Answer answer = this.cluster.api().changeSet(ShopDeclaration.of(this.namespace, 90));
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		this.cluster.meshwright.awaitEnd();
	}

	private void restart() throws Exception {
		this.cluster.proxy.before((request) -> {
		});
		this.cluster.proxy.after((request) -> {
		});
		this.cluster.meshwright.start();
	}

	private void assertWhole() {
		this.cluster.api().awaitCondition(ShopDeclaration.service(this.namespace), "Programmed", "True");
		this.cluster.api().awaitCondition(ShopDeclaration.routingPolicy(this.namespace), "Programmed", "True");
		assertThat(this.cluster.live(this.namespace).resourceVersions().keySet())
			.containsExactlyElementsOf(List.of("Deployment/webapp-v1", "Deployment/webapp-v2", "DestinationRule/webapp",
					"Service/webapp", "ServiceAccount/webapp", "VirtualService/webapp"));
	}

}
