package dev.meshwright.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import com.zaxxer.hikari.HikariDataSource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Signals.Topic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.meshwright.store.Declared.commit;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static org.assertj.core.api.Assertions.assertThat;

class SignalsIT {

	private static final Duration LONG = Duration.ofSeconds(30);

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture here = new StoreFixture(database.dataSource());

	final HikariDataSource otherPool = database.connect();

	final StoreFixture there = new StoreFixture(this.otherPool);

	@AfterEach
	void close() {
		this.otherPool.close();
	}

	@Test
	void aCommitWakesWhoeverWaitsHere() throws Exception {
		Future<Long> waiting = CompletableFuture.supplyAsync(() -> await(this.here, 0));
		commit(this.here, put(ResourceId.service("here", "webapp"), port(80)));
		assertThat(waiting.get()).isOne();
		assertThat(this.here.signals().await(Topic.REVISION, 0, LONG)).isOne();
		assertThat(this.here.signals().await(Topic.STATUS, 0, Duration.ofMillis(10))).isZero();
	}

	@Test
	void aCommitWakesAnotherReplicaAndARolledBackOneDoesNot() throws Exception {
		try (AutoCloseable _ = this.there.listen()) {
			long seen = await(this.there, 0);
			this.here.transaction().executeWithoutResult((status) -> {
				commit(this.here, put(ResourceId.service("there", "nothing"), port(80)));
				status.setRollbackOnly();
			});
			assertThat(this.there.signals().await(Topic.REVISION, seen, Duration.ofMillis(300))).isEqualTo(seen);
			assertThat(this.here.signals().await(Topic.REVISION, 0, Duration.ofMillis(10))).isZero();
			commit(this.here, put(ResourceId.service("there", "webapp"), port(80)));
			assertThat(await(this.there, seen)).isGreaterThan(seen);
		}
	}

	@Test
	void aLostConnectionIsReplacedAndCountsAsHavingHeardSomething() throws Exception {
		try (AutoCloseable listening = this.there.listen()) {
			long seen = await(this.there, 0);
			assertThat(this.here.jdbc()
				.sql("select pg_terminate_backend(pid) from pg_stat_activity where " + LISTENING)
				.query(Boolean.class)
				.list()).containsExactly(true);
			long reconnected = await(this.there, seen);
			assertThat(reconnected).isGreaterThan(seen);
			commit(this.here, put(ResourceId.service("lost", "webapp"), port(80)));
			assertThat(await(this.there, reconnected)).isGreaterThan(reconnected);
		}
	}

	@Test
	void stoppingGivesTheConnectionBack() throws Exception {
		AutoCloseable listening = this.there.listen();
		await(this.there, 0);
		assertThat(this.otherPool.getHikariPoolMXBean().getActiveConnections()).isOne();
		listening.close();
		Awaitility.await().until(() -> this.otherPool.getHikariPoolMXBean().getActiveConnections() == 0);
		assertThat(this.here.jdbc()
			.sql("select count(*) from pg_stat_activity where " + LISTENING)
			.query(Long.class)
			.single()).isZero();
	}

	private static final String LISTENING = "datname = current_database() and query like 'listen %'";

	private static long await(StoreFixture store, long seen) {
		try {
			return store.signals().await(Topic.REVISION, seen, LONG);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
