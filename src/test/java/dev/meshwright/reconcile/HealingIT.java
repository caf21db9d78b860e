package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** With which calls what others changed is set right, and what of theirs stays. */
class HealingIT {

	private World world;

	private KubernetesClient others;

	private String ns;

	/** Whether each apply was forced, also of those that were refused. */
	private final List<Boolean> forced = Collections.synchronizedList(new ArrayList<>());

	@BeforeEach
	void make() {
		RealApiServer server = RealApiServer.get();
		this.others = server.client();
		this.ns = server.freshName();
		this.world = new World(TestGateways.real(), this.ns);
		this.world.declare("web", Objects.service(this.ns, "web", 80));
		this.world.settle();
		this.world.gateway.before = (apply) -> {
			this.forced.add(apply.force());
			return apply;
		};
		this.world.gateway.reads.clear();
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	@Test
	void oneForcedWriteSetsRightWhatTwoManagersChanged() {
		others("rival", "{selector: {app.kubernetes.io/name: rival}}");
		others("second", "{ports: [{name: http, port: 80, protocol: TCP, targetPort: 9999}]}");
		compare();
		assertThat(this.forced).containsExactly(true);
		assertThat(this.world.gateway.reads).containsOnlyOnce("get " + service());
		assertThat(live().getSpec().getSelector()).containsEntry("app.kubernetes.io/name", "web");
		assertThat(live().getSpec().getPorts().getFirst().getTargetPort().getIntVal()).isEqualTo(8080);
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	@Test
	void whatOthersHaveThatWeNeverPushedStaysTheirs() {
		others("rival", "{selector: {app.kubernetes.io/name: rival}, sessionAffinity: ClientIP}");
		compare();
		assertThat(this.forced).containsExactly(true);
		assertThat(live().getSpec().getSelector()).containsEntry("app.kubernetes.io/name", "web");
		assertThat(live().getSpec().getSessionAffinity()).isEqualTo("ClientIP");
	}

	/**
	 * What was decided on is what is forced: after any other change it is asked first.
	 */
	@Test
	void aChangeAfterTheLookIsNotForced() {
		others("rival", "{selector: {app.kubernetes.io/name: rival}}");
		this.world.gateway.before = (apply) -> {
			if (this.forced.isEmpty()) {
				others("second", "{sessionAffinity: ClientIP}");
			}
			this.forced.add(apply.force());
			return apply;
		};
		compare();
		assertThat(this.forced).containsExactly(true, false, true);
		assertThat(live().getSpec().getSelector()).containsEntry("app.kubernetes.io/name", "web");
		assertThat(live().getSpec().getSessionAffinity()).isEqualTo("ClientIP");
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	/** A field that is declared now and that another manager had before is no drift. */
	@Test
	void whatIsPushedForTheFirstTimeIsNotForcedWithTheRest() {
		others("rival", "{selector: {app.kubernetes.io/name: rival}}");
		compare();
		this.world.store.jdbc().sql("update inventory set forced_at = now() - interval '1 hour'").update();
		this.forced.clear();
		others("rival", "{selector: {app.kubernetes.io/name: rival}, sessionAffinity: ClientIP}");
		this.world.declare("web", with("sessionAffinity", "None"));
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.forced).isNotEmpty().containsOnly(false);
		assertThat(this.world.programmed("web").reason()).isEqualTo(Failures.CONFLICT);
		assertThat(this.world.programmed("web").message()).contains("rival", ".spec.sessionAffinity");
		assertThat(live().getSpec().getSessionAffinity()).isEqualTo("ClientIP");
	}

	@Test
	void whatIsGoneIsMadeAgain() {
		this.others.services().inNamespace(this.ns).withName("web").delete();
		compare();
		assertThat(this.forced).isNotEmpty().containsOnly(false);
		assertThat(live().getSpec().getSelector()).containsEntry("app.kubernetes.io/name", "web");
	}

	private void compare() {
		this.world.rows.units().resyncAll();
		this.world.waitIsOver();
		this.world.settle(Duration.ofMillis(10));
	}

	private void others(String manager, String spec) {
		this.others.services()
			.inNamespace(this.ns)
			.withName("web")
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager(manager)
				.withForce(true)
				.build(), "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: " + spec);
	}

	private Manifest with(String field, Object value) {
		Manifest service = Objects.service(this.ns, "web", 80);
		Map<String, Object> spec = new LinkedHashMap<>();
		((Map<?, ?>) service.body().get("spec")).forEach((name, each) -> spec.put(String.valueOf(name), each));
		spec.put(field, value);
		Map<String, Object> body = new LinkedHashMap<>(service.body());
		body.put("spec", spec);
		return Manifest.make(service.ref(), body);
	}

	private Service live() {
		return this.others.services().inNamespace(this.ns).withName("web").get();
	}

	private ObjectRef service() {
		return Objects.ref(ObjectKind.SERVICE, this.ns, "web");
	}

}
