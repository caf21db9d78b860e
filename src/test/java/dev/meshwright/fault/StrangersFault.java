package dev.meshwright.fault;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.ShopDeclaration;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Objects that look like ours and are not, and ours that do not look like it any more.
 */
class StrangersFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final String LABEL = "app.kubernetes.io/managed-by";

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of("meshwright.reconcile.resync-interval", "5s"));

	private final FaultRig rig = SHARED.get();

	private final String namespace = "strangers-" + COUNT.incrementAndGet();

	/** With all that we write on an object, as somebody has who copied one of ours. */
	@Test
	void anObjectOfOurNameThatWeDidNotMakeIsNamedAndNeitherTakenNorPruned() throws Exception {
		String donor = this.namespace + "-donor";
		this.rig.declare(ShopDeclaration.of(donor, 90));
		new Oracle(this.rig, List.of(donor)).converges();
		this.rig.kubernetes
			.resource(new NamespaceBuilder().withNewMetadata().withName(this.namespace).endMetadata().build())
			.create();
		this.rig.live(this.namespace).create(copy(this.rig.live(donor).get("VirtualService", "webapp"), "webapp"));
		ObjectMeta stranger = route().getMetadata();
		this.rig.proxy.forget();

		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		assertConflict();
		this.rig.replicas.getFirst().kill();
		this.rig.heal();
		this.rig.declare(ShopDeclaration.routing(this.namespace, 50));
		assertConflict();
		assertThat(this.rig.live(this.namespace).get("Deployment", "webapp-v1")).as("the rest is pushed").isNotNull();
		assertThat(this.rig.proxy.mutations()).as("attempts").anyMatch((seen) -> isRoute(seen.object()));

		undeclare();
		FaultRig.await("the rest is gone",
				() -> this.rig.live(this.namespace)
					.resourceVersions()
					.keySet()
					.equals(Set.of("VirtualService/webapp")));
		assertThat(route().getMetadata()).as("the stranger").isEqualTo(stranger);
		assertThat(this.rig.proxy.mutations())
			.noneMatch((seen) -> seen.method().equals("DELETE") && isRoute(seen.object()));

		this.rig.declare(ShopDeclaration.of(this.namespace, 40));
		assertConflict();
		this.rig.live(this.namespace).delete("VirtualService", "webapp");
		new Oracle(this.rig, List.of(this.namespace, donor)).check();
	}

	/** Another operator copies labels and annotations to what it makes. */
	@Test
	void copiesOfOurObjectsOutliveThem() {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		Map<String, String> ours = this.rig.live(this.namespace).resourceVersions();
		ours.keySet().forEach((object) -> {
			String[] parts = object.split("/");
			GenericKubernetesResource live = this.rig.live(this.namespace).get(parts[0], parts[1]);
			this.rig.live(this.namespace).create(copy(live, parts[1] + "-copy"));
		});
		Map<String, String> copies = new TreeMap<>(this.rig.live(this.namespace).resourceVersions());
		copies.keySet().removeAll(ours.keySet());
		assertThat(copies).hasSameSizeAs(ours);
		long before = claims();
		FaultRig.await("everything was compared again", () -> claims() > before);
		this.rig.proxy.forget();

		undeclare();
		FaultRig.await("ours are gone", () -> this.rig.live(this.namespace).resourceVersions().equals(copies));
		assertThat(this.rig.proxy.mutations().stream().filter((seen) -> seen.method().equals("DELETE")).count())
			.as("deletes")
			.isEqualTo(ours.size());
		copies.keySet().forEach((copy) -> this.rig.live(this.namespace).delete(copy.split("/")[0], copy.split("/")[1]));
		new Oracle(this.rig, List.of(this.namespace)).check();
	}

	/** By hand, or by another tool that says it is its own. */
	@Test
	void ourLabelIsPutBackWhenItWasTakenOffOrChanged() {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		for (String object : List.of("VirtualService/webapp", "Deployment/webapp-v1")) {
			String uid = get(object).getMetadata().getUid();
			label(object, null);
			FaultRig.await("the label is back on " + object, () -> isOurs(object));
			label(object, "Helm");
			FaultRig.await("the label is ours again on " + object, () -> isOurs(object));
			assertThat(get(object).getMetadata().getUid()).isEqualTo(uid);
		}
		new Oracle(this.rig, List.of(this.namespace)).check();
		assertThat(this.rig.proxy.mutations()).noneMatch((seen) -> seen.method().equals("DELETE"));
	}

	/** As {@code kubectl apply --server-side --force-conflicts} of what it got. */
	@Test
	void whoAppliesWhatHeExportedDoesNotKeepItFromUs() {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		GenericKubernetesResource exported = route();
		exported.getMetadata().setManagedFields(null);
		exported.getMetadata().setResourceVersion(null);
		this.rig.kubernetes.resource(exported)
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager("kubectl")
				.withForce(true)
				.build(), exported);
		this.rig.declare(ShopDeclaration.routing(this.namespace, 30));
		FaultRig.await("the change is live", () -> Bystander.weights(this.rig, this.namespace).contains("30"));
		new Oracle(this.rig, List.of(this.namespace)).check();
	}

	/** Nobody knows any more whose it is, so nobody deletes it. */
	@Test
	void whatHasLostOurLabelIsNamedInsteadOfDeleted() {
		String reporting = ShopDeclaration.of(this.namespace, 90)
			.replace("injection: sidecar,", "injection: sidecar, driftPolicy: report,");
		this.rig.declare(reporting);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		label("VirtualService/webapp", null);
		ObjectMeta stripped = route().getMetadata();
		this.rig.api().awaitCondition(ShopDeclaration.service(this.namespace), "Drifted", "True");
		undeclare();
		JsonNode condition = this.rig.api()
			.awaitReason(ShopDeclaration.service(this.namespace), "Programmed", "Orphaned");
		assertThat(condition.path("message").asString()).contains("VirtualService", LABEL);
		assertThat(route().getMetadata()).isEqualTo(stripped);
		label("VirtualService/webapp", "meshwright");
		new Oracle(this.rig, List.of(this.namespace)).check();
		assertThat(this.rig.live(this.namespace).resourceVersions()).isEmpty();
	}

	private void assertConflict() {
		JsonNode condition = this.rig.api()
			.awaitReason(ShopDeclaration.routingPolicy(this.namespace), "Programmed", "Conflict");
		assertThat(condition.path("message").asString()).contains("VirtualService", this.namespace + "/webapp");
	}

	private void undeclare() {
		this.rig.declare("""
				kind: ChangeSet
				delete:
				  - {kind: RoutingPolicy, metadata: {namespace: %1$s, name: webapp}}
				  - {kind: Service, metadata: {namespace: %1$s, name: webapp}}
				""".formatted(this.namespace));
	}

	/** How often somebody worked on the service. */
	private long claims() {
		return this.rig.database.sql("select sum(fence) from unit where namespace = :namespace and service = 'webapp'")
			.param("namespace", this.namespace)
			.query(Long.class)
			.single();
	}

	private GenericKubernetesResource copy(GenericKubernetesResource live, String name) {
		GenericKubernetesResource copy = new GenericKubernetesResource();
		copy.setApiVersion(live.getApiVersion());
		copy.setKind(live.getKind());
		copy.setMetadata(new ObjectMetaBuilder().withName(name)
			.withLabels(live.getMetadata().getLabels())
			.withAnnotations(live.getMetadata().getAnnotations())
			.build());
		if (live.get("spec") instanceof Map<?, ?> spec) {
			Map<String, Object> fields = new TreeMap<>();
			spec.forEach((field, value) -> fields.put(String.valueOf(field), value));
			fields.keySet().removeAll(List.of("clusterIP", "clusterIPs"));
			copy.setAdditionalProperty("spec", fields);
		}
		return copy;
	}

	private GenericKubernetesResource route() {
		return get("VirtualService/webapp");
	}

	private GenericKubernetesResource get(String object) {
		return this.rig.live(this.namespace).get(object.split("/")[0], object.split("/")[1]);
	}

	private boolean isOurs(String object) {
		return "meshwright".equals(get(object).getMetadata().getLabels().get(LABEL));
	}

	/** Sets our label to something else; null takes it off. */
	private void label(String object, String value) {
		this.rig.kubernetes.resource(get(object)).edit((live) -> {
			ObjectMetaBuilder metadata = new ObjectMetaBuilder(live.getMetadata()).removeFromLabels(LABEL);
			live.setMetadata(((value != null) ? metadata.addToLabels(LABEL, value) : metadata).build());
			return live;
		});
	}

	private boolean isRoute(String object) {
		return object.endsWith("/" + this.namespace + "/virtualservices/webapp");
	}

}
