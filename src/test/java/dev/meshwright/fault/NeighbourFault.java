package dev.meshwright.fault;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.ShopDeclaration;
import dev.meshwright.e2e.TrafficLog;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What others do in a cluster: finalizers, namespaces that end. */
class NeighbourFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of());

	private final FaultRig rig = SHARED.get();

	private final String namespace = "neighbour-" + COUNT.incrementAndGet();

	/** Somebody's finalizer keeps an object that we deleted. */
	@Test
	void anObjectThatWaitsForAFinalizerIsNamedAndNotMadeAgain() {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		finalizers("example.com/hold");
		this.rig.proxy.forget();
		this.rig.declare("""
				kind: ChangeSet
				delete:
				  - {kind: RoutingPolicy, metadata: {namespace: %1$s, name: webapp}}
				  - {kind: Service, metadata: {namespace: %1$s, name: webapp}}
				""".formatted(this.namespace));
		JsonNode condition = this.rig.api()
			.awaitReason(ShopDeclaration.service(this.namespace), "Programmed", "Terminating");
		assertThat(condition.path("message").asString()).contains("example.com/hold", "VirtualService");
		assertThat(this.rig.proxy.log().done().stream().map(TrafficLog.Exchange::seen)).as("nothing is made again")
			.noneMatch((seen) -> seen.method().equals("PATCH") && seen.path().contains(this.namespace + "/virtual"));
		finalizers();
		FaultRig.await("the service is gone",
				() -> this.rig.api().get(ShopDeclaration.service(this.namespace)).status() == 404);
		new Oracle(this.rig, List.of(this.namespace)).check();
		assertThat(this.rig.live(this.namespace).resourceVersions()).isEmpty();
	}

	/**
	 * Without a namespace controller it stays so, which is the longest that it can last.
	 */
	@Test
	void aNamespaceThatEndsIsLeftAloneAndNamed() {
		String other = this.namespace + "-other";
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		this.rig.declare(ShopDeclaration.of(other, 90));
		new Oracle(this.rig, List.of(this.namespace, other)).converges();
		this.rig.kubernetes.namespaces().withName(this.namespace).delete();
		this.rig.declare(ShopDeclaration.of(this.namespace, 50)
			.replace("name: v2", "name: v3")
			.replace("version: v2", "version: v3"));
		JsonNode condition = this.rig.api()
			.awaitReason(ShopDeclaration.service(this.namespace), "Programmed", "NamespaceMissing");
		assertThat(condition.path("status").asString()).isEqualTo("False");
		this.rig.declare(ShopDeclaration.routing(other, 50));
		new Oracle(this.rig, List.of(other)).check();
		assertThat(this.rig.proxy.mutations()
			.stream()
			.filter((seen) -> seen.path().contains(this.namespace + "/dep"))
			.count()).as("attempts to make the new Deployment, later each time").isLessThan(40);
	}

	private void finalizers(String... finalizers) {
		GenericKubernetesResource route = this.rig.live(this.namespace).get("VirtualService", "webapp");
		this.rig.kubernetes.resource(route).edit((live) -> {
			live.setMetadata(new ObjectMetaBuilder(live.getMetadata()).withFinalizers(finalizers).build());
			return live;
		});
	}

}
