package dev.meshwright.store;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.Key;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Commits.Validation;

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
	 * Checks under the lock of {@link #next} that nothing committed since the validation
	 * changed what it read, and that nobody came to depend on what is changed now whom it
	 * did not compile. One statement, because everybody waits for the lock.
	 * @param changed the keys that are being changed
	 */
	void requireUnchanged(Validation validation, Collection<Key> changed) {
		Collection<UnitId> compiled = validation.compiled().map(Map::keySet).orElse(Set.of());
		this.jdbc
			.sql("(select c.key || ' was changed by revision ' || c.revision as what from " + Columns.keys("reads")
					+ """
							join changed_key c on c.key = k.key and c.revision > :since order by c.revision limit 1)
							union all
							(select 'Service ' || r.namespace || '/' || r.service || ' came to depend on it' from (%s) r
							where :complete and (r.cluster, r.namespace, r.service) not in (
								select c.cluster, c.namespace, c.service
								from unnest(:clusters::text[], :namespaces::text[], :services::text[])
									as c(cluster, namespace, service))
							limit 1)""".formatted(ValidatedReads.dependents("changed")))
			.param("since", validation.revision())
			.param("reads", Columns.texts(validation.reads(), Key::text))
			.param("changed", Columns.texts(changed, Key::text))
			.param("complete", validation.compiled().isPresent())
			.param("clusters", Columns.texts(compiled, UnitId::cluster))
			.param("namespaces", Columns.texts(compiled, UnitId::namespace))
			.param("services", Columns.texts(compiled, UnitId::service))
			.query(String.class)
			.list()
			.stream()
			.findFirst()
			.ifPresent((what) -> {
				throw new StoreFailure.ConcurrentChange(what + ", after the change set was validated at revision "
						+ validation.revision() + "; validate it again");
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
