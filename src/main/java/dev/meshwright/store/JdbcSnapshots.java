package dev.meshwright.store;

import java.util.function.Function;

import dev.meshwright.model.Snapshot;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;

/** One transaction a view. */
@Repository
class JdbcSnapshots implements Snapshots {

	/** The most images of other states that one view of the past may have to look at. */
	private static final int MOST_IMAGES = 20_000;

	private final JdbcClient jdbc;

	private final SpecReader specs;

	private final ConsistentRead consistent;

	private final Head head;

	JdbcSnapshots(JdbcClient jdbc, SpecReader specs, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.specs = specs;
		this.consistent = new ConsistentRead(jdbc, transactionManager);
		this.head = new Head(jdbc);
	}

	@Override
	public <T> T read(Function<StoredSnapshot, T> function) {
		return this.consistent.read(() -> function.apply(new JdbcSnapshot(this.jdbc, this.specs)));
	}

	@Override
	public <T> T readAt(long revision, Function<Snapshot, T> function) {
		return this.consistent.read(() -> {
			this.head.requireReached(revision);
			return function.apply(new HistoricSnapshot(this.jdbc, revision, MOST_IMAGES));
		});
	}

}
