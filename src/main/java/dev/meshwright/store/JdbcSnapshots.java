package dev.meshwright.store;

import java.util.function.Function;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;

/** One transaction a view. */
@Repository
class JdbcSnapshots implements Snapshots {

	private final JdbcClient jdbc;

	private final SpecReader specs;

	private final ConsistentRead consistent;

	JdbcSnapshots(JdbcClient jdbc, SpecReader specs, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.specs = specs;
		this.consistent = new ConsistentRead(jdbc, transactionManager);
	}

	@Override
	public <T> T read(Function<StoredSnapshot, T> function) {
		return this.consistent.read(() -> function.apply(new JdbcSnapshot(this.jdbc, this.specs)));
	}

}
