package dev.meshwright.fault;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.e2e.ApiServerProxy;
import dev.meshwright.e2e.LiveObjects;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The connection of a cluster leads to another one, which is empty. */
class OtherClusterFault {

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of("meshwright.reconcile.resync-interval", "5s"));

	private static RealApiServer other;

	private static ApiServerProxy proxy;

	private final FaultRig rig = SHARED.get();

	private final String namespace = "other-cluster-" + Long.toString(System.nanoTime(), 36);

	private final Journal journal = new Journal();

	@BeforeAll
	static void startOther() {
		other = RealApiServer.another();
		other.installCrds();
		proxy = new ApiServerProxy(other.kubeconfig());
	}

	@AfterAll
	static void stopOther() {
		proxy.close();
		other.close();
	}

	/** Somebody has mounted the kubeconfig of another cluster. */
	@Test
	void anotherKubeconfigIsNoticedBeforeAnythingIsWritten() throws IOException {
		declare();
		try (Writers writers = new Writers(this.journal, this.rig::api, List.of(this.namespace))) {
			long before = this.journal.acknowledged();
			FaultRig.await("writes are answered", () -> this.journal.acknowledged() > before + 20);
			this.rig.connect(0, proxy.kubeconfig("replica-0"));
			this.rig.awaitHalt("WrongCluster");
			FaultRig.sleep(Duration.ofSeconds(8));
		}
		assertThat(proxy.log().exchanges()).as("it has asked").isNotEmpty();
		assertThat(proxy.mutations()).as("writes").isEmpty();
		JsonNode condition = this.rig.api()
			.awaitReason("/api/v1/namespaces/" + this.namespace + "/services/webapp", "Programmed", "WrongCluster");
		assertThat(condition.path("status").asString()).isEqualTo("Unknown");
		this.rig.connect(0, this.rig.proxy.kubeconfig("replica-0"));
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
		assertThat(this.rig.cluster().at("/status/cluster/halt").isMissingNode()).as("lifted by itself").isTrue();
	}

	/**
	 * The same address leads elsewhere, as after a change of a name or a load balancer.
	 */
	@Test
	void anotherClusterAtTheSameAddressIsNoticedBeforeAnythingIsWritten() {
		declare();
		// as clusters of one kind have the same namespaces
		other.client()
			.resource(new NamespaceBuilder().withNewMetadata().withName(this.namespace).endMetadata().build())
			.create();
		long asked = this.rig.proxy.log().exchanges().size();
		try (Writers writers = new Writers(this.journal, this.rig::api, List.of(this.namespace))) {
			long before = this.journal.acknowledged();
			FaultRig.await("writes are answered", () -> this.journal.acknowledged() > before + 20);
			this.rig.proxy.leadTo(other.kubeconfig());
			for (int number = 0; number < 5; number++) {
				this.rig.declare(FleetDeclaration.service(this.namespace, number, "example/app:1"));
			}
			this.rig.awaitHalt("WrongCluster");
			FaultRig.sleep(Duration.ofSeconds(8));
		}
		assertThat(this.rig.proxy.log().exchanges().size()).as("calls").isGreaterThan((int) asked + 20);
		assertThat(new LiveObjects(other.client(), this.namespace).resourceVersions()).as("written there").isEmpty();
		assertThat(other.client().namespaces().withName(this.namespace).get().getMetadata().getAnnotations())
			.isNullOrEmpty();
		this.rig.proxy.leadTo(RealApiServer.get().kubeconfig());
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	private void declare() {
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		this.rig.proxy.forget();
		proxy.forget();
	}

}
