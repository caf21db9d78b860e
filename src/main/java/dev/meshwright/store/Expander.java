package dev.meshwright.store;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Turns changed keys into dirty units. The one row of {@code expansion} says up to which
 * revision that is done; who expands locks it, who records reads shares it, so that no
 * change falls between the two.
 */
final class Expander {

	private static final String CHANGED = "unnest(:keys::text[], :revisions::bigint[]) as c(key, revision)";

	/**
	 * A revision that concerns more units or names than this is bulk: what somebody
	 * changes meanwhile does not wait for all of them.
	 */
	private static final int MOST_URGENT = 64;

	/**
	 * When a unit is due that a revision concerns: at once, unless it changed already
	 * since its last push began, when it gathers what else there is. See
	 * {@link UnitEnds#GATHERING}.
	 */
	private static final String BURST = "case when u.dirty_revision > u.done_revision then now() + interval '"
			+ UnitEnds.GATHERING.toMillis() + " milliseconds' else now() end";

	private final JdbcClient jdbc;

	private final TerminatingRows terminating;

	Expander(JdbcClient jdbc) {
		this.jdbc = jdbc;
		this.terminating = new TerminatingRows(jdbc);
	}

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
		List<Changed> changed = changed(from, to);
		int dirty = byReads(changed) + placements(changed);
		this.jdbc.sql("update expansion set revision = :to").param("to", to).update();
		this.terminating.sweep();
		return dirty;
	}

	/**
	 * Forgets deleted resources whose units are done. Two units that end at the same time
	 * each see the other at work and leave that to each other, so whoever finds nothing
	 * to do looks again.
	 */
	void sweep() {
		this.terminating.sweep();
	}

	/** The keys that were changed, by the revisions that did it. */
	private List<Changed> changed(long from, long to) {
		return this.jdbc.sql("""
				select revision, key from changed_key where revision > :from and revision <= :to
				order by revision, key""")
			.param("from", from)
			.param("to", to)
			.query((row, number) -> new Changed(row.getString("key"), row.getLong("revision")))
			.list();
	}

	/**
	 * In steps, the rows of each coming as parameters of the next: how many there are no
	 * planner can know, and for what it takes to be many it reads whole tables.
	 */
	private int byReads(List<Changed> changed) {
		List<Hit> hits = this.jdbc
			.sql("select distinct r.cluster, r.namespace, r.service, c.revision from "
					+ Columns.few(CHANGED, "c", "key") + "join unit_read r on r.key = c.key")
			.params(columns(changed))
			.query((row, number) -> new Hit(UnitRows.unit(row), row.getLong("revision")))
			.list();
		if (hits.isEmpty()) {
			return 0;
		}
		Map<Long, Long> concerned = hits.stream().collect(Collectors.groupingBy(Hit::revision, Collectors.counting()));
		Map<UnitId, List<Hit>> byUnit = hits.stream()
			.collect(Collectors.groupingBy(Hit::unit, TreeMap::new, Collectors.toList()));
		JsonRows rows = new JsonRows();
		byUnit.forEach((unit, some) -> rows.unit(unit)
			.with("revision", some.stream().mapToLong(Hit::revision).max().orElseThrow())
			.with("urgent", some.stream().anyMatch((hit) -> concerned.get(hit.revision) <= MOST_URGENT)));
		return this.jdbc.sql(UnitUpdates.update(
				"join " + JsonRows.as("r", "revision bigint, urgent boolean")
						+ " on u.cluster = r.cluster and u.namespace = r.namespace and u.service = r.service",
				"r.revision, r.urgent",
				"""
						dirty_revision = greatest(u.dirty_revision, chosen.revision),
							dirty_since = case when u.dirty_revision > u.done_revision then u.dirty_since else now() end,
							urgent = u.urgent or chosen.urgent, attempts = 0, not_before = least(u.not_before, %s)"""
					.formatted(BURST)))
			.param("rows", rows.toString())
			.update();
	}

	/**
	 * By name alone, as nothing has read what is new. A policy's target, which is the
	 * namespace for a namespace's default, is placed anew only when nothing has read the
	 * policy; the platform's defaults have none.
	 */
	private int placements(List<Changed> changed) {
		List<Changed> placed = changed.stream().filter(Changed::places).toList();
		return placed.isEmpty() ? 0
				: this.jdbc
					.sql("""
							with changed as (select c.key, c.revision,
								count(*) over (partition by c.revision) <= :mostUrgent as urgent from %s)
							insert into unit (cluster, namespace, service, dirty_revision, urgent)
							select '', split_part(key, '/', 2), split_part(key, '/', 3), max(revision), bool_or(urgent) from changed
							where starts_with(key, 'resource=') or (select 1 from unit_read r where r.key = changed.key limit 1) is null
							group by 2, 3 order by 2, 3
							on conflict (cluster, namespace, service) do update
							set dirty_revision = greatest(unit.dirty_revision, excluded.dirty_revision),
								dirty_since = case when unit.dirty_revision > unit.done_revision then unit.dirty_since
									else now() end,
								urgent = unit.urgent or excluded.urgent, not_before = least(unit.not_before, now()), attempts = 0"""
						.formatted(Columns.few(CHANGED, "c", "key")))
					.param("mostUrgent", MOST_URGENT)
					.params(columns(placed))
					.update();
	}

	private static Map<String, Object> columns(List<Changed> changed) {
		return Map.of("keys", Columns.texts(changed, Changed::key), "revisions",
				Columns.numbers(changed, Changed::revision));
	}

	private record Changed(String key, long revision) {

		boolean places() {
			return this.key.startsWith("resource=Service/") || this.key.startsWith("resource=Namespace/")
					|| (this.key.startsWith("target=") && !this.key.endsWith("//"));
		}

	}

	/** A unit that read what a revision changed. */
	private record Hit(UnitId unit, long revision) {
	}

}
