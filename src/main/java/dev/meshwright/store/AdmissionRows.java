package dev.meshwright.store;

import java.util.Optional;

import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Decides whether a unit may delete now. A deletion that belongs to a revision waits
 * until every unit on the cluster that this revision may concern has said what it no
 * longer yields, so that hundreds of small deletions are seen as the one that they are.
 */
final class AdmissionRows {

	private final JdbcClient jdbc;

	AdmissionRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * What is known of a unit's deletions.
	 *
	 * @param revision the newest revision that takes away an object of it and whose
	 * deletion is not released; 0 for none
	 * @param uncounted units that have not yet said what goes
	 * @param doubtful objects of units that were tried in vain and may still say so: they
	 * count as if they all went
	 */
	private record Count(long revision, int uncounted, int doubtful) {
	}

	PushProgress.Admission admit(UnitId unit) {
		Count count = count(unit);
		if (count.revision == 0) {
			return PushProgress.Admission.GRANTED;
		}
		if (count.uncounted > 0) {
			return new PushProgress.Admission(count.uncounted, Optional.empty());
		}
		Deletions.Pending pending = JdbcDeletions.pending(this.jdbc, unit.cluster());
		return pending.exceeds(count.doubtful) ? new PushProgress.Admission(0, Optional.of(pending))
				: PushProgress.Admission.GRANTED;
	}

	/**
	 * Begins with the unit's own objects and looks for the others of each unit that is
	 * behind: joined, the objects of the whole cluster were compared with each such unit.
	 */
	private Count count(UnitId unit) {
		return this.jdbc.sql("""
				with mine as materialized (
					select coalesce(max(t.revision), 0) as revision from inventory i
					cross join lateral (
						select t.revision from tombstone t where t.cluster = i.cluster and t.object_kind = i.object_kind
							and t.object_namespace = i.object_namespace and t.object_name = i.object_name
							and t.uid = i.uid and t.worked_off_at is null and t.released_at is null limit 1) t
					where i.cluster = :cluster and i.namespace = :namespace and i.service = :service),
				unplanned as materialized (
					select u.cluster, u.namespace, u.service, u.attempts from unit u cross join mine
					where u.cluster = :cluster and u.dirty_revision > u.planned_revision
						and u.planned_revision < mine.revision)
				select mine.revision,
					(select count(*) from unplanned u where u.attempts = 0)
						+ (select count(*) from expansion e where e.revision < mine.revision) as uncounted,
					(select coalesce(sum(i.objects), 0) from unplanned u cross join lateral (
						select count(*) as objects from inventory i where i.cluster = u.cluster
							and i.namespace = u.namespace and i.service = u.service) i
						where u.attempts > 0) as doubtful
				from mine""")
			.param("cluster", unit.cluster())
			.param("namespace", unit.namespace())
			.param("service", unit.service())
			.query((row, number) -> new Count(row.getLong("revision"), row.getInt("uncounted"), row.getInt("doubtful")))
			.single();
	}

}
