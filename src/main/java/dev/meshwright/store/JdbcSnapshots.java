package dev.meshwright.store;

import java.util.function.Function;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** One transaction a view. */
@Repository
class JdbcSnapshots implements Snapshots {

	private final JdbcClient jdbc;

	private final SpecReader specs;

	private final TransactionTemplate transaction;

	JdbcSnapshots(JdbcClient jdbc, SpecReader specs, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.specs = specs;
		this.transaction = consistentRead(transactionManager);
	}

	/** Transactions in which every statement sees what the first one saw. */
	static TransactionTemplate consistentRead(PlatformTransactionManager transactionManager) {
		TransactionTemplate transaction = new TransactionTemplate(transactionManager);
		transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		transaction.setReadOnly(true);
		return transaction;
	}

	@Override
	public <T> T read(Function<StoredSnapshot, T> function) {
		return this.transaction.execute((status) -> function.apply(new JdbcSnapshot(this.jdbc, this.specs)));
	}

}
