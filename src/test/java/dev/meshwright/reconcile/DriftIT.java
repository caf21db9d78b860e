package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What others do to our objects on a real API server is seen, and set right or said. */
class DriftIT {

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
		this.loop.start();
		this.watches.start();
		this.world.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 80));
		this.world.declare("api", Objects.account(this.ns, "api"));
		await(() -> drifted("web") == Status.FALSE && drifted("api") == Status.FALSE);
		await(this::isFollowed);
		await(this::isQuiet);
		this.world.writes();
		this.world.gateway.reads.clear();
	}

	@AfterEach
	void close() {
		if (this.world != null) {
			this.watches.stop();
			this.loop.stop();
			this.world.close();
		}
	}

	@Test
	void whatOthersEditDeleteOrStripIsSetRightAndNothingElseIsTouched() {
		String untouched = version("api");
		rival();
		await(() -> selector().equals("web"));
		await(this::isQuiet);
		assertThat(this.world.writes()).as("one write heals").containsExactly("apply " + service());
		assertThat(this.world.gateway.reads).as("only what was changed is read").containsOnly("get " + service());

		this.others.serviceAccounts().inNamespace(this.ns).withName("web").delete();
		await(() -> this.world.gateway.get(account()).isPresent());
		await(this::isQuiet);
		assertThat(this.world.writes()).contains("apply " + account()).doesNotContain("apply " + service());

		this.others.serviceAccounts()
			.inNamespace(this.ns)
			.withName("api")
			.edit((live) -> new ServiceAccountBuilder(live).editMetadata()
				.removeFromLabels(Stamps.MANAGED_BY)
				.endMetadata()
				.build());
		assertThat(version("api")).isNotEqualTo(untouched);
		await(() -> this.world.live(Objects.account(this.ns, "api").ref()).label(Stamps.MANAGED_BY).isPresent());
		await(() -> drifted("web") == Status.FALSE && drifted("api") == Status.FALSE);
	}

	@Test
	void ourOwnWritesAndAResyncNeedNoLook() {
		this.world.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 81));
		await(() -> this.world.gateway.writes.contains("apply " + service()));
		await(this::isQuiet);
		this.world.rows.units().resyncAll();
		await(this::isQuiet);
		assertThat(this.world.gateway.reads).isEmpty();
		assertThat(this.world.writes()).containsExactly("apply " + service());
		assertThat(sightings()).isZero();
	}

	@Test
	void aNamespaceThatOnlyReportsIsLeftAsItIsUntilARevisionChangesTheObject() {
		this.world.push = new Compilation.Push(Duration.ZERO, Duration.ZERO, ConflictPolicy.REFUSE,
				DeletionPolicy.DELETE, DriftPolicy.REPORT);
		rival();
		await(() -> drifted("web") == Status.TRUE);
		await(this::isQuiet);
		Condition condition = this.world.condition("web", World.CLUSTER, Condition.Type.DRIFTED);
		assertThat(condition.message()).contains("Service " + this.ns + "/web", ".spec.selector", "rival");
		assertThat(this.world.programmed("web").status()).as("it was pushed").isEqualTo(Status.TRUE);
		assertThat(selector()).isEqualTo("rival");
		assertThat(this.world.writes()).isEmpty();
		assertThat(driftedObjects()).isOne();
		assertThat(this.world.drift("api")).contains("\"compared\":1", "\"objects\":[]");
		assertThat(this.world.drift("web")).contains("\"kind\":\"Service\"",
				"{\"path\":\".spec.selector\",\"declared\":{\"app.kubernetes.io/name\":\"web\"},"
						+ "\"live\":{\"app.kubernetes.io/name\":\"rival\"},\"manager\":\"rival\"}");

		this.world.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 82));
		await(() -> selector().equals("web"));
		await(() -> drifted("web") == Status.FALSE);
		await(() -> driftedObjects() == 0);
	}

	private double driftedObjects() {
		return this.world.meters().get("meshwright.drift.objects").tag("cluster", World.CLUSTER).gauge().value();
	}

	@Test
	void aStrangerWithOurLabelIsNeitherAdoptedNorPruned() {
		this.others
			.resource(new ServiceAccountBuilder().withNewMetadata()
				.withName("stranger")
				.withNamespace(this.ns)
				.addToLabels(Stamps.MANAGED_BY, Stamps.MESHWRIGHT)
				.endMetadata()
				.build())
			.create();
		rival();
		await(() -> selector().equals("web"));
		await(this::isQuiet);
		assertThat(this.others.serviceAccounts().inNamespace(this.ns).withName("stranger").get()).isNotNull();
		assertThat(this.world.writes()).containsExactly("apply " + service());
		await(() -> sightings() == 0);
	}

	@Test
	void whoLosesTheWatchesWritesNothingAndWhoTakesOverSeesWhatHappenedMeanwhile() {
		this.world.store.jdbc()
			.sql("update watch_holder set holder = 'died', fence = fence + 1, lease_until = now() + interval '4 seconds'")
			.update();
		assertThat(isFollowed()).as("rows of a former holder mean nothing").isFalse();
		rival();
		await(() -> selector().equals("web"));
		await(this::isFollowed);
		assertThat(this.world.store.jdbc().sql("select holder from watch_holder").query(String.class).single())
			.isNotEqualTo("died");
	}

	@Test
	void driftIsSetRightAfterWatchesWereCutAgainAndAgain() {
		for (int cuts = 0; cuts < 20; cuts++) {
			for (AutoCloseable watch : List.copyOf(this.world.gateway.watches)) {
				cut(watch);
			}
			World.sleep(Duration.ofMillis(20));
		}
		rival();
		await(() -> selector().equals("web"));
		await(this::isFollowed);
		await(this::isQuiet);
		assertThat(this.world.writes()).containsExactly("apply " + service());
	}

	private static void cut(AutoCloseable watch) {
		try {
			watch.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Somebody else sets a field of ours. */
	private void rival() {
		this.others.services()
			.inNamespace(this.ns)
			.withName("web")
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager("rival")
				.withForce(true)
				.build(),
					"apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
							+ "spec: {selector: {app.kubernetes.io/name: rival}}");
	}

	private ObjectRef service() {
		return Objects.ref(ObjectKind.SERVICE, this.ns, "web");
	}

	private ObjectRef account() {
		return Objects.ref(ObjectKind.SERVICE_ACCOUNT, this.ns, "web");
	}

	private String selector() {
		Map<String, String> selector = this.others.services()
			.inNamespace(this.ns)
			.withName("web")
			.get()
			.getSpec()
			.getSelector();
		return selector.get("app.kubernetes.io/name");
	}

	private String version(String account) {
		return this.others.serviceAccounts()
			.inNamespace(this.ns)
			.withName(account)
			.get()
			.getMetadata()
			.getResourceVersion();
	}

	private Status drifted(String service) {
		try {
			return this.world.condition(service, World.CLUSTER, Condition.Type.DRIFTED).status();
		}
		catch (java.util.NoSuchElementException ex) {
			return Status.UNKNOWN;
		}
	}

	private boolean isFollowed() {
		return this.world.store.jdbc().sql("""
				select count(*) from followed_kind k join watch_holder h on h.cluster = k.cluster and h.fence = k.fence
				where h.lease_until > now()""").query(Integer.class).single() == ObjectKind.values().length;
	}

	/** Nothing is due. */
	private boolean isQuiet() {
		return this.world.store.jdbc()
			.sql("""
					select (select count(*) from unit where dirty_revision > done_revision or resync or resyncing or continues
						or worker is not null) = 0
						and (select max(revision) from revision) <= (select revision from expansion)""")
			.query(Boolean.class)
			.single();
	}

	private int sightings() {
		return this.world.store.jdbc().sql("select count(*) from sighting").query(Integer.class).single();
	}

	private static void await(BooleanSupplier condition) {
		Instant end = Instant.now().plus(Duration.ofSeconds(60));
		while (!condition.getAsBoolean()) {
			assertThat(Instant.now()).as("waited long enough").isBefore(end);
			World.sleep(Duration.ofMillis(50));
		}
	}

}
