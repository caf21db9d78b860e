package dev.meshwright.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.AdmissionWebhook;
import dev.meshwright.e2e.RewritingWebhook;
import dev.meshwright.e2e.ShopDeclaration;
import dev.meshwright.e2e.TrafficLog;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
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

	/** It is not fought over, and set right when the webhook has gone. */
	@Test
	void whatAWebhookRewritesIsNamedAndLeftAloneAsLongAsItDoes() throws Exception {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		this.rig.declare(service("example/webapp:1"));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		assertThat(drifted().path("reason").asString()).as("another spelling is no drift").isEqualTo("AsPushed");
		try (RewritingWebhook webhook = new RewritingWebhook(this.rig.kubernetes, this.namespace)) {
			FaultRig.await("the webhook rewrites", this::isRewritten);
			this.rig.declare(service("example/webapp:2"));
			JsonNode condition = this.rig.api()
				.awaitReason(ShopDeclaration.service(this.namespace), "Drifted", "RewrittenByAdmission");
			assertThat(condition.path("status").asString()).isEqualTo("True");
			assertThat(condition.path("message").asString())
				.contains("Deployment.apps " + this.namespace + "/webapp-v1: ", "].image is rewritten",
						".env[name=\"MODE\"] is removed")
				.doesNotContain("resources", "scanned", "agent", "env[name=\"LEVEL\"]");
			this.rig.api().awaitCondition(ShopDeclaration.service(this.namespace), "Programmed", "True");
			assertThat(rewritten()).hasSize(2)
				.anySatisfy((field) -> assertThat(field)
					.contains("].image: example/webapp:2 -> " + RewritingWebhook.REGISTRY))
				.anySatisfy((field) -> assertThat(field).contains(".env[name=\"MODE\"]").endsWith(" -> "));
			isLeftAlone();
			this.rig.replicas.getFirst().kill();
			this.rig.heal();
			isLeftAlone();
			assertThat(drifted().path("reason").asString()).isEqualTo("RewrittenByAdmission");
		}
		this.rig.api().awaitReason(ShopDeclaration.service(this.namespace), "Drifted", "AsPushed");
		assertThat(rewritten()).isEmpty();
		this.rig.kubernetes.apps()
			.deployments()
			.inNamespace(this.namespace)
			.withName("webapp-v1")
			.edit((live) -> new DeploymentBuilder(live).editSpec()
				.editTemplate()
				.editSpec()
				.removeMatchingFromContainers((container) -> container.getName().equals("agent"))
				.endSpec()
				.endTemplate()
				.endSpec()
				.build());
		new Oracle(this.rig, List.of(this.namespace)).check();
	}

	/** For several comparisons, which ask the webhook without writing. */
	private void isLeftAlone() {
		Map<String, String> before = this.rig.live(this.namespace).resourceVersions();
		this.rig.proxy.forget();
		FaultRig.await("it is compared twice", () -> rehearsals() >= 4);
		assertThat(this.rig.live(this.namespace).resourceVersions()).isEqualTo(before);
		assertThat(this.rig.proxy.mutations()).noneMatch((each) -> each.path().contains("/" + this.namespace + "/"));
	}

	private long rehearsals() {
		return this.rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> each.seen().path().contains("/" + this.namespace + "/deployments/")
					&& each.seen().path().contains("dryRun=All"))
			.count();
	}

	private JsonNode drifted() {
		for (JsonNode condition : this.rig.api()
			.get(ShopDeclaration.service(this.namespace))
			.body()
			.at("/status/conditions")) {
			if (condition.path("type").asString().equals("Drifted")) {
				return condition;
			}
		}
		throw new AssertionError("nothing is said of drift");
	}

	/** As {@code /drift} shows it: field, what was sent, what is there. */
	private List<String> rewritten() {
		JsonNode cluster = this.rig.api()
			.get(ShopDeclaration.service(this.namespace) + "/drift")
			.body()
			.at("/clusters/0");
		assertThat(cluster.path("objects").isEmpty()).as("it is nobody's drift: %s", cluster).isTrue();
		List<String> rewritten = new ArrayList<>();
		for (JsonNode field : cluster.path("rewritten")) {
			rewritten.add(field.path("path").asString() + ": " + field.path("declared").asString("") + " -> "
					+ field.path("live").asString(""));
		}
		return rewritten;
	}

	private boolean isRewritten() {
		return this.rig.kubernetes.resource(this.rig.live(this.namespace).get("Deployment", "webapp-v1"))
			.dryRun()
			.update()
			.toString()
			.contains(RewritingWebhook.REGISTRY);
	}

	/** With amounts that the API server spells in its own way. */
	private String service(String image) {
		return """
				kind: Service
				metadata: {namespace: %s, name: webapp}
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  versions:
				    - name: v1
				      workload:
				        image: "%s"
				        env: [{name: MODE, value: fast}, {name: LEVEL, value: "1000m"}, {name: EMPTY, value: ""}]
				        resources: {requests: {cpu: 1000m, memory: 1024Mi}, limits: {cpu: "2.0", memory: 2048Mi}}
				    - {name: v2, workload: {image: "nginxinc/nginx-unprivileged:1.30"}}
				""".formatted(this.namespace, image);
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
