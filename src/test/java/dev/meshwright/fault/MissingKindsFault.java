package dev.meshwright.fault;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.e2e.ShopDeclaration;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersionBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A mesh that is not installed yet, is installed, upgraded, taken away and comes back.
 */
class MissingKindsFault {

	private static final String ROUTES = "virtualservices.networking.istio.io";

	private final String namespace = "missing-kinds";

	@Test
	void whatIsServedIsPushedAndTheRestWaits(@TempDir Path directory) throws Exception {
		try (RealApiServer server = RealApiServer.another();
				FaultRig rig = FaultRig.start(directory, server, 1,
						Map.of("meshwright.reconcile.resync-interval", "1h"))) {
			rig.declare(ShopDeclaration.of(this.namespace, 90));
			FaultRig.await("what needs no mesh is there",
					() -> rig.kubernetes.apps()
						.deployments()
						.inNamespace(this.namespace)
						.list()
						.getItems()
						.size() == 2);
			JsonNode condition = rig.api()
				.awaitReason(ShopDeclaration.service(this.namespace), "Programmed", "KindNotServed");
			assertThat(condition.path("message").asString()).contains("CRDs");
			rig.proxy.forget();
			FaultRig.sleep(Duration.ofSeconds(10));
			assertThat(discoveries(rig)).as("looks at what is served, in ten seconds").isLessThanOrEqualTo(12);
			assertThat(rig.proxy.mutations().size()).as("attempts, later each time").isLessThanOrEqualTo(20);

			server.installCrds();
			new Oracle(rig, List.of(this.namespace)).check();
			new WatchedCluster(rig).awaitFollowed();
			new WatchedCluster(rig).assertDriftIsHealed(this.namespace);

			addVersion(rig);
			rig.declare(ShopDeclaration.routing(this.namespace, 60));
			new Oracle(rig, List.of(this.namespace)).check();

			CustomResourceDefinition definition = remove(rig);
			rig.proxy.forget();
			rig.declare(ShopDeclaration.routing(this.namespace, 30));
			rig.api().awaitReason(ShopDeclaration.routingPolicy(this.namespace), "Programmed", "KindNotServed");
			FaultRig.sleep(Duration.ofSeconds(5));
			assertThat(rig.proxy.mutations()).as("nothing else goes with it")
				.noneMatch((seen) -> seen.method().equals("DELETE"));
			assertThat(rig.kubernetes.apps().deployments().inNamespace(this.namespace).list().getItems()).hasSize(2);

			rig.kubernetes.resource(definition).create();
			FaultRig.await("the kind is served again", () -> isServed(rig));
			new Oracle(rig, List.of(this.namespace)).check();
			new WatchedCluster(rig).awaitFollowed();
			rig.live(this.namespace).delete("VirtualService", "webapp");
			FaultRig.await("what came back is watched",
					() -> rig.live(this.namespace).get("VirtualService", "webapp") != null);
			new Oracle(rig, List.of(this.namespace)).check();
			assertThat(rig.replicas.getFirst().alive()).isTrue();
		}
	}

	/** A further version is served, and fills in what is not said. */
	private static void addVersion(FaultRig rig) {
		rig.kubernetes.apiextensions().v1().customResourceDefinitions().withName(ROUTES).edit((definition) -> {
			List<CustomResourceDefinitionVersion> versions = new ArrayList<>(definition.getSpec().getVersions());
			CustomResourceDefinitionVersion next = new CustomResourceDefinitionVersionBuilder(versions.getFirst())
				.withName("v2")
				.withStorage(false)
				.build();
			next.getSchema()
				.getOpenAPIV3Schema()
				.getProperties()
				.get("spec")
				.getProperties()
				.get("exportTo")
				.setDefault(io.fabric8.kubernetes.client.utils.Serialization.unmarshal("[\"*\"]",
						com.fasterxml.jackson.databind.JsonNode.class));
			versions.add(next);
			definition.getSpec().setVersions(versions);
			return definition;
		});
	}

	/** As an uninstalled mesh does; every object of the kind goes with it. */
	private static CustomResourceDefinition remove(FaultRig rig) {
		CustomResourceDefinition definition = rig.kubernetes.apiextensions()
			.v1()
			.customResourceDefinitions()
			.withName(ROUTES)
			.get();
		rig.kubernetes.apiextensions().v1().customResourceDefinitions().withName(ROUTES).delete();
		FaultRig.await("the kind is gone",
				() -> rig.kubernetes.apiextensions().v1().customResourceDefinitions().withName(ROUTES).get() == null);
		definition.setStatus(null);
		definition.getMetadata().setResourceVersion(null);
		definition.getMetadata().setUid(null);
		definition.getMetadata().setManagedFields(null);
		return definition;
	}

	private boolean isServed(FaultRig rig) {
		try {
			rig.live(this.namespace).resourceVersions();
			return true;
		}
		catch (KubernetesClientException ex) {
			return false;
		}
	}

	private static long discoveries(FaultRig rig) {
		return rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> each.seen().object().equals("/apis") || each.seen().object().equals("/api"))
			.count();
	}

}
