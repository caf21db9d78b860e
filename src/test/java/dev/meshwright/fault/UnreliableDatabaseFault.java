package dev.meshwright.fault;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.ApiClient;
import dev.meshwright.e2e.ShopDeclaration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What may happen to the database, and to the way to it. */
class UnreliableDatabaseFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.withOwnPostgres(Map.of("meshwright.reconcile.lease", "5s"));

	private final FaultRig rig = SHARED.get();

	private final String namespace = "database-faults-" + COUNT.incrementAndGet();

	private final Journal journal = new Journal();

	@BeforeEach
	void declare() {
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
	}

	@Test
	void aDatabaseThatIsKilledUnderWritesLosesNothing() throws Exception {
		long before = this.journal.acknowledged();
		try (Writers writers = writers()) {
			FaultRig.await("writes are answered", () -> this.journal.acknowledged() > before + 10);
			SHARED.postgres().kill();
			assertUnavailable();
			SHARED.postgres().start();
			long then = this.journal.acknowledged();
			FaultRig.await("writes are answered again", () -> this.journal.acknowledged() > then + 10);
		}
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	@Test
	void aDatabaseThatIsRestartedUnderWritesLosesNothing() throws Exception {
		long before = this.journal.acknowledged();
		try (Writers writers = writers()) {
			FaultRig.await("writes are answered", () -> this.journal.acknowledged() > before + 10);
			SHARED.postgres().restart();
			long then = this.journal.acknowledged();
			FaultRig.await("writes are answered again", () -> this.journal.acknowledged() > then + 10);
		}
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	/** The connection is cut before and after each statement that a commit sends. */
	@Test
	void aCommitThatIsCutOffIsWholeOrNothing() {
		for (boolean before : List.of(true, false)) {
			for (String statement : List.of("insert into resource_change", "update revision_head", "COMMIT")) {
				TcpProxy way = this.rig.databaseProxies.getFirst();
				long cuts = way.cuts();
				AtomicInteger once = new AtomicInteger();
				java.util.function.Predicate<String> piece = (text) -> text.contains(statement)
						&& once.getAndIncrement() == 0;
				if (before) {
					way.cutBefore(piece);
				}
				else {
					way.cutAfter(piece);
				}
				this.journal.write(this.rig.api(), this.namespace);
				way.heal();
				assertThat(way.cuts()).as("cut at %s", statement).isGreaterThan(cuts);
				assertThat(this.journal.write(this.rig.api(), this.namespace)).isEqualTo(200);
			}
		}
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
		assertThat(this.rig.database.sql("""
				select count(*) from revision_head h where h.revision <> (select count(*) from revision)""")
			.query(Long.class)
			.single()).as("gaps").isZero();
		assertThat(this.rig.database.sql("""
				select count(*) from revision r where not exists
					(select 1 from resource_change c where c.revision = r.revision)""").query(Long.class).single())
			.as("revisions without a change")
			.isZero();
	}

	/** Nobody may depend on a connection that lives long. */
	@Test
	void connectionsThatAreTerminatedAgainAndAgainHoldNothingUp() {
		long before = this.journal.acknowledged();
		try (Writers writers = writers()) {
			for (int round = 0; round < 5; round++) {
				long then = this.journal.acknowledged();
				FaultRig.await("writes are answered", () -> this.journal.acknowledged() > then + 5);
				assertThat(terminateAll()).isNotEmpty();
			}
		}
		assertThat(this.journal.acknowledged()).isGreaterThan(before + 20);
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	/** Whoever listens has lost the connection, and nobody else is told. */
	@Test
	void aLostNotificationIsMadeUpForByPolling() {
		this.rig.database.sql("""
				select pg_terminate_backend(pid) from pg_stat_activity
				where pid <> pg_backend_pid() and query like 'listen %'""").query(Boolean.class).list();
		this.journal.write(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	/** Answers stop coming, and no connection is closed. */
	@Test
	void aDatabaseThatFallsSilentIsGivenUpAndFoundAgain() {
		try (Writers writers = writers()) {
			this.rig.databaseProxies.getFirst().silence();
			FaultRig.sleep(Duration.ofSeconds(8));
			this.rig.databaseProxies.getFirst().heal();
			long then = this.journal.acknowledged();
			FaultRig.await("writes are answered again", () -> this.journal.acknowledged() > then + 5);
		}
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	/**
	 * Somebody holds the head for a while and gives up: nobody overtakes, no gap is left.
	 */
	@Test
	void nobodyOvertakesACommitThatTakesLong() throws Exception {
		long head = this.rig.database.sql("select revision from revision_head").query(Long.class).single();
		CompletableFuture<Integer> write;
		try (Connection slow = SHARED.postgres().connect()) {
			slow.setAutoCommit(false);
			slow.createStatement().execute("update revision_head set revision = revision + 1");
			write = CompletableFuture.supplyAsync(() -> this.journal.write(this.rig.api(), this.namespace));
			FaultRig.sleep(Duration.ofSeconds(4));
			assertThat(write).as("waits for the head").isNotDone();
			assertThat(this.rig.api().get("/api/v1/revisions/" + (head + 1)).status()).as("seen before its commit")
				.isEqualTo(404);
			slow.rollback();
		}
		assertThat(write.get()).isEqualTo(200);
		assertThat(this.rig.api().get("/api/v1/revisions/" + (head + 1)).status()).as("the write has the next revision")
			.isEqualTo(200);
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	private List<Boolean> terminateAll() {
		return this.rig.database.sql("""
				select pg_terminate_backend(pid) from pg_stat_activity
				where pid <> pg_backend_pid() and backend_type = 'client backend'""").query(Boolean.class).list();
	}

	private void assertUnavailable() {
		ApiClient.Answer read = this.rig.api().get(ShopDeclaration.service(this.namespace));
		assertThat(read.status()).as(read.text()).isEqualTo(503);
		assertThat(read.body().at("/errors/0/code").asString()).isEqualTo("DATABASE_UNAVAILABLE");
		int status = this.journal.write(this.rig.api(), this.namespace);
		assertThat(status).isEqualTo(503);
	}

	private Writers writers() {
		return new Writers(this.journal, this.rig::api, List.of(this.namespace));
	}

}
