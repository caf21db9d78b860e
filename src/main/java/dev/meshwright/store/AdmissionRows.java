package dev.meshwright.store;

import java.util.Optional;

import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Decides whether units may delete now. A deletion that belongs to a revision waits until
 * every unit on the cluster that this revision may concern has said what it no longer
 * yields, so that hundreds of small deletions are seen as the one that they are.
 */
final class AdmissionRows {

	private final JdbcClient jdbc;

	AdmissionRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * What is known of a cluster's units.
	 *
	 * @param uncounted units that have not yet said what goes by a revision
	 * @param doubtful objects of units that were tried in vain and may still say so: they
	 * count as if they all went
	 */
	private record Count(int uncounted, int doubtful) {
	}

	/** Begins with the unit's own objects, which are few. */
	long lastDeletion(UnitId unit) {
		return this.jdbc.sql("""
				select coalesce(max(t.revision), 0) from inventory i
				cross join lateral (
					select t.revision from tombstone t where t.cluster = i.cluster and t.object_kind = i.object_kind
						and t.object_namespace = i.object_namespace and t.object_name = i.object_name
						and t.uid = i.uid and t.worked_off_at is null and t.released_at is null limit 1) t
				where %s""".formatted(InventoryRows.ofUnit(":")))
			.param("cluster", unit.cluster())
			.param("namespace", unit.namespace())
			.param("service", unit.service())
			.query(Long.class)
			.single();
	}

	PushProgress.Admission admit(String cluster, long revision) {
		Count count = count(cluster, revision);
		if (count.uncounted > 0) {
			return new PushProgress.Admission(count.uncounted, Optional.empty());
		}
		Deletions.Pending pending = JdbcDeletions.pending(this.jdbc, cluster);
		return pending.exceeds(count.doubtful) ? new PushProgress.Admission(0, Optional.of(pending))
				: PushProgress.Admission.GRANTED;
	}

	/**
	 * Looks for the objects of each unit that is behind: joined, the objects of the whole
	 * cluster were compared with each such unit.
	 */
	private Count count(String cluster, long revision) {
		return this.jdbc.sql("""
				with unplanned as materialized (
					select u.cluster, u.namespace, u.service, u.attempts from unit u
					where u.cluster = :cluster and u.dirty_revision > u.planned_revision
						and u.planned_revision < :revision)
				select (select count(*) from unplanned u where u.attempts = 0)
						+ (select count(*) from expansion e where e.revision < :revision) as uncounted,
					(select coalesce(sum(i.objects), 0) from unplanned u cross join lateral (
						select count(*) as objects from inventory i where %s) i
						where u.attempts > 0) as doubtful""".formatted(InventoryRows.ofUnit("u.")))
			.param("cluster", cluster)
			.param("revision", revision)
			.query((row, number) -> new Count(row.getInt("uncounted"), row.getInt("doubtful")))
			.single();
	}

}
