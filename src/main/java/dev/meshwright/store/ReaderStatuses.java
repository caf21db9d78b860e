package dev.meshwright.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.meshwright.document.Json;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Statuses.UnitStatus;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reports of all the units that read one key, summed up for each cluster: a default
 * policy is read by every service of its namespace or of the platform. The answer is
 * bounded by the number of clusters, and names no unit, because whoever may see the
 * policy need not see them.
 */
final class ReaderStatuses {

	private static final int MOST_DIAGNOSTICS = 50;

	/** As {@code type=reason}. */
	private static final String[] PLAIN = Arrays.stream(Condition.Type.values())
		.map((type) -> type + "=" + type.plainReason())
		.toArray(String[]::new);

	private static final String READERS = """
			from unit_read r
			join unit u on u.cluster = r.cluster and u.namespace = r.namespace and u.service = r.service
			left join unit_status s on s.cluster = u.cluster and s.namespace = u.namespace and s.service = u.service
			""";

	private final JdbcClient jdbc;

	ReaderStatuses(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Those of some namespaces in which a Service is declared; the empty name is the
	 * platform. Scalar queries, as exists may be answered by reading every service once.
	 */
	List<String> withServices(Collection<String> namespaces) {
		return this.jdbc
			.sql("select n.namespace from "
					+ Columns.few("unnest(:namespaces::text[]) as n(namespace)", "n", "namespace")
					+ """
							where case n.namespace when '' then (select 1 from resource r where r.kind = 'Service' limit 1)
								else (select 1 from resource r where r.kind = 'Service' and r.namespace = n.namespace limit 1)
								end is not null""")
			.param("namespaces", namespaces.toArray(String[]::new))
			.query(String.class)
			.list();
	}

	/**
	 * One entry for each cluster with a unit that read the key.
	 * @param id the resource that is found under the key
	 * @param revision the revision of its last change
	 * @param generation its generation
	 */
	List<UnitStatus> of(ResourceId id, Key key, long revision, long generation) {
		Map<String, List<Condition>> conditions = conditions(key);
		Map<String, List<Diagnostic>> diagnostics = diagnostics(id, key);
		return this.jdbc
			.sql("""
					select seen.cluster, f.reachable, f.message, f.since, bool_or(seen.dirty or seen.unseen or seen.continues) as pending,
						min(case when seen.unseen then least(seen.generation, :generation - 1)
							else seen.generation end) as observed
					from (select u.cluster, u.continues, u.dirty_revision > u.done_revision as dirty,
						coalesce(cast(s.generations ->> :id as bigint), 0) as generation,
						:revision > e.revision or s.generations is null or (u.dirty_revision > u.done_revision
							and u.done_revision < :revision and u.dirty_revision >= :revision) as unseen
					"""
					+ READERS + """
							cross join expansion e where r.key = :key) seen
							left join cluster_facts f on f.cluster = seen.cluster
							group by seen.cluster, f.reachable, f.message, f.since order by seen.cluster""")
			.param("id", id.toString())
			.param("key", key.text())
			.param("revision", revision)
			.param("generation", generation)
			.query((row, number) -> {
				String cluster = row.getString("cluster");
				long observed = row.getLong("observed");
				Optional<Silence> silence = Silence.of(row);
				return new UnitStatus(cluster, observed, row.getBoolean("pending"),
						conditions.getOrDefault(cluster, List.of())
							.stream()
							.map((condition) -> observing(condition, observed))
							.map((condition) -> silence.map((it) -> it.doubt(condition)).orElse(condition))
							.toList(),
						diagnostics.getOrDefault(cluster, List.of()));
			})
			.list();
	}

	/**
	 * Of each type the worst that units report, a reason that says something before the
	 * plain one, and how many report it.
	 */
	private Map<String, List<Condition>> conditions(Key key) {
		Map<String, List<Condition>> conditions = new TreeMap<>();
		this.jdbc.sql("""
				select distinct on (found.cluster, found.type) found.cluster, to_jsonb(found)::text as condition
				from (select u.cluster, c.type, c.status, c.reason, max(c.since) as since, count(*) as units,
					count(*) || ' of the units that it holds for' as message
				""" + READERS + """
					cross join jsonb_to_recordset(s.conditions) as c(type text, status text, reason text, since text)
					where r.key = :key group by u.cluster, c.type, c.status, c.reason) found
				order by found.cluster, found.type,
					case when found.status = 'Unknown' then 1 when (found.status = 'False') = (found.type <> 'Drifted')
						then 0 else 2 end, found.type || '=' || found.reason = any(:plain), found.units desc,
					found.reason""").param("key", key.text()).param("plain", PLAIN).query((row, number) -> {
			String cluster = row.getString("cluster");
			ReportRows.condition(Json.mapper().readTree(row.getString("condition")))
				.ifPresent((condition) -> add(conditions, cluster, condition));
			return number;
		}).list();
		return conditions;
	}

	private Map<String, List<Diagnostic>> diagnostics(ResourceId id, Key key) {
		Map<String, List<Diagnostic>> diagnostics = new TreeMap<>();
		this.jdbc
			.sql("select distinct u.cluster, d.value::text as diagnostic " + READERS
					+ " cross join jsonb_array_elements(s.diagnostics) as d(value)"
					+ " where r.key = :key and d.value ->> 'resource' = :id order by 1, 2 limit :most")
			.param("key", key.text())
			.param("id", id.toString())
			.param("most", MOST_DIAGNOSTICS)
			.query((row, number) -> {
				String cluster = row.getString("cluster");
				ReportRows.diagnostic(Json.mapper().readTree(row.getString("diagnostic")))
					.ifPresent((diagnostic) -> add(diagnostics, cluster, diagnostic));
				return number;
			})
			.list();
		return diagnostics;
	}

	private static Condition observing(Condition condition, long observed) {
		return new Condition(condition.type(), condition.status(), condition.reason(), condition.message(), observed,
				condition.lastTransitionTime());
	}

	private static <T> void add(Map<String, List<T>> lists, String cluster, T item) {
		lists.computeIfAbsent(cluster, (_) -> new ArrayList<>()).add(item);
	}

}
