package dev.meshwright.store;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Forgets what was pushed for resources, because nobody will ever be able to delete it:
 * the cluster is gone for good. Whoever works on such a unit loses its claim.
 */
final class OrphanedUnits {

	private final JdbcClient jdbc;

	private final UnitRemains remains;

	private final TerminatingRows terminating;

	OrphanedUnits(JdbcClient jdbc) {
		this.jdbc = jdbc;
		this.remains = new UnitRemains(jdbc);
		this.terminating = new TerminatingRows(jdbc);
	}

	/**
	 * Forgets inventory, open tombstones and units; the placements follow. To be called
	 * before the head is locked: it waits for workers that are recording.
	 * @param resources services, namespaces or clusters
	 */
	void forget(List<ResourceId> resources) {
		List<UnitId> units = new ArrayList<>();
		resources.forEach((id) -> units.addAll(lock(id)));
		if (units.isEmpty()) {
			return;
		}
		JsonRows rows = new JsonRows();
		units.stream().distinct().sorted().forEach(rows::unit);
		String named = rows.toString();
		String which = JsonRows.as("r")
				+ " where r.cluster = t.cluster and r.namespace = t.namespace and r.service = t.service";
		this.jdbc.sql("""
				update tombstone d set worked_off_at = now(), released_at = now()
				from inventory t, %s and d.cluster = t.cluster and d.object_kind = t.object_kind
					and d.object_namespace = t.object_namespace and d.object_name = t.object_name
					and d.worked_off_at is null""".formatted(which)).param("rows", named).update();
		this.jdbc.sql("delete from inventory t using " + which).param("rows", named).update();
		this.remains.remove(this.jdbc
			.sql("delete from unit t using " + which + " returning t.cluster, t.namespace, t.service, t.fence")
			.param("rows", named)
			.query((row, number) -> UnitRemains.gone(row))
			.list());
		this.jdbc
			.sql("""
					update unit t set continues = true, not_before = now()
					from (select distinct '' as cluster, namespace, service from %s) r
					where r.cluster = t.cluster and r.namespace = t.namespace and r.service = t.service"""
				.formatted(JsonRows.as("n")))
			.param("rows", named)
			.update();
		this.terminating.sweep();
	}

	/** Units and their placements, locked in the order of their keys. */
	private List<UnitId> lock(ResourceId id) {
		String which = switch (id.kind()) {
			case CLUSTER -> "u.cluster = :name or (u.cluster = '' and exists (select 1 from unit o "
					+ "where o.cluster = :name and o.namespace = u.namespace and o.service = u.service))";
			case NAMESPACE -> "u.namespace = :name and u.service = ''";
			case SERVICE -> "u.namespace = :namespace and u.service = :name";
			case ROUTING_POLICY, FAILOVER_POLICY, SECURITY_POLICY, OVERRIDE -> throw new IllegalArgumentException(
					id + " has no objects of its own to forget; those of its service stay");
		};
		return this.jdbc
			.sql("select u.cluster, u.namespace, u.service from unit u where " + which
					+ " order by u.cluster, u.namespace, u.service for update of u")
			.param("namespace", id.namespace())
			.param("name", id.name())
			.query((row, number) -> UnitRows.unit(row))
			.list()
			.stream()
			.filter((unit) -> !unit.isPlacement())
			.toList();
	}

}
