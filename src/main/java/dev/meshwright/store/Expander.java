package dev.meshwright.store;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Turns changed keys into dirty units. The one row of {@code expansion} says up to which
 * revision that is done; who expands locks it, who records reads shares it, so that no
 * change falls between the two.
 */
final class Expander {

	private static final String CHANGED = "unnest(:keys::text[], :revisions::bigint[]) as c(key, revision)";

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
		Map<String, Long> changed = changed(from, to);
		int dirty = byReads(changed) + placements(changed);
		this.jdbc.sql("update expansion set revision = :to").param("to", to).update();
		this.terminating.sweep();
		return dirty;
	}

	/** The keys that were changed, each with the newest revision that did it. */
	private Map<String, Long> changed(long from, long to) {
		Map<String, Long> changed = new TreeMap<>();
		this.jdbc.sql("select key, revision from changed_key where revision > :from and revision <= :to")
			.param("from", from)
			.param("to", to)
			.query((row) -> {
				changed.merge(row.getString("key"), row.getLong("revision"), Math::max);
			});
		return changed;
	}

	/**
	 * In steps, the rows of each coming as parameters of the next: how many there are no
	 * planner can know, and for what it takes to be many it reads whole tables.
	 */
	private int byReads(Map<String, Long> changed) {
		JsonRows hit = new JsonRows();
		this.jdbc
			.sql("select r.cluster, r.namespace, r.service, max(c.revision) as revision from "
					+ Columns.sized(changed.size(), CHANGED, "c")
					+ "join unit_read r on r.key = c.key group by r.cluster, r.namespace, r.service")
			.params(columns(changed))
			.query((row) -> {
				hit.unit(UnitRows.unit(row)).with("revision", row.getLong("revision"));
			});
		return hit.isEmpty() ? 0
				: this.jdbc
					.sql("""
							with locked as materialized (
								select u.cluster, u.namespace, u.service, r.revision from %s join unit u
									on u.cluster = r.cluster and u.namespace = r.namespace and u.service = r.service
								order by u.cluster, u.namespace, u.service for update of u)
							update unit u set dirty_revision = greatest(u.dirty_revision, r.revision),
								dirty_since = case when u.dirty_revision > u.done_revision then u.dirty_since else now() end,
								not_before = least(u.not_before, now()), attempts = 0
							from locked r where u.cluster = r.cluster and u.namespace = r.namespace and u.service = r.service"""
						.formatted(hit.as("r", "revision bigint")))
					.param("rows", hit.toString())
					.update();
	}

	private static Map<String, Object> columns(Map<String, Long> changed) {
		return Map.of("keys", Columns.texts(changed.keySet(), Function.identity()), "revisions",
				Columns.numbers(changed.values(), Function.identity()));
	}

	/**
	 * By name alone, as nothing has read what is new. A policy's target, which is the
	 * namespace for a namespace's default, is placed anew only when nothing has read the
	 * policy; the platform's defaults have none.
	 */
	private int placements(Map<String, Long> changed) {
		Map<String, Long> placed = new TreeMap<>(changed);
		placed.keySet().removeIf((key) -> !isPlaced(key));
		return placed.isEmpty() ? 0
				: this.jdbc
					.sql("""
							insert into unit (cluster, namespace, service, dirty_revision)
							select '', split_part(c.key, '/', 2), split_part(c.key, '/', 3), max(c.revision)
							from %s where starts_with(c.key, 'resource=') or (select 1 from unit_read r where r.key = c.key limit 1) is null
							group by 2, 3 order by 2, 3
							on conflict (cluster, namespace, service) do update
							set dirty_revision = greatest(unit.dirty_revision, excluded.dirty_revision),
								dirty_since = case when unit.dirty_revision > unit.done_revision then unit.dirty_since
									else now() end,
								not_before = least(unit.not_before, now()), attempts = 0"""
						.formatted(Columns.sized(placed.size(), CHANGED, "c")))
					.params(columns(placed))
					.update();
	}

	private static boolean isPlaced(String key) {
		return key.startsWith("resource=Service/") || key.startsWith("resource=Namespace/")
				|| (key.startsWith("target=") && !key.endsWith("//"));
	}

}
