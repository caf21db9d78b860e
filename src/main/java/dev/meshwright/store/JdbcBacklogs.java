package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import dev.meshwright.model.Caller;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;

/** Rows of {@code unit} that are dirty, read through {@code unit_backlog}. */
@Repository
class JdbcBacklogs implements Backlogs {

	private static final String DIRTY = "(u.dirty_revision > u.done_revision or u.resync or u.resyncing or u.continues)";

	private static final String FREE = "(u.worker is null or u.lease_until < now())";

	private static final String COUNTED = """
			select u.cluster, count(*) filter (where %1$s and u.not_before <= now()) as due,
				count(*) filter (where not %1$s) as working,
				count(*) filter (where %1$s and u.not_before > now() and u.attempts = 0) as waiting,
				count(*) filter (where %1$s and u.not_before > now() and u.attempts > 0) as retrying,
				coalesce(extract(epoch from now() - min(u.not_before) filter (where %1$s and u.not_before <= now())), 0)
					as age
			from unit u where %2$s and %3$s group by u.cluster""";

	private static final String ALL = """
			with counted as (%s), known as (
				select name as cluster from resource where kind = 'Cluster'
				union select cluster from counted union select ''
			)
			select k.cluster, coalesce(c.due, 0) as due, coalesce(c.working, 0) as working,
				coalesce(c.waiting, 0) as waiting, coalesce(c.retrying, 0) as retrying, coalesce(c.age, 0) as age,
				k.cluster = '' or coalesce(f.reachable, false) as reachable,
				exists (select 1 from cluster_halt h where h.cluster = k.cluster) as halted
			from known k left join counted c on c.cluster = k.cluster
			left join cluster_facts f on f.cluster = k.cluster
			where :only::text is null or k.cluster = :only order by k.cluster""";

	private static final String REASONS = """
			with longest as (
				select u.cluster, u.namespace, u.service, u.not_before from unit u
				where u.cluster = :cluster and %s order by u.not_before limit :limit
			), reported as (
				select l.namespace, l.service, l.not_before, coalesce(c.reason, 'NotReported') as reason,
					coalesce(c.message, '') as message
				from longest l left join unit_status s on s.cluster = l.cluster and s.namespace = l.namespace
					and s.service = l.service
				left join lateral (
					select e ->> 'reason' as reason, e ->> 'message' as message from jsonb_array_elements(s.conditions) e
					where (e ->> 'type' = 'Compiled' and e ->> 'status' = 'False') or e ->> 'type' = 'Programmed'
					order by e ->> 'type' limit 1
				) c on true
			), numbered as (
				select r.*, count(*) over (partition by reason) as units,
					row_number() over (partition by reason order by readable desc, not_before, namespace, service)
						as place
				from (select *, (:everywhere or namespace = any(:readable::text[])) as readable from reported) r
			)
			select reason, units, namespace, service, message, readable from numbered where place = 1
			order by units desc, reason""";

	private final JdbcClient jdbc;

	private final ConsistentRead consistent;

	JdbcBacklogs(JdbcClient jdbc, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.consistent = new ConsistentRead(jdbc, transactionManager);
	}

	@Override
	public List<Backlog> all() {
		return backlogs(null);
	}

	private List<Backlog> backlogs(@Nullable String only) {
		String which = (only != null) ? "u.cluster = :only" : "true";
		return this.jdbc.sql(ALL.formatted(COUNTED.formatted(FREE, DIRTY, which)))
			.param("only", only)
			.query((row, number) -> backlog(row))
			.list();
	}

	@Override
	public long unexpanded() {
		return this.jdbc.sql("select h.revision - e.revision from revision_head h cross join expansion e")
			.query(Long.class)
			.single();
	}

	@Override
	public Stuck stuck(Caller caller, String cluster, int limit) {
		return this.consistent.read(() -> {
			List<Reason> reasons = this.jdbc.sql(REASONS.formatted(DIRTY))
				.param("cluster", cluster)
				.param("limit", limit)
				.params(Columns.scope(caller.namespaces()))
				.query((row, number) -> reason(row))
				.list();
			return new Stuck(backlogs(cluster).stream().findFirst().orElse(null), reasons);
		});
	}

	private static Backlog backlog(ResultSet row) throws SQLException {
		return new Backlog(row.getString("cluster"), row.getLong("due"), row.getLong("working"), row.getLong("waiting"),
				row.getLong("retrying"), Duration.ofMillis((long) (row.getDouble("age") * 1000)),
				row.getBoolean("reachable"), row.getBoolean("halted"));
	}

	private static Reason reason(ResultSet row) throws SQLException {
		if (!row.getBoolean("readable")) {
			return new Reason(row.getString("reason"), row.getLong("units"), null, null);
		}
		String service = row.getString("service");
		return new Reason(row.getString("reason"), row.getLong("units"),
				row.getString("namespace") + (service.isEmpty() ? "" : "/" + service), row.getString("message"));
	}

}
