package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.ownership.AdoptedObject;
import dev.meshwright.store.Jobs;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A push takes over what somebody named, on a real API server, and nothing else. */
class AdoptionIT {

	private static final String PORT = ".spec.ports[port=80,protocol=\"TCP\"].targetPort";

	private World world;

	private KubernetesClient others;

	private String ns;

	@BeforeEach
	void make() {
		RealApiServer server = RealApiServer.get();
		this.others = server.client();
		this.ns = server.freshName();
		this.world = new World(TestGateways.real(), this.ns);
		this.world.settle();
	}

	@AfterEach
	void close() {
		if (this.world != null) {
			this.world.close();
		}
	}

	private Manifest service() {
		return Objects.service(this.ns, "web", 80);
	}

	/** Somebody else's Service of our name; its port leads elsewhere. */
	private String foreign() {
		return this.others.services()
			.inNamespace(this.ns)
			.resource(new ServiceBuilder().withNewMetadata()
				.withName("web")
				.endMetadata()
				.withNewSpec()
				.addNewPort()
				.withPort(80)
				.withNewTargetPort(9999)
				.endPort()
				.endSpec()
				.build())
			.create()
			.getMetadata()
			.getUid();
	}

	private void adopt(Manifest manifest, String uid, String... fields) {
		Caller caller = Caller.system("test");
		this.world.store.jobs().submit(caller, Jobs.Task.ADOPT, "{}");
		Jobs.Claim claim = this.world.store.jobs().claim(Set.of(Jobs.Task.ADOPT), Duration.ofMinutes(1)).orElseThrow();
		assertThat(this.world.rows.adoptions()
			.adopt(claim, new ServiceRef(this.ns, "web"),
					List.of(new AdoptedObject(World.CLUSTER, manifest.ref().kind().apiVersion(),
							manifest.ref().kind().kind(), this.ns, manifest.ref().name(), uid, List.of(fields))),
					"{}"))
			.isTrue();
		this.world.settle();
	}

	private boolean isOurs(Manifest manifest) {
		return this.world.live(manifest.ref()).label(Stamps.MANAGED_BY).filter(Stamps.MESHWRIGHT::equals).isPresent();
	}

	private String conflict() {
		assertThat(this.world.programmed("web").reason()).isEqualTo("Conflict");
		return this.world.programmed("web").message();
	}

	@Test
	void whatIsNamedExactlyBecomesOursAndGoesWithTheService() {
		String uid = foreign();
		this.world.declare("web", service());
		this.world.settle();
		assertThat(conflict()).contains(uid, "adopt it");

		adopt(service(), uid);
		assertThat(conflict()).as("a field that nobody named stays theirs").contains(PORT);
		assertThat(isOurs(service())).isFalse();

		adopt(service(), uid, PORT);
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(isOurs(service())).isTrue();
		assertThat(this.world.live(service().ref()).uid()).as("it was not made anew").isEqualTo(uid);
		assertThat(this.world.store.jdbc()
			.sql("select uid from inventory where object_kind = 'Service' and namespace = :ns")
			.param("ns", this.ns)
			.query(String.class)
			.single()).isEqualTo(uid);

		this.world.undeclare(ResourceId.service(this.ns, "web"));
		this.world.settle();
		assertThat(this.world.gateway.get(service().ref())).isEmpty();
	}

	@Test
	void aStrangerInItsPlaceIsLeftAlone() {
		String uid = foreign();
		this.world.declare("web", service());
		this.world.settle();
		this.others.services().inNamespace(this.ns).withName("web").delete();
		String stranger = foreign();
		adopt(service(), uid, PORT);
		assertThat(conflict()).contains(stranger);
		assertThat(isOurs(service())).isFalse();
		this.world.store.jdbc().sql("update adoption set uid = :uid").param("uid", stranger).update();
		this.world.store.jdbc().sql("update adoption set expires_at = now()").update();
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(conflict()).as("what was decided does not hold for ever").contains(stranger);
	}

	@Test
	void aFieldOfOursThatAnotherHasIsTakenWhenItIsNamed() {
		Manifest before = Objects.deployment(this.ns, "web-v1", Map.of());
		this.world.declare("web", before);
		this.world.settle();
		this.world.gateway.apply(new Apply(before.ref(),
				Map.of("apiVersion", "apps/v1", "kind", "Deployment", "metadata",
						Map.of("namespace", this.ns, "name", "web-v1"), "spec", Map.of("minReadySeconds", 7)),
				null, null, false, "rival"));
		Manifest after = Objects.deployment(this.ns, "web-v1", Map.of("minReadySeconds", 3));
		this.world.declare("web", after);
		this.world.settle();
		assertThat(conflict()).contains(".spec.minReadySeconds", "rival");
		adopt(after, this.world.live(after.ref()).uid(), ".spec.replicas");
		assertThat(conflict()).contains(".spec.minReadySeconds");
		adopt(after, this.world.live(after.ref()).uid(), ".spec.minReadySeconds");
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(((Map<?, ?>) this.world.live(after.ref()).body().get("spec")).get("minReadySeconds"))
			.hasToString("3");
		assertThat(this.world.store.jdbc()
			.sql("select max(forced) from inventory where namespace = :ns")
			.param("ns", this.ns)
			.query(Integer.class)
			.single()).as("it is no fight").isZero();
	}

	@Test
	void whatWasDecidedIsOnRecord() {
		String uid = foreign();
		this.world.declare("web", service());
		this.world.settle();
		adopt(service(), uid, PORT);
		assertThat(this.world.store.auditLog().list(null, 10)).anyMatch((row) -> row.entry().allowed()
				&& row.entry().target().contains("Service " + this.ns + "/web, uid " + uid)
				&& row.entry().target().contains(PORT));
	}

}
