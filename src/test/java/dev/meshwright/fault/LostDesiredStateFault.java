package dev.meshwright.fault;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.ApiClient;
import dev.meshwright.e2e.MeshwrightProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is declared cannot be read, or what is read is nothing, a part, or the past.
 * Nothing is ever deleted for that reason.
 */
class LostDesiredStateFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	/** Everything is compared with what is declared all the time. */
	@RegisterExtension
	static final SharedRig SHARED = SharedRig
		.withOwnPostgres(Map.of("meshwright.reconcile.lease", "5s", "meshwright.reconcile.resync-interval", "3s"));

	private final FaultRig rig = SHARED.get();

	private final String namespace = "lost-" + COUNT.incrementAndGet();

	private final Journal journal = new Journal();

	@Test
	void aTableThatReadsEmptyDeletesNothing() {
		declareFleet();
		Map<String, String> before = this.rig.live(this.namespace).resourceVersions();
		long compared = compared();
		for (String statement : List.of("alter table resource rename to resource_kept",
				"create table resource (like resource_kept including all)")) {
			this.rig.database.sql(statement).update();
		}
		// of its own accord nothing is compared, as no cluster is declared either
		this.rig.database.sql("update unit set resync = true, not_before = now()").update();
		FaultRig.await("everything is compared with nothing", () -> compared() >= compared + 12);
		FaultRig.sleep(Duration.ofSeconds(8));
		assertThat(deletes()).as("deletes").isZero();
		assertThat(this.rig.live(this.namespace).resourceVersions()).isEqualTo(before);
		assertThat(tombstones()).isZero();
		for (String statement : List.of("drop table resource", "alter table resource_kept rename to resource")) {
			this.rig.database.sql(statement).update();
		}
		this.rig.declare(FleetDeclaration.of(this.namespace, 12, "example/app:2"));
		new Oracle(this.rig, List.of(this.namespace)).check();
		assertThat(deletes()).as("deletes afterwards").isZero();
	}

	/** Every statement fails, as the tables are somewhere else. */
	@Test
	void aWrongSearchPathDeletesNothing() {
		declareFleet();
		Map<String, String> before = this.rig.live(this.namespace).resourceVersions();
		this.rig.database.sql("create schema elsewhere").update();
		this.rig.database.sql("alter role postgres set search_path = elsewhere").update();
		try {
			terminateAll();
			FaultRig.await("nothing is found",
					() -> this.rig.api().get(FleetDeclaration.path(this.namespace, 0)).status() >= 500);
			FaultRig.sleep(Duration.ofSeconds(8));
			assertThat(deletes()).as("deletes").isZero();
			assertThat(this.rig.live(this.namespace).resourceVersions()).isEqualTo(before);
		}
		finally {
			this.rig.database.sql("alter role postgres reset search_path").update();
			terminateAll();
			awaitDatabase();
		}
		this.rig.declare(FleetDeclaration.of(this.namespace, 12, "example/app:2"));
		new Oracle(this.rig, List.of(this.namespace)).check();
	}

	/** An installation that begins anew on an empty database, with our cluster. */
	@Test
	void aNewEmptyDatabaseWritesNothing(@TempDir Path directory) throws Exception {
		declareFleet();
		Map<String, String> before = this.rig.live(this.namespace).resourceVersions();
		this.rig.database.sql("create database " + this.namespace.replace('-', '_')).update();
		Map<String, String> properties = new HashMap<>(SHARED.postgres().properties(SHARED.postgres().port()));
		properties.compute("spring.datasource.url",
				(name, url) -> String.valueOf(url).replace("/postgres?", "/" + this.namespace.replace('-', '_') + "?"));
		properties.put("meshwright.system-namespace", this.rig.systemNamespace);
		properties.put("meshwright.reconcile.resync-interval", "3s");
		Files.createDirectories(directory.resolve("kubeconfigs"));
		Files.writeString(directory.resolve("kubeconfigs").resolve("east"), this.rig.proxy.kubeconfig("newcomer"));
		try (MeshwrightProcess newcomer = new MeshwrightProcess(directory, properties)) {
			newcomer.start();
			ApiClient api = newcomer.client();
			assertThat(api.put("/api/v1/clusters/east", FaultRig.CLUSTER).status()).isEqualTo(201);
			assertThat(api.changeSet(FleetDeclaration.of(this.namespace, 3, "example/other:1")).status())
				.isEqualTo(200);
			JsonNode condition = api.awaitReason(FleetDeclaration.path(this.namespace, 0), "Programmed",
					"ForeignInstallation");
			assertThat(condition.path("status").asString()).isEqualTo("Unknown");
			assertThat(condition.path("message").asString()).contains("/api/v1/clusters/east/adopt");
			FaultRig.sleep(Duration.ofSeconds(6));
			assertThat(
					this.rig.proxy.log().exchanges().stream().filter((each) -> each.seen().caller().equals("newcomer")))
				.as("it has asked, and written nothing")
				.isNotEmpty()
				.noneMatch((each) -> each.seen().mutates());
		}
		assertThat(this.rig.live(this.namespace).resourceVersions()).isEqualTo(before);
		new Oracle(this.rig, List.of(this.namespace)).check();
	}

	/** Connections break in the middle of the rows that they bring. */
	@Test
	void aResultThatIsCutOffIsNoSmallerResult() {
		this.rig.declare(FleetDeclaration.of(this.namespace + "-fleet", 60, "example/app:1"));
		this.journal.declare(this.rig.api(), this.namespace);
		List<String> both = List.of(this.namespace, this.namespace + "-fleet");
		new Oracle(this.rig, both).converges();
		this.rig.proxy.forget();
		TcpProxy way = this.rig.databaseProxies.getFirst();
		AtomicInteger pieces = new AtomicInteger();
		try (Writers writers = new Writers(this.journal, this.rig::api, List.of(this.namespace))) {
			long before = this.journal.acknowledged();
			FaultRig.await("writes are answered", () -> this.journal.acknowledged() > before + 10);
			long cuts = way.cuts();
			way.cutWithin((piece) -> piece.length() > 1500 && pieces.incrementAndGet() % 4 == 0);
			this.rig.declareOrNot(FleetDeclaration.of(this.namespace + "-fleet", 60, "example/app:2"));
			FaultRig.await("results are cut off", () -> way.cuts() > cuts + 30);
			way.heal();
			long then = this.journal.acknowledged();
			FaultRig.await("writes are answered again", () -> this.journal.acknowledged() > then + 5);
		}
		assertThat(deletes()).as("deletes").isZero();
		new Oracle(this.rig, both).check(this.journal);
	}

	/** The cluster has seen revisions that this database does not have. */
	@Test
	void anOlderBackupIsNotPushedUntilSomebodyDecides(@TempDir Path directory) throws Exception {
		declareFleet();
		this.journal.declare(this.rig.api(), this.namespace + "-shop");
		new Oracle(this.rig, List.of(this.namespace, this.namespace + "-shop")).converges();
		SHARED.postgres().backup(directory.resolve("backup"));
		awaitDatabase();
		this.rig.declare(FleetDeclaration.of(this.namespace, 14, "example/app:2"));
		this.rig.declare("kind: ChangeSet\ndelete:\n  - {kind: Service, metadata: {namespace: %s, name: s0}}\n"
			.formatted(this.namespace));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		long lost = this.rig.database.sql("select revision from revision_head").query(Long.class).single();
		FaultRig.await("the cluster's stamp says so", () -> stamp() == lost);
		Map<String, String> before = this.rig.live(this.namespace).resourceVersions();
		this.rig.proxy.forget();

		SHARED.postgres().restore(directory.resolve("backup"));
		JsonNode halt = this.rig.awaitHalt("OlderDatabase");
		assertThat(halt.path("revision").asLong()).isEqualTo(lost);
		FaultRig.sleep(Duration.ofSeconds(8));
		assertThat(this.rig.proxy.mutations()).as("written by what is older").isEmpty();
		assertThat(this.rig.live(this.namespace).resourceVersions()).isEqualTo(before);
		var condition = this.rig.api()
			.awaitReason(FleetDeclaration.path(this.namespace, 1), "Programmed", "OlderDatabase");
		assertThat(condition.path("status").asString()).isEqualTo("Unknown");

		this.rig.release(halt);
		FaultRig.await("what the database says is live again",
				() -> this.rig.live(this.namespace).get("Deployment", "s0-v1") != null);
		assertThat(deletes()).as("what it knows nothing of stays").isZero();
		assertThat(this.rig.live(this.namespace).get("Deployment", "s13-v1")).isNotNull();
		// what came later and is declared again is known again
		this.rig.declare(FleetDeclaration.of(this.namespace, 14, "example/app:3")
			.replace("injection: sidecar,", "injection: sidecar, conflictPolicy: takeOver,"));
		this.rig.proxy.forget();
		new Oracle(this.rig, List.of(this.namespace, this.namespace + "-shop")).check();
	}

	private void declareFleet() {
		this.rig.declare(FleetDeclaration.of(this.namespace, 12, "example/app:1"));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		this.rig.proxy.forget();
	}

	private void awaitDatabase() {
		FaultRig.await("the database is back",
				() -> this.rig.api().get(FleetDeclaration.path(this.namespace, 0)).status() == 200);
	}

	/** How often units were claimed. */
	private long compared() {
		return this.rig.database.sql("select coalesce(sum(fence), 0) from unit where namespace = :namespace")
			.param("namespace", this.namespace)
			.query(Long.class)
			.single();
	}

	private long tombstones() {
		return this.rig.database.sql("select count(*) from tombstone where object_namespace = :namespace")
			.param("namespace", this.namespace)
			.query(Long.class)
			.single();
	}

	private long stamp() {
		var stamp = this.rig.kubernetes.configMaps()
			.inNamespace(this.rig.systemNamespace)
			.withName("meshwright-installation")
			.get();
		return (stamp == null) ? 0 : Long.parseLong(stamp.getData().get("revision"));
	}

	private long deletes() {
		return this.rig.proxy.mutations().stream().filter((seen) -> seen.method().equals("DELETE")).count();
	}

	private void terminateAll() {
		this.rig.database.sql("""
				select pg_terminate_backend(pid) from pg_stat_activity
				where pid <> pg_backend_pid() and backend_type = 'client backend'""").query(Boolean.class).list();
	}

}
