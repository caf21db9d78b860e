package dev.meshwright.store;

import java.time.Instant;
import java.util.Collection;

import dev.meshwright.model.Key;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The one row that every commit updates last, so that the order of revisions is the order
 * of commits and has no gaps.
 */
class Head {

	private final JdbcClient jdbc;

	Head(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	long present() {
		return this.jdbc.sql("select revision from revision_head").query(Long.class).single();
	}

	/** Takes the next revision; until the transaction ends nobody else can. */
	Position next() {
		return this.jdbc.sql("""
				update revision_head set revision = revision + 1 returning revision, clock_timestamp() as taken_at""")
			.query((row, number) -> new Position(row.getLong("revision"), ResourceRow.instant(row, "taken_at")))
			.single();
	}

	/**
	 * Checks under the lock of {@link #next} that nothing committed since a revision
	 * changed what was read at it.
	 */
	void requireUnchanged(Collection<Key> reads, long since) {
		this.jdbc.sql("""
				select key, revision from changed_key where revision > :since and key = any(:reads::text[])
				order by revision limit 1""")
			.param("since", since)
			.param("reads", Columns.texts(reads, Key::text))
			.query((row, number) -> row.getString("key") + " was changed by revision " + row.getLong("revision"))
			.optional()
			.ifPresent((changed) -> {
				throw new StoreFailure.ConcurrentChange(
						changed + ", after the change set was validated at revision " + since + "; validate it again");
			});
	}

	/**
	 * A place in the order of commits.
	 *
	 * @param revision the revision
	 * @param at when it was taken, database time
	 */
	record Position(long revision, Instant at) {

		/** That of a change set that changes nothing. */
		static final Position NONE = new Position(0, Instant.EPOCH);

	}

}
