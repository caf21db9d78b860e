package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.Clusters;
import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.cluster.ClusterSpec.Connection;
import dev.meshwright.model.failover.BackupState;
import dev.meshwright.model.failover.BackupState.Phase;
import dev.meshwright.model.failover.BackupState.Seen;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.provider.istio.IstioRenderer;
import dev.meshwright.provider.kubernetes.KubernetesRenderer;
import dev.meshwright.store.BackupStates;
import dev.meshwright.store.Declared;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.StoreFixture;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service with a backup on two clusters: endpoints of one are those of a real API
 * server, the other has none and may be silent.
 */
class FailoverIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final RealApiServer server = RealApiServer.get();

	private final ClusterGateway east = TestGateways.real();

	private final WatchedGateway west = new WatchedGateway(TestGateways.sandbox());

	private final String ns = this.server.freshNamespace();

	private final ServiceRef web = new ServiceRef(this.ns, "web");

	private Failover failover = replica();

	private Failover replica() {
		StoreFixture own = new StoreFixture(database.dataSource());
		Compiler compiler = new Compiler(List.of(new KubernetesRenderer(), new IstioRenderer()),
				new CompilerSettings(new TreeSet<>(), Set.of()));
		Clusters clusters = new Clusters() {
			@Override
			public ClusterGateway gateway(String cluster, Connection connection) {
				return cluster.equals("east") ? FailoverIT.this.east : FailoverIT.this.west;
			}

			@Override
			public void forget(String cluster) {
			}
		};
		ClusterAccess access = new ClusterAccess(clusters, own.facts(), own.resources(), own.halts(),
				own.installation());
		return new Failover(own.backupStates(), own.snapshots(), compiler, new ReadyEndpoints(access),
				new ControllerWrites(own.snapshots(), own.commits(), compiler),
				new BackupProperties(Duration.ofSeconds(30)));
	}

	@BeforeEach
	void declare() {
		// each test has clusters of its own under the same names
		this.store.jdbc().sql("delete from resource").update();
		this.store.jdbc().sql("delete from backup_state").update();
		this.store.jdbc().sql("delete from cluster_facts").update();
		this.store.jdbc().sql("delete from cluster_halt").update();
		for (String cluster : List.of("east", "west")) {
			Declared.commit(this.store, Declared.put(ResourceId.cluster(cluster),
					"{'mesh': 'istio', 'connection': {'kubeconfig': {'name': '" + cluster + "'}}}"));
		}
		String service = """
				{'ports': [{'name': 'http', 'port': 80, 'protocol': 'HTTP'}],
				 'versions': [{'name': 'v1', 'selector': {'app': 'web'}}]}""";
		Declared.commit(this.store,
				Declared.put(ResourceId.namespace(this.ns),
						"{'injection': 'sidecar', 'placement': {'clusters': ['east', 'west']}}"),
				Declared.put(this.web.id(), service),
				Declared.put(ResourceId.service(this.ns, "static"), service.replace("web", "static")));
		policy("automatic");
	}

	private void policy(String mode) {
		Declared.commit(this.store, Declared.put(new ResourceId(Kind.FAILOVER_POLICY, this.ns, "web"), """
				{'service': 'web', 'backup': {'service': 'static', 'after': '0s', 'minimumHealthy': '0s',
				 'failback': {'mode': '%s', 'holdDown': '0s'}}}""".formatted(mode)));
	}

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.east.close();
		this.west.close();
	}

	@Test
	void goesToTheBackupAndBackByRevisionsOfItsOwn() throws Exception {
		endpoints(true);
		assertThat(look()).isEqualTo(Phase.HEALTHY);
		endpoints(false);
		assertThat(look()).isEqualTo(Phase.FAILING);
		this.west.always = () -> {
			throw new ClusterFailure.Forbidden("endpointslices is forbidden");
		};
		assertThat(look()).isEqualTo(Phase.FAILING);
		assertThat(look()).isEqualTo(Phase.FAILING);
		assertThat(known().seen()).isEqualTo(Seen.UNKNOWN);
		assertThat(known().message()).contains("west", "forbidden");
		assertThat(override()).isEmpty();
		this.west.always = () -> {
		};
		assertThat(look()).isEqualTo(Phase.SWITCHED);
		assertThat(known().state().flaps()).isEqualTo(1);
		assertThat(override()).get().satisfies((override) -> {
			assertThat(override.metadata().updatedBy()).isEqualTo("system:failover");
			assertThat(override.spec().change())
				.isEqualTo(new OverrideSpec.Change(null, new OverrideSpec.Backup("static")));
			assertThat(override.spec().reason()).contains("no ready endpoint on [east, west] since");
		});
		assertThat(author()).isEqualTo("system:failover");

		this.failover = replica();
		assertThat(look()).isEqualTo(Phase.SWITCHED);
		endpoints(true);
		assertThat(look()).isEqualTo(Phase.RECOVERING);
		this.west.always = () -> {
			throw new ClusterFailure.Unavailable("no route to host");
		};
		assertThat(look()).as("one ready endpoint is enough").isEqualTo(Phase.HEALTHY);
		assertThat(override()).isEmpty();
		assertThat(author()).isEqualTo("system:failover");
		assertThat(known().state().flaps()).isEqualTo(1);
	}

	@Test
	void waitsForPeopleWhereTheyAreToDecide() throws Exception {
		policy("manual");
		endpoints(false);
		look();
		assertThat(look()).isEqualTo(Phase.SWITCHED);
		endpoints(true);
		look();
		assertThat(look()).isEqualTo(Phase.RECOVERING);
		assertThat(known().message())
			.contains("requests go back when somebody deletes Override/" + this.ns + "/failover-web");
		assertThat(override()).isPresent();
		Declared.commit(this.store, Declared.delete(Failover.override(this.web)));
		assertThat(look()).isEqualTo(Phase.HEALTHY);
		assertThat(override()).isEmpty();
	}

	@Test
	void whatCannotBeUsedIsSaidAndTriedAgain() throws Exception {
		Declared.commit(this.store, Declared.delete(ResourceId.service(this.ns, "static")));
		endpoints(false);
		look();
		assertThat(look()).isEqualTo(Phase.FAILING);
		assertThat(known().message()).contains("the backup cannot be used", "static is not declared");
		assertThat(override()).isEmpty();
	}

	@Test
	void oneReplicaLooksAtATime() throws Exception {
		endpoints(true);
		due();
		assertThat(this.failover.round(this.threads)).isEqualTo(1);
		assertThat(replica().round(this.threads)).isZero();
		var stale = this.store.backupStates();
		due();
		var first = stale.claim(10, Duration.ZERO).getFirst();
		due();
		var second = replica();
		second.round(this.threads);
		assertThat(stale.keep(first, BackupState.initial(first.now()).in(Phase.FAILING, first.now()), Seen.NONE_READY,
				"late"))
			.isFalse();
		assertThat(known().state().phase()).isEqualTo(Phase.HEALTHY);
	}

	@Test
	void rowsGoWithTheirPolicies() throws Exception {
		endpoints(true);
		look();
		Declared.commit(this.store, Declared.delete(new ResourceId(Kind.FAILOVER_POLICY, this.ns, "web")));
		due();
		assertThat(this.failover.round(this.threads)).isZero();
		assertThat(this.store.backupStates().of(List.of(this.web))).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("dev.meshwright.reconcile.BackupSequences#table")
	void restartsChangeNothing(BackupSequences.Row row) {
		assertThat(BackupSequences.play(row, (state) -> {
			due();
			var due = this.store.backupStates().claim(10, Duration.ZERO).getFirst();
			assertThat(this.store.backupStates().keep(due, state, Seen.UNKNOWN, "")).isTrue();
			return new StoreFixture(database.dataSource()).backupStates().of(List.of(this.web)).get(this.web).state();
		})).isEqualTo(row.expected());
	}

	/** One look, by whichever replica is there, however soon. */
	private Phase look() throws InterruptedException {
		due();
		assertThat(this.failover.round(this.threads)).isEqualTo(1);
		return known().state().phase();
	}

	private void due() {
		this.store.jdbc().sql("update backup_state set next_at = now()").update();
	}

	private BackupStates.Known known() {
		return this.store.backupStates().of(List.of(this.web)).get(this.web);
	}

	private Optional<Resource<OverrideSpec>> override() {
		return this.store.snapshots()
			.read((snapshot) -> snapshot.find(Failover.override(this.web), OverrideSpec.class));
	}

	private String author() {
		return this.store.jdbc()
			.sql("select author from revision order by revision desc limit 1")
			.query(String.class)
			.single();
	}

	/** Plays the controller that a bare API server does not have. */
	private void endpoints(boolean ready) {
		this.server.client()
			.resource(new EndpointSliceBuilder().withNewMetadata()
				.withName("web-1")
				.withNamespace(this.ns)
				.withLabels(Map.of("kubernetes.io/service-name", "web"))
				.endMetadata()
				.withAddressType("IPv4")
				.withEndpoints(
						new EndpointBuilder().withAddresses("10.0.0.1")
							.withNewConditions()
							.withReady(false)
							.endConditions()
							.build(),
						new EndpointBuilder().withAddresses("10.0.0.2")
							.withNewConditions()
							.withReady(ready)
							.endConditions()
							.build())
				.build())
			.serverSideApply();
	}

}
