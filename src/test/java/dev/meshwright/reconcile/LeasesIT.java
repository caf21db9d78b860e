package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.FieldLease;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectField;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.PushState.InventoryEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Fields that are left to another controller, on a real API server. */
class LeasesIT {

	private static final ObjectField REPLICAS = ObjectField.of(".spec.replicas");

	private static final ObjectField IMAGE = ObjectField.of(".spec.template.spec.containers[name=\"web\"].image");

	private static final String KEDA = "keda-operator";

	private World world;

	private KubernetesClient others;

	private String ns;

	private ReconcileLoop loop;

	private WatchLoop watches;

	@BeforeEach
	void make() {
		RealApiServer server = RealApiServer.get();
		this.others = server.client();
		this.ns = server.freshName();
		this.world = new World(TestGateways.real(), this.ns);
		this.loop = this.world.loop(World.WATCHED);
		this.watches = this.world.watchLoop(World.WATCHED);
	}

	@AfterEach
	void close() {
		this.watches.stop();
		this.loop.stop();
		this.world.close();
	}

	@Test
	void anotherControllersValueIsNoDriftAndTheRestIsHealed() {
		watched(leased(3, lease(REPLICAS, KEDA), lease(IMAGE, "image-updater")));
		assertThat(value(REPLICAS)).as("what is declared, until somebody writes it").isEqualTo(3);
		assertThat(value(IMAGE)).isEqualTo("example.com/web:1");
		assertThat(managers(REPLICAS)).containsExactly(ClusterGateway.HANDOVER_MANAGER);
		this.world.writes();

		edit(KEDA, "/spec/replicas", "7");
		edit("image-updater", "/spec/template/spec/containers/0/image", "\"example.com/web:2\"");
		assertThat(managers(REPLICAS)).containsExactly(KEDA);
		this.world.rows.units().resyncAll();
		await(this::isQuiet);
		assertThat(this.world.writes()).isEmpty();
		assertThat(drifted().status()).isEqualTo(Status.FALSE);
		assertThat(this.world.drift("web")).contains("\"objects\":[]", "\"path\":\".spec.replicas\",\"live\":7",
				"\"leasedTo\":\"keda-operator\",\"managers\":[\"keda-operator\"]");

		edit("kubectl-edit", "/spec/minReadySeconds", "9");
		await(() -> this.world.gateway.writes.contains("apply " + deployment()));
		await(this::isQuiet);
		assertThat(value(ObjectField.of(".spec.minReadySeconds"))).as("not leased").isEqualTo(5);

		this.world.declare("web", leased(4, lease(REPLICAS, KEDA), lease(IMAGE, "image-updater")));
		await(this::isQuiet);
		assertThat(value(REPLICAS)).as("another declared number is no reason").isEqualTo(7);
		assertThat(value(IMAGE)).isEqualTo("example.com/web:2");
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	@Test
	void whatNeitherOfUsWroteIsDriftAndIsSetBackToWhatIsDeclared() {
		watched(leased(3, lease(REPLICAS, KEDA)));
		edit(KEDA, "/spec/replicas", "7");
		await(this::isQuiet);
		this.world.writes();
		edit("kubectl-scale", "/spec/replicas", "1");
		await(() -> value(REPLICAS).equals(3));
		await(this::isQuiet);
		assertThat(managers(REPLICAS)).as("ready for its controller").containsExactly(ClusterGateway.HANDOVER_MANAGER);
		edit(KEDA, "/spec/replicas", "6");
		await(this::isQuiet);
		assertThat(value(REPLICAS)).isEqualTo(6);
	}

	@Test
	void aLeaseThatIsAddedKeepsTheLiveValueAndOneThatIsTakenOutGivesItBack() {
		watched(leased(3));
		this.world.declare("web", leased(3, lease(REPLICAS, KEDA), lease(IMAGE, "image-updater")));
		await(this::isQuiet);
		assertThat(value(REPLICAS)).as("not 1, the default of the API server").isEqualTo(3);
		edit(KEDA, "/spec/replicas", "7");

		this.world.declare("web", leased(3, lease(IMAGE, "image-updater")));
		await(() -> value(REPLICAS).equals(3));
		await(this::isQuiet);
		assertThat(managers(REPLICAS)).containsExactly(ClusterGateway.FIELD_MANAGER);
		assertThat(managers(IMAGE)).as("still leased").containsExactly(ClusterGateway.HANDOVER_MANAGER);

		this.world.declare("web", leased(5));
		await(() -> value(REPLICAS).equals(5));
		await(this::isQuiet);
		assertThat(managers(IMAGE)).as("nobody ever wrote it").containsExactly(ClusterGateway.FIELD_MANAGER);
		assertThat(this.world.live(deployment()).annotation(FieldLease.ANNOTATION)).isEmpty();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
	}

	@Test
	void weightsAreLeftToWhoSetsThemWithTheRulesAroundThem() {
		ObjectField http = ObjectField.of(".spec.http");
		Manifest route = Objects.route(this.ns, "web", "v1");
		ObjectRef ref = route.ref();
		Object declared = java.util.Objects.requireNonNull(http.in(route.body()));
		watched(route.with(List.of(new FieldLease(http, "rollouts-controller", null, declared))));
		assertThat(http.in(this.world.live(ref).body())).isEqualTo(declared);

		var routes = this.others.genericKubernetesResources("networking.istio.io/v1", "VirtualService")
			.inNamespace(this.ns)
			.withName("web");
		routes.patch(new PatchContext.Builder().withPatchType(PatchType.JSON)
			.withFieldManager("rollouts-controller")
			.build(), """
					[{"op": "replace", "path": "/spec/http", "value": [{"name": "default", "route": [
					  {"destination": {"host": "web", "subset": "v1"}, "weight": 80},
					  {"destination": {"host": "web", "subset": "v2"}, "weight": 20}]}]}]""");
		this.world.writes();
		routes.patch(new PatchContext.Builder().withPatchType(PatchType.JSON).withFieldManager("kubectl-edit").build(),
				"[{\"op\": \"replace\", \"path\": \"/spec/hosts\", \"value\": [\"rival\"]}]");
		await(() -> this.world.live(ref).body().toString().contains("hosts=[web]"));
		await(this::isQuiet);
		assertThat(http.in(this.world.live(ref).body()).toString()).contains("weight=80", "weight=20");
		assertThat(drifted().status()).isEqualTo(Status.FALSE);

		this.world.declare("web", route);
		await(() -> declared.equals(http.in(this.world.live(ref).body())));
		await(this::isQuiet);
		assertThat(FieldManagers.of(this.world.live(ref), http)).containsExactly(ClusterGateway.FIELD_MANAGER);
	}

	@Test
	void aLeaseEndsByItselfByTheClockOfTheDatabase() {
		watched(leased(3, new FieldLease(REPLICAS, KEDA, Instant.now().plus(Duration.ofHours(1)), 3)));
		edit(KEDA, "/spec/replicas", "7");
		await(this::isQuiet);
		assertThat(this.world.rows.units().endLeases(Duration.ofHours(5))).isBetween(Duration.ofMinutes(50),
				Duration.ofHours(1));
		assertThat(value(REPLICAS)).isEqualTo(7);

		this.world.declare("web", leased(3, new FieldLease(REPLICAS, KEDA, Instant.now().plusSeconds(2), 3)));
		await(this::isQuiet);
		await(() -> {
			this.world.rows.units().endLeases(Duration.ofHours(5));
			return value(REPLICAS).equals(3);
		});
		await(this::isQuiet);
		assertThat(managers(REPLICAS)).containsExactly(ClusterGateway.FIELD_MANAGER);
		assertThat(this.world.rows.units().endLeases(Duration.ofHours(5))).isEqualTo(Duration.ofHours(5));
		edit(KEDA, "/spec/replicas", "9");
		await(() -> value(REPLICAS).equals(3));
	}

	@Test
	void aPushThatDiedBetweenMakingAndLettingGoIsTakenUpAgain() {
		this.world.declare("web", leased(3, lease(REPLICAS, KEDA)));
		this.world.work(this.world.claim("first"));
		this.world.work(this.world.claim("first"));
		this.world.gateway.after = (apply) -> {
			if (apply.ref().equals(deployment())) {
				throw new IllegalStateException("died");
			}
		};
		this.world.workAndDie(this.world.claim("first"));
		assertThat(managers(REPLICAS)).containsExactly(ClusterGateway.FIELD_MANAGER);
		this.world.gateway.after = (apply) -> {
		};
		this.world.expireLeases();
		this.world.waitIsOver();
		this.world.settle();
		assertThat(value(REPLICAS)).isEqualTo(3);
		assertThat(managers(REPLICAS)).containsExactly(ClusterGateway.HANDOVER_MANAGER);
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	@Test
	void aPlanOfALeaseShowsItAndChangesNothing() {
		this.world.declare("web", leased(3));
		this.world.settle();
		UnitId unit = new UnitId(World.CLUSTER, this.ns, "web");
		InventoryEntry entry = this.world.rows.pushes()
			.states(List.of(unit))
			.get(unit)
			.inventory()
			.stream()
			.filter((each) -> each.ref().equals(deployment()))
			.findFirst()
			.orElseThrow();
		Manifest manifest = leased(3, lease(REPLICAS, KEDA), lease(IMAGE, "image-updater")).at(Instant.now());
		Step.Write write = new Step.Write(deployment(), manifest.body(), "", Set.of(), false,
				SharedFields.between(entry.body(), manifest.body(), manifest));
		ObjectPush rehearsed = new ObjectPush(new Rehearsal(this.world.gateway),
				new Stamps(this.world.store.installation().id(), 99), 1,
				new Takeovers((ref) -> Takeovers.Foreign.LEAVE, List.of()), Map.of(), Instant.now(), false,
				(ref) -> Optional.empty());
		Outcome.Written written = (Outcome.Written) rehearsed.write(write, entry, false);
		assertThat(REPLICAS.in(written.live().body())).isEqualTo(3);
		assertThat(IMAGE.in(written.live().body())).isEqualTo("example.com/web:1");
		assertThat(written.live().annotation(FieldLease.ANNOTATION).orElseThrow())
			.isEqualTo(REPLICAS + "=" + KEDA + "; " + IMAGE + "=image-updater");
		assertThat(managers(REPLICAS)).as("live").containsExactly(ClusterGateway.FIELD_MANAGER);
	}

	@Test
	void aClusterThatKeepsNoBooksOfManagersKeepsTheValues() {
		try (World sandbox = new World(TestGateways.sandbox(), "shop")) {
			Manifest leased = Objects.deployment("shop", "web-v1", Map.of("replicas", 3))
				.with(List.of(lease(REPLICAS, KEDA), lease(IMAGE, "image-updater")));
			sandbox.declare("web", leased);
			sandbox.settle();
			sandbox.declare("web", Objects.deployment("shop", "web-v1", Map.of("replicas", 4, "minReadySeconds", 5))
				.with(leased.leases()));
			sandbox.settle();
			Map<String, Object> live = sandbox.live(leased.ref()).body();
			assertThat(REPLICAS.in(live)).isEqualTo(3);
			assertThat(IMAGE.in(live)).isEqualTo("example.com/web:1");
			assertThat(ObjectField.of(".spec.minReadySeconds").in(live)).isEqualTo(5);
			assertThat(sandbox.programmed("web").status()).isEqualTo(Status.TRUE);
		}
	}

	private void watched(Manifest deployment) {
		this.loop.start();
		this.watches.start();
		this.world.declare("web", deployment);
		await(() -> drifted().status() == Status.FALSE);
		await(() -> this.world.store.jdbc().sql("""
				select count(*) from followed_kind k join watch_holder h on h.cluster = k.cluster and h.fence = k.fence
				where h.lease_until > now()""").query(Integer.class).single() == ObjectKind.values().length);
		await(this::isQuiet);
	}

	private FieldLease lease(ObjectField field, String manager) {
		return new FieldLease(field, manager, null, field.equals(REPLICAS) ? 3 : "example.com/web:1");
	}

	private Manifest leased(int replicas, FieldLease... leases) {
		return Objects.deployment(this.ns, "web-v1", Map.of("replicas", replicas, "minReadySeconds", 5))
			.with(List.of(leases));
	}

	private ObjectRef deployment() {
		return Objects.ref(ObjectKind.DEPLOYMENT, this.ns, "web-v1");
	}

	private @Nullable Object value(ObjectField field) {
		return field.in(this.world.live(deployment()).body());
	}

	private List<String> managers(ObjectField field) {
		return List.copyOf(FieldManagers.of(this.world.live(deployment()), field));
	}

	private Condition drifted() {
		try {
			return this.world.condition("web", World.CLUSTER, Condition.Type.DRIFTED);
		}
		catch (java.util.NoSuchElementException ex) {
			return new Condition(Condition.Type.DRIFTED, Status.UNKNOWN, "None", "", 0, Instant.EPOCH);
		}
	}

	/** As controllers write: an update of what is there, under a name of their own. */
	private void edit(String manager, String... pointersAndValues) {
		List<String> patch = new ArrayList<>();
		for (int index = 0; index < pointersAndValues.length; index += 2) {
			patch.add("{\"op\": \"replace\", \"path\": \"" + pointersAndValues[index] + "\", \"value\": "
					+ pointersAndValues[index + 1] + "}");
		}
		this.others.apps()
			.deployments()
			.inNamespace(this.ns)
			.withName("web-v1")
			.patch(new PatchContext.Builder().withPatchType(PatchType.JSON).withFieldManager(manager).build(),
					"[" + String.join(", ", patch) + "]");
	}

	private boolean isQuiet() {
		return this.world.store.jdbc()
			.sql("""
					select (select count(*) from unit where dirty_revision > done_revision or resync or resyncing or continues
						or worker is not null) = 0
						and (select count(*) from sighting) = 0
						and (select max(revision) from revision) <= (select revision from expansion)""")
			.query(Boolean.class)
			.single();
	}

	private static void await(BooleanSupplier condition) {
		Instant end = Instant.now().plus(Duration.ofSeconds(60));
		while (!condition.getAsBoolean()) {
			assertThat(Instant.now()).as("waited long enough").isBefore(end);
			World.sleep(Duration.ofMillis(50));
		}
	}

}
