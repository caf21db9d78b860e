package dev.meshwright.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who stands still with a lock that everybody needs does not keep everybody. */
class BriefLockIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private enum Lock {

		HEAD((jdbc) -> new Head(jdbc).next()), EXPANSION((jdbc) -> new Expander(jdbc).expand()),
		RECORDING((jdbc) -> new Expander(jdbc).share());

		private final Consumer<JdbcClient> take;

		Lock(Consumer<JdbcClient> take) {
			this.take = take;
		}

	}

	@ParameterizedTest
	@EnumSource
	void othersGoOn(Lock lock) throws SQLException {
		try (Connection still = transaction(); Connection other = transaction()) {
			lock.take.accept(client(still));
			JdbcClient jdbc = client(other);
			jdbc.sql("set statement_timeout = '25s'").update();
			((lock == Lock.RECORDING) ? Lock.EXPANSION : lock).take.accept(jdbc);
			other.rollback();
			assertThatThrownBy(() -> client(still).sql("select 1").query().singleValue())
				.as("what the one that stood still goes on with")
				.rootCause()
				.hasMessageContaining("idle-in-transaction");
		}
	}

	@Test
	void theNextTransactionMayBeSilentAgain() throws SQLException {
		try (Connection connection = transaction()) {
			String before = timeout(connection);
			new Expander(client(connection)).share();
			assertThat(timeout(connection)).isEqualTo("10s");
			connection.rollback();
			assertThat(timeout(connection)).isEqualTo(before);
		}
	}

	private static String timeout(Connection connection) {
		return client(connection).sql("show idle_in_transaction_session_timeout").query(String.class).single();
	}

	private static Connection transaction() throws SQLException {
		Connection connection = database.dataSource().getConnection();
		connection.setAutoCommit(false);
		return connection;
	}

	private static JdbcClient client(Connection connection) {
		return JdbcClient.create(new SingleConnectionDataSource(connection, true));
	}

}
