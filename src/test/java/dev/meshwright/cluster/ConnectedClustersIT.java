package dev.meshwright.cluster;

import java.nio.file.Path;
import java.time.Duration;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.cluster.ClusterSpec.Connection;
import dev.meshwright.model.cluster.ClusterSpec.Kubeconfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConnectedClustersIT {

	@TempDir
	private Path directory;

	@Test
	void aKubeconfigOfTheDirectoryReachesItsCluster() {
		RealApiServer server = RealApiServer.get();
		server.writeKubeconfig(this.directory, "real");
		ConnectedClusters clusters = new ConnectedClusters(new ClusterProperties(this.directory.toString(), null,
				Duration.ofSeconds(10), false, Duration.ofSeconds(75), "meshwright"), new SimpleMeterRegistry(),
				ObservationRegistry.NOOP);
		ClusterGateway gateway = clusters.gateway("east", new Connection(new Kubeconfig("real", null), null, null));
		assertThat(gateway.facts().clusterUid())
			.isEqualTo(server.client().namespaces().withName("kube-system").get().getMetadata().getUid());
		assertThat(gateway.facts().serves(ObjectKind.HTTP_ROUTE)).isTrue();
		clusters.forget("east");
		assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(gateway::facts)
			.withMessageContaining("closed");
	}

}
