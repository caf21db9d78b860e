package dev.meshwright.store;

import java.time.Instant;

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

	/**
	 * Checks that a revision was committed.
	 * @throws StoreFailure.NoRevision when it was not
	 */
	void requireReached(long revision) {
		long present = present();
		if (revision < 1 || revision > present) {
			throw new StoreFailure.NoRevision(revision, present);
		}
	}

	/** Takes the next revision; until the transaction ends nobody else can. */
	Position next() {
		return this.jdbc.sql("""
				update revision_head set revision = revision + 1 returning revision, clock_timestamp() as taken_at""")
			.query((row, number) -> new Position(row.getLong("revision"), ResourceRow.instant(row, "taken_at")))
			.single();
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
