package dev.meshwright.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Who finds a connection while bulk work has as many as it may. */
class SharedConnectionsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static final int POOL = 6;

	private static final int SHARE = 2;

	private final HikariDataSource pool = new HikariDataSource();

	private final DataSource shared = new SharedConnections(this.pool, SHARE);

	private final JdbcClient jdbc = JdbcClient.create(this.shared);

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final CountDownLatch released = new CountDownLatch(1);

	private final AtomicInteger working = new AtomicInteger();

	private final AtomicInteger done = new AtomicInteger();

	@BeforeEach
	void fill() {
		this.pool.setDataSource(database.dataSource());
		this.pool.setMaximumPoolSize(POOL);
		this.pool.setConnectionTimeout(5000);
	}

	@AfterEach
	void close() {
		this.released.countDown();
		this.threads.shutdownNow();
		this.pool.close();
	}

	@Test
	void bulkWorkLeavesConnectionsToWhoWaits() throws SQLException {
		for (int number = 0; number < 20; number++) {
			this.threads.submit(() -> BulkWork.run(this::transaction));
		}
		Awaitility.await().until(() -> this.working.get() == SHARE);
		List<Connection> others = new ArrayList<>();
		for (int number = 0; number < POOL - SHARE; number++) {
			others.add(this.shared.getConnection());
		}
		assertThat(this.working).as("the rest is everybody else's").hasValue(SHARE);
		assertThat(this.pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(POOL);
		for (Connection other : others) {
			other.close();
		}
		this.released.countDown();
		Awaitility.await().until(() -> this.done.get() == 20);
		assertThat(this.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
	}

	@Test
	void whoHasAConnectionNeedsNoPlaceForAnother() {
		for (int number = 0; number < SHARE; number++) {
			this.threads.submit(() -> BulkWork.run(this::transaction));
		}
		Awaitility.await().until(() -> this.working.get() == SHARE);
		this.threads.submit(() -> BulkWork.run(this::nested));
		this.threads.submit(() -> BulkWork.run(this::nested));
		this.released.countDown();
		Awaitility.await().until(() -> this.done.get() == SHARE + 2);
	}

	@Test
	void aPlaceComesBackWhateverHappens() {
		BulkWork.run(() -> {
			for (int number = 0; number < 2 * SHARE; number++) {
				assertThatExceptionOfType(RuntimeException.class)
					.isThrownBy(() -> this.jdbc.sql("select no such column").query(String.class).single());
			}
			assertThat(this.jdbc.sql("select 1").query(Integer.class).single()).isOne();
		});
		this.pool.close();
		for (int number = 0; number < 2 * SHARE; number++) {
			BulkWork.run(() -> assertThatExceptionOfType(SQLException.class).isThrownBy(this.shared::getConnection)
				.withMessageContaining("closed"));
		}
	}

	@Test
	void theApplicationsPoolIsShared() {
		new ApplicationContextRunner().withBean(ConnectionShares.class)
			.withBean("pool", HikariDataSource.class, () -> this.pool)
			.withBean("other", AtomicInteger.class, () -> this.done)
			.run((context) -> {
				assertThat(context.getBean("pool")).isInstanceOf(SharedConnections.class);
				assertThat(((DataSource) context.getBean("pool")).unwrap(HikariDataSource.class)).isSameAs(this.pool);
				assertThat(context.getBean("other")).isSameAs(this.done);
			});
	}

	private void transaction() {
		new TransactionTemplate(new DatabaseTransactions(this.shared)).executeWithoutResult((status) -> {
			this.jdbc.sql("select 1").query(Integer.class).single();
			this.working.incrementAndGet();
			try {
				this.released.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.working.decrementAndGet();
		});
		this.done.incrementAndGet();
	}

	private void nested() {
		try (Connection first = this.shared.getConnection(); Connection second = this.shared.getConnection()) {
			assertThat(first).isNotSameAs(second);
			this.done.incrementAndGet();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
