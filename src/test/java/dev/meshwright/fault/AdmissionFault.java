package dev.meshwright.fault;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.AdmissionWebhook;
import dev.meshwright.e2e.ShopDeclaration;
import dev.meshwright.e2e.TrafficLog;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Webhooks that have a say in what we push and take away. */
class AdmissionFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of("meshwright.reconcile.resync-interval", "5s"));

	private final FaultRig rig = SHARED.get();

	private final String namespace = "admission-" + COUNT.incrementAndGet();

	/** As long as something may not be deleted it is known, named and asked for again. */
	@Test
	void whatMayNotBeDeletedYetStaysKnownAndGoesWhenItMay() throws Exception {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		Map<String, String> before = this.rig.live(this.namespace).resourceVersions();
		try (AdmissionWebhook webhook = new AdmissionWebhook(this.rig.kubernetes, this.namespace, "DELETE")) {
			awaitRefusal();
			this.rig.proxy.forget();
			this.rig.declare("""
					kind: ChangeSet
					delete:
					  - {kind: RoutingPolicy, metadata: {namespace: %1$s, name: webapp}}
					  - {kind: Service, metadata: {namespace: %1$s, name: webapp}}
					""".formatted(this.namespace));
			JsonNode condition = this.rig.api()
				.awaitReason(ShopDeclaration.service(this.namespace), "Programmed", "AdmissionDenied");
			assertThat(condition.path("message").asString()).contains(AdmissionWebhook.MESSAGE, "VirtualService");
			this.rig.replicas.getFirst().kill();
			this.rig.heal();
			FaultRig.await("it is asked for again and again", () -> refused() > 3);
			assertThat(inventory()).as("still known").contains("VirtualService/webapp");
			assertThat(this.rig.live(this.namespace).resourceVersions()).as("what the route may lead to stays")
				.containsAllEntriesOf(before);
			webhook.allow();
			new Oracle(this.rig, List.of(this.namespace)).check();
		}
		assertThat(this.rig.live(this.namespace).resourceVersions()).as("orphans").isEmpty();
		FaultRig.await("the service is gone",
				() -> this.rig.api().get(ShopDeclaration.service(this.namespace)).status() == 404);
	}

	private void awaitRefusal() {
		FaultRig.await("the webhook refuses", () -> {
			try {
				this.rig.kubernetes.resource(this.rig.live(this.namespace).get("VirtualService", "webapp"))
					.dryRun()
					.delete();
				return false;
			}
			catch (KubernetesClientException ex) {
				return ex.getMessage().contains(AdmissionWebhook.MESSAGE);
			}
		});
	}

	private long refused() {
		return this.rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> each.seen().method().equals("DELETE") && each.status() == 403)
			.map(TrafficLog.Exchange::seen)
			.count();
	}

	private List<String> inventory() {
		return this.rig.database
			.sql("""
					select split_part(object_kind, '.', 1) || '/' || object_name from inventory where namespace = :namespace""")
			.param("namespace", this.namespace)
			.query(String.class)
			.list();
	}

}
