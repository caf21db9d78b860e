package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.store.Units.Claim;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a push does to objects of a real API server that others know, too. */
class PushIT {

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

	private Manifest account() {
		return Objects.account(this.ns, "web");
	}

	private Manifest service(int port) {
		return Objects.service(this.ns, "web", port);
	}

	private Manifest route(String version) {
		return Objects.route(this.ns, "web", version);
	}

	@Test
	void pushesOnceAndThenLeavesAlone() {
		this.world.writes();
		this.world.declare("web", account(), service(80), Objects.subsets(this.ns, "web", "v1"), route("v1"));
		this.world.settle();
		assertThat(this.world.writes()).hasSize(4).doesNotHaveDuplicates();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		String version = this.world.live(service(80).ref()).resourceVersion();
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.live(service(80).ref()).resourceVersion()).isEqualTo(version);
	}

	/** Whoever applies what he exported owns our annotations, too. */
	@Test
	void whatWeStampStaysOursWhoeverElseHasAppliedIt() {
		this.world.declare("web", account(), service(80));
		this.world.settle();
		Map<String, String> stamps = this.others.services()
			.inNamespace(this.ns)
			.withName("web")
			.get()
			.getMetadata()
			.getAnnotations();
		this.others.services()
			.inNamespace(this.ns)
			.withName("web")
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager("kubectl")
				.withForce(true)
				.build(),
					new ServiceBuilder().withNewMetadata()
						.withName("web")
						.withNamespace(this.ns)
						.withAnnotations(stamps)
						.endMetadata()
						.build());
		this.world.declare("web", account(), service(81));
		this.world.settle();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.live(service(80).ref()).body().toString()).contains("port=81");
	}

	@Test
	void leavesAForeignObjectAloneAndStillPushesTheRest() {
		foreignService();
		String version = this.world.live(service(80).ref()).resourceVersion();
		this.world.declare("web", account(), service(80), route("v1"));
		this.world.settle();
		assertThat(this.world.live(service(80).ref()).resourceVersion()).isEqualTo(version);
		assertThat(this.world.gateway.get(account().ref())).isPresent();
		assertThat(this.world.gateway.get(route("v1").ref())).as("nothing is switched to").isEmpty();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.FALSE);
		assertThat(this.world.programmed("web").reason()).isEqualTo("Conflict");
		assertThat(this.world.programmed("web").message()).contains("Service " + this.ns + "/web");
		assertThat(inventoried("web")).doesNotContain("Service");
	}

	@Test
	void takesOverWhenTheNamespaceSaysSo() {
		foreignService();
		this.world.push = new Compilation.Push(Duration.ZERO, Duration.ZERO, ConflictPolicy.TAKE_OVER,
				DeletionPolicy.DELETE, DriftPolicy.HEAL);
		this.world.declare("web", account(), service(80));
		this.world.settle();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(inventoried("web")).contains("Service");
	}

	@Test
	void withdrawsFromAnObjectThatExistedAfterAll() {
		foreignService();
		this.world.gateway.before = (apply) -> ObjectPush.BEFORE_EVERYTHING.equals(apply.resourceVersion())
				? new Apply(apply.ref(), apply.body(), null, null, true) : apply;
		this.world.declare("web", account(), service(80));
		this.world.settle();
		assertThat(this.world.live(service(80).ref()).label(Stamps.MANAGED_BY)).isEmpty();
		assertThat(this.world.live(service(80).ref()).body().get("metadata").toString())
			.doesNotContain("manager=meshwright");
		assertThat(this.world.programmed("web").reason()).isEqualTo("Conflict");
		assertThat(inventoried("web")).doesNotContain("Service");
	}

	@Test
	void anAutoscalerTakesOverTheLiveNumberAndGivesItBack() {
		this.world.declare("web", deployment(Map.of("replicas", 3)));
		this.world.settle();
		this.world.declare("web", deployment(Map.of()));
		this.world.settle();
		assertThat(replicas()).as("not 1, the default of the API server").isEqualTo(3);
		// as the autoscaler does
		this.others.apps().deployments().inNamespace(this.ns).withName("web-v1").scale(7);
		this.world.declare("web", deployment(Map.of("paused", false)));
		this.world.settle();
		assertThat(replicas()).isEqualTo(7);
		this.world.declare("web", deployment(Map.of("replicas", 2)));
		this.world.settle();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(replicas()).isEqualTo(2);
	}

	private Object replicas() {
		ObjectRef ref = Objects.ref(ObjectKind.DEPLOYMENT, this.ns, "web-v1");
		return ((Map<?, ?>) this.world.live(ref).body().get("spec")).get("replicas");
	}

	private Manifest deployment(Map<String, Object> more) {
		return Objects.deployment(this.ns, "web-v1", more);
	}

	@Test
	void aFieldThatWeNeverPushedIsAConflictThatNamesManagerAndPath() {
		this.world.declare("web", account(), service(80));
		this.world.settle();
		apply("rival", "spec: {sessionAffinity: ClientIP}", true);
		ObjectRef ref = service(80).ref();
		this.world.declare("web", account(),
				Manifest.make(ref, Objects.body(ref, Map.of("spec", Map.of("sessionAffinity", "None", "ports",
						List.of(Map.of("name", "http", "port", 80, "protocol", "TCP", "targetPort", 8080)))))));
		this.world.settle();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Conflict");
		assertThat(this.world.programmed("web").message()).contains("rival", ".spec.sessionAffinity");
		assertThat(this.world.live(ref).body().toString()).contains("sessionAffinity=ClientIP");
	}

	@Test
	void aFieldThatWePushedIsDriftAndIsHealed() {
		this.world.declare("web", account(), service(80));
		this.world.settle();
		this.world.writes();
		apply("rival", "spec: {selector: {app.kubernetes.io/name: rival}}", true);
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.writes()).containsExactly("apply Service " + this.ns + "/web");
		assertThat(this.world.live(service(80).ref()).body().get("spec").toString())
			.contains("app.kubernetes.io/name=web");
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	@Test
	void aMissingObjectIsMadeAgain() {
		this.world.declare("web", account(), service(80));
		this.world.settle();
		this.others.services().inNamespace(this.ns).withName("web").delete();
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.gateway.get(service(80).ref())).isPresent();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	@Test
	void somebodyElsesLabelDoesNotStopAnUpdate() {
		this.world.declare("web", account(), service(80));
		this.world.settle();
		apply("rival", "metadata: {labels: {team: rival}}", false);
		this.world.declare("web", account(), service(81));
		this.world.settle();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.live(service(81).ref()).body().toString()).contains("port=81", "team=rival");
	}

	@Test
	void whatAKilledWorkerMadeIsOursAndItsLateWriteIsRefused() {
		this.world.declare("web", account(), service(80), route("v1"));
		this.world.step();
		List<Claim> killed = this.world.claim("killed");
		List<Apply> sent = new java.util.concurrent.CopyOnWriteArrayList<>();
		this.world.gateway.after = (apply) -> {
			sent.add(apply);
			if (apply.ref().kind() == ObjectKind.SERVICE) {
				throw new IllegalStateException("killed");
			}
		};
		this.world.workAndDie(killed);
		this.world.gateway.after = (apply) -> {
		};
		assertThat(this.world.gateway.get(service(80).ref())).isPresent();
		assertThat(this.world.gateway.get(route("v1").ref())).isEmpty();
		String left = this.world.live(service(80).ref()).resourceVersion();
		this.world.expireLeases();
		this.world.settle();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.gateway.get(route("v1").ref())).isPresent();
		assertThat(this.world.live(service(80).ref()).annotation("meshwright.dev/fence"))
			.hasValueSatisfying((fence) -> assertThat(Long.parseLong(fence)).isGreaterThan(killed.getFirst().fence()));
		assertThat(sent).extracting(Apply::ref).contains(service(80).ref());
		Apply late = new Apply(service(80).ref(), service(99).body(), this.world.live(service(80).ref()).uid(), left,
				true);
		assertThatExceptionOfType(ClusterFailure.Stale.class).isThrownBy(() -> this.world.gateway.apply(late));
	}

	@Test
	void deletesExactlyItsOwn() {
		this.world.declare("web", account(), service(80), route("v1"));
		this.world.settle();
		this.others.services().resource(other("bystander")).create();
		this.world.undeclare(ResourceId.service(this.ns, "web"));
		this.world.settle();
		assertThat(this.world.gateway.get(service(80).ref())).isEmpty();
		assertThat(this.world.gateway.get(route("v1").ref())).isEmpty();
		assertThat(this.others.services().inNamespace(this.ns).withName("bystander").get()).isNotNull();
		assertThat(this.world.rows.statuses().of(ResourceId.service(this.ns, "web"))).isEmpty();
	}

	@Test
	void aNewObjectInThePlaceOfOursIsNotDeleted() {
		this.world.declare("web", account(), service(80));
		this.world.settle();
		this.others.services().inNamespace(this.ns).withName("web").delete();
		foreignService();
		this.world.undeclare(ResourceId.service(this.ns, "web"));
		this.world.settle();
		assertThat(this.others.services().inNamespace(this.ns).withName("web").get()).isNotNull();
	}

	@Test
	void requestsWaitForAnAvailableReplica() {
		ObjectRef deployment = Objects.ref(ObjectKind.DEPLOYMENT, this.ns, "web-v2");
		this.world.declare("web", account(), route("v1"));
		this.world.settle();
		this.world.declare("web", account(), Objects.route(this.ns, "web", "v2", deployment));
		this.world.settle();
		assertThat(this.world.programmed("web").reason()).isEqualTo("NotAvailable");
		assertThat(this.world.programmed("web").message()).contains("web-v2");
		assertThat(this.world.live(route("v1").ref()).body().toString()).contains("subset=v1");
	}

	private void foreignService() {
		this.others.services().resource(other("web")).create();
	}

	private io.fabric8.kubernetes.api.model.Service other(String name) {
		return new ServiceBuilder().withNewMetadata()
			.withNamespace(this.ns)
			.withName(name)
			.endMetadata()
			.withNewSpec()
			.addToSelector("app", "theirs")
			.addNewPort()
			.withName("http")
			.withPort(80)
			.endPort()
			.endSpec()
			.build();
	}

	/** Applies to the Service as another field manager. */
	private void apply(String manager, String fields, boolean force) {
		String metadata = fields.startsWith("metadata:") ? "" : "\nmetadata: {name: web}";
		String body = "apiVersion: v1\nkind: Service" + metadata + "\n"
				+ fields.replace("metadata: {", "metadata: {name: web, ");
		this.others.services()
			.inNamespace(this.ns)
			.withName("web")
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager(manager)
				.withForce(force)
				.build(), body);
	}

	private List<String> inventoried(String service) {
		return this.world.store.jdbc()
			.sql("select object_kind from inventory where service = :service")
			.param("service", service)
			.query(String.class)
			.list();
	}

}
