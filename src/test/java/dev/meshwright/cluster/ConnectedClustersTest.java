package dev.meshwright.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.meshwright.model.cluster.ClusterSpec.Connection;
import dev.meshwright.model.cluster.ClusterSpec.InCluster;
import dev.meshwright.model.cluster.ClusterSpec.Kubeconfig;
import dev.meshwright.model.cluster.ClusterSpec.Sandbox;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConnectedClustersTest {

	private static final Connection SANDBOX = new Connection(null, null, new Sandbox());

	private static final Connection FILE = new Connection(new Kubeconfig("east", null), null, null);

	private final AtomicLong clock = new AtomicLong();

	@TempDir
	private Path directory;

	private ConnectedClusters clusters;

	@BeforeEach
	void open() {
		this.clusters = new ConnectedClusters(
				new ClusterProperties(this.directory.toString(), this.directory.toString(), Duration.ofSeconds(1),
						false, Duration.ofSeconds(75), "meshwright"),
				this.clock::get, new SimpleMeterRegistry(), ObservationRegistry.NOOP);
	}

	@AfterEach
	void close() {
		this.clusters.destroy();
	}

	@Test
	void isMadeFromTheProperties() throws IOException {
		kubeconfig("one");
		new ApplicationContextRunner().withUserConfiguration(Configured.class)
			.withBean(SimpleMeterRegistry.class)
			.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withPropertyValues("meshwright.version=1", "meshwright.kubeconfig-dir=" + this.directory)
			.run((context) -> {
				ClusterProperties properties = context.getBean(ClusterProperties.class);
				assertThat(properties.sandboxes()).isNull();
				assertThat(properties.clusterRequestTimeout()).isEqualTo(Duration.ofSeconds(10));
				assertThat(context.getBean(Clusters.class).gateway("east", FILE)).isInstanceOfSatisfying(
						MeteredGateway.class,
						(gateway) -> assertThat(gateway.reached()).isInstanceOf(Fabric8Gateway.class));
				assertThat(context.getBean(Clusters.class).gateway("local", SANDBOX)).isInstanceOfSatisfying(
						MeteredGateway.class,
						(gateway) -> assertThat(gateway.reached()).isInstanceOf(SandboxGateway.class));
			});
	}

	@EnableConfigurationProperties(ClusterProperties.class)
	@Import(ConnectedClusters.class)
	static class Configured {

	}

	private void kubeconfig(String token) throws IOException {
		Files.writeString(this.directory.resolve("east"), """
				current-context: c
				contexts: [{name: c, context: {cluster: c, user: u}}]
				clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
				users: [{name: u, user: {token: %s}}]
				""".formatted(token));
	}

	@Test
	void oneGatewayAsLongAsNothingChanges() throws IOException {
		kubeconfig("one");
		ClusterGateway first = this.clusters.gateway("east", FILE);
		assertThat(this.clusters.gateway("east", FILE)).isSameAs(first);
		this.clock.addAndGet(Duration.ofSeconds(3).toNanos());
		assertThat(this.clusters.gateway("east", FILE)).isSameAs(first);
	}

	@Test
	void newCredentialsMakeANewGatewayAndCloseTheOldOne() throws IOException {
		kubeconfig("one");
		ClusterGateway first = this.clusters.gateway("east", FILE);
		kubeconfig("two");
		this.clock.addAndGet(Duration.ofSeconds(3).toNanos());
		assertThat(this.clusters.gateway("east", FILE)).isNotSameAs(first);
		assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(first::facts)
			.withMessageContaining("closed");
	}

	@Test
	void aFileThatIsTakenAwayClosesTheGateway() throws IOException {
		kubeconfig("one");
		ClusterGateway first = this.clusters.gateway("east", FILE);
		Files.delete(this.directory.resolve("east"));
		this.clock.addAndGet(Duration.ofSeconds(3).toNanos());
		assertThatExceptionOfType(ClusterFailure.Forbidden.class).isThrownBy(() -> this.clusters.gateway("east", FILE));
		assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(first::facts)
			.withMessageContaining("closed");
	}

	@Test
	void anotherConnectionTakesEffectAtOnce() throws IOException {
		kubeconfig("one");
		ClusterGateway first = this.clusters.gateway("east", FILE);
		assertThat(this.clusters.gateway("east", SANDBOX)).isNotSameAs(first);
	}

	@Test
	void aSandboxKeepsItsIdentityOverARestart() {
		String uid = this.clusters.gateway("local", SANDBOX).facts().clusterUid();
		this.clusters.forget("local");
		assertThat(this.clusters.gateway("local", SANDBOX).facts().clusterUid()).isEqualTo(uid);
		assertThat(this.clusters.gateway("other", SANDBOX).facts().clusterUid()).isNotEqualTo(uid);
		assertThatExceptionOfType(ClusterFailure.Forbidden.class)
			.isThrownBy(() -> this.clusters.gateway("../local", SANDBOX));
	}

	@Test
	void aConnectionThatSaysNothingIsRefused() {
		assertThatExceptionOfType(ClusterFailure.Forbidden.class)
			.isThrownBy(() -> this.clusters.gateway("east", new Connection(null, null, null)));
	}

	@Test
	void outsideAPodThereIsNoInCluster() {
		assertThatExceptionOfType(ClusterFailure.Forbidden.class)
			.isThrownBy(() -> this.clusters.gateway("here", new Connection(null, new InCluster(), null)))
			.withMessageContaining("service account");
	}

	@Test
	void inAPodTheMountedServiceAccountIsUsed() throws IOException {
		Files.writeString(this.directory.resolve("token"), "the-token\n");
		Files.writeString(this.directory.resolve("ca.crt"), "CA");
		ApiAccess access = ServiceAccountAccess.read(this.directory, "fd00::1", "443");
		assertThat(access.server()).isEqualTo("https://[fd00::1]:443");
		assertThat(access.authority()).isEqualTo("CA");
		assertThat(new TokenFile(access.tokenFile()).token()).isEqualTo("the-token");
	}

}
