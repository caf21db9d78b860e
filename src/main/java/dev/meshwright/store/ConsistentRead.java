package dev.meshwright.store;

import java.util.function.Supplier;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads in which every statement sees what the first one saw. The isolation level is said
 * to the transaction, not to the connection, which would have to be asked for its present
 * one and be set back: three round trips more for each read.
 */
final class ConsistentRead {

	/**
	 * In one round trip. Much may be compiled between two reads; a transaction without
	 * locks keeps nobody from anything while it is silent.
	 */
	private static final String BEGIN = """
			set transaction isolation level repeatable read; set local idle_in_transaction_session_timeout = '2min'""";

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	ConsistentRead(JdbcClient jdbc, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(transactionManager);
		this.transaction.setReadOnly(true);
	}

	/** Runs a function in a REPEATABLE READ, read-only transaction. */
	<T> T read(Supplier<T> function) {
		return this.transaction.execute((status) -> {
			this.jdbc.sql(BEGIN).update();
			return function.get();
		});
	}

}
