package dev.meshwright.store;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Turns changed keys into dirty units. The one row of {@code expansion} says up to which
 * revision that is done; who expands locks it, who records reads shares it, so that no
 * change falls between the two.
 */
final class Expander {

	/**
	 * A revision that concerns more units or names than this is bulk: what somebody
	 * changes meanwhile does not wait for all of them.
	 */
	private static final int MOST_URGENT = 64;

	private final JdbcClient jdbc;

	private final TerminatingRows terminating;

	Expander(JdbcClient jdbc) {
		this.jdbc = jdbc;
		this.terminating = new TerminatingRows(jdbc);
	}

	/**
	 * When a unit is due that a revision concerns: at once, unless it changed already
	 * since its last push began, when it gathers what else there is. See
	 * {@link UnitEnds#GATHERING}.
	 */
	private static final String BURST = "case when u.dirty_revision > u.done_revision then now() + interval '"
			+ UnitEnds.GATHERING.toMillis() + " milliseconds' else now() end";

	/** Whether there may be something to expand; locks nothing. */
	boolean isBehind() {
		return this.jdbc.sql("select h.revision > e.revision from revision_head h, expansion e")
			.query(Boolean.class)
			.single();
	}

	/**
	 * Shares the position with others who record, and holds off the expander, until the
	 * transaction ends. To be called before any unit's row is locked: the expander locks
	 * in that order.
	 */
	long share() {
		return this.jdbc.sql("select revision from expansion for share").query(Long.class).single();
	}

	/** Expands up to the head, within the present transaction. */
	int expand() {
		long from = this.jdbc.sql("select revision from expansion for update").query(Long.class).single();
		long to = this.jdbc.sql("select revision from revision_head").query(Long.class).single();
		if (to <= from) {
			return 0;
		}
		int dirty = byReads(from, to) + placements(from, to);
		this.jdbc.sql("update expansion set revision = :to").param("to", to).update();
		this.terminating.sweep();
		return dirty;
	}

	private int byReads(long from, long to) {
		return this.jdbc
			.sql("""
					with one as (
						select r.cluster, r.namespace, r.service, c.revision,
							count(*) over (partition by c.revision) <= :mostUrgent as urgent
						from changed_key c join unit_read r on r.key = c.key
						where c.revision > :from and c.revision <= :to
						group by r.cluster, r.namespace, r.service, c.revision),
					hit as (
						select cluster, namespace, service, max(revision) as revision, bool_or(urgent) as urgent
						from one group by cluster, namespace, service),
					locked as materialized (
						select u.cluster, u.namespace, u.service, hit.revision, hit.urgent from unit u join hit
							on hit.cluster = u.cluster and hit.namespace = u.namespace and hit.service = u.service
						order by u.cluster, u.namespace, u.service for update of u)
					update unit u set dirty_revision = greatest(u.dirty_revision, locked.revision),
						dirty_since = case when u.dirty_revision > u.done_revision then u.dirty_since else now() end,
						urgent = u.urgent or locked.urgent, attempts = 0, not_before = least(u.not_before, %s)
					from locked
					where locked.cluster = u.cluster and locked.namespace = u.namespace and locked.service = u.service"""
				.formatted(BURST))
			.param("mostUrgent", MOST_URGENT)
			.param("from", from)
			.param("to", to)
			.update();
	}

	/**
	 * By name alone, as nothing has read what is new. A policy's target, which is the
	 * namespace for a namespace's default, is placed anew only when nothing has read the
	 * policy; the platform's defaults have none.
	 */
	private int placements(long from, long to) {
		return this.jdbc
			.sql("""
					with changed as (
						select key, revision, count(*) over (partition by revision) <= :mostUrgent as urgent from changed_key
						where revision > :from and revision <= :to and (key like 'resource=Service/%'
							or key like 'resource=Namespace/%'
							or (key like 'target=%' and key not like 'target=%//')))
					insert into unit (cluster, namespace, service, dirty_revision, urgent)
					select '', split_part(key, '/', 2), split_part(key, '/', 3), max(revision), bool_or(urgent) from changed
					where key like 'resource=%' or not exists (select 1 from unit_read r where r.key = changed.key)
					group by 2, 3 order by 2, 3
					on conflict (cluster, namespace, service) do update
					set dirty_revision = greatest(unit.dirty_revision, excluded.dirty_revision),
						dirty_since = case when unit.dirty_revision > unit.done_revision then unit.dirty_since
							else now() end,
						urgent = unit.urgent or excluded.urgent, not_before = least(unit.not_before, now()), attempts = 0""")
			.param("mostUrgent", MOST_URGENT)
			.param("from", from)
			.param("to", to)
			.update();
	}

}
