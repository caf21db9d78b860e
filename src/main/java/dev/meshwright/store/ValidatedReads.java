package dev.meshwright.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.Key;
import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of {@code validated_read}: who depends on what, from the commit on and until a
 * worker has compiled it and recorded the reads itself. Without them the next write would
 * not find the units that nobody has compiled yet. A commit adds rows under its own
 * revision and takes away those that nobody is about to take away, so it waits for
 * nobody's locks.
 */
final class ValidatedReads {

	/** The rows of {@link #columns}: {@code v(cluster, namespace, service, key)}. */
	static final String ROWS = """
			unnest(:readClusters::text[], :readNamespaces::text[], :readServices::text[], :readKeys::text[])
				as v(cluster, namespace, service, key)""";

	/**
	 * Deletes what earlier commits read for the units that this one compiled, all of them
	 * under the lock of the head: it knows better. A row that is locked is being deleted
	 * by a worker. They are found by their unit, not by their keys, some of which
	 * everybody reads.
	 */
	static final String SUPERSEDED = """
			delete from validated_read e using (
				select o.* from unnest(:clusters::text[], :namespaces::text[], :services::text[])
					as c(cluster, namespace, service)
				cross join lateral (
					select * from validated_read v
					where v.namespace = c.namespace and v.service = c.service and v.cluster = c.cluster
						and v.revision < :revision
					for update skip locked) o) o
			where e.namespace = o.namespace and e.service = o.service and e.cluster = o.cluster
				and e.revision = o.revision and e.key || '' = o.key""";

	/**
	 * A query for the units and placements that depend on a key: cluster, namespace and
	 * service.
	 * @param parameter the parameter with the keys
	 */
	static String dependents(String parameter) {
		return "select distinct d.cluster, d.namespace, d.service from " + Columns.keys(parameter) + """
				cross join lateral (
					select r.cluster, r.namespace, r.service from unit_read r where r.key = k.key
					union all select v.cluster, v.namespace, v.service from validated_read v where v.key = k.key) d""";
	}

	private final JdbcClient jdbc;

	ValidatedReads(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	static Map<String, Object> columns(Map<UnitId, Set<Key>> reads) {
		int size = reads.values().stream().mapToInt(Set::size).sum();
		String[] clusters = new String[size];
		String[] namespaces = new String[size];
		String[] services = new String[size];
		String[] keys = new String[size];
		int row = 0;
		for (Map.Entry<UnitId, Set<Key>> unit : reads.entrySet()) {
			for (Key key : unit.getValue()) {
				clusters[row] = unit.getKey().cluster();
				namespaces[row] = unit.getKey().namespace();
				services[row] = unit.getKey().service();
				keys[row++] = key.text();
			}
		}
		Map<String, Object> columns = new HashMap<>();
		columns.put("readClusters", clusters);
		columns.put("readNamespaces", namespaces);
		columns.put("readServices", services);
		columns.put("readKeys", keys);
		return columns;
	}

	/** What workers now record themselves, of snapshots at least as new. */
	void forget(Collection<ReadRows.Reads> recorded) {
		JsonRows rows = new JsonRows();
		recorded.forEach((read) -> rows.unit(read.unit()).with("revision", read.revision()));
		this.jdbc.sql("""
				delete from validated_read v
				using %s
				where r.cluster = v.cluster and r.namespace = v.namespace and r.service = v.service
					and v.revision <= r.revision""".formatted(JsonRows.as("r", "revision bigint")))
			.param("rows", rows.toString())
			.update();
	}

	/**
	 * What was read for clusters on which the placement, decided at least as late, has no
	 * unit: nobody would ever record there.
	 * @param placements rows of cluster, namespace, service and revision
	 */
	void forgetUnplaced(JsonRows placements) {
		this.jdbc
			.sql("""
					delete from validated_read v
					using %s
					where p.namespace = v.namespace and p.service = v.service and v.revision <= p.revision
						and not exists (select 1 from unit u where u.cluster = v.cluster
							and u.namespace = v.namespace and u.service = v.service)"""
				.formatted(JsonRows.as("p", "revision bigint")))
			.param("rows", placements.toString())
			.update();
	}

}
