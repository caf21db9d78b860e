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

	Pushes.Admission admit(UnitId unit) {
		Count count = count(unit);
		if (count.revision == 0) {
			return Pushes.Admission.GRANTED;
		}
		if (count.uncounted > 0) {
			return new Pushes.Admission(count.uncounted, Optional.empty());
		}
		Deletions.Pending pending = JdbcDeletions.pending(this.jdbc, unit.cluster());
		return pending.exceeds(count.doubtful) ? new Pushes.Admission(0, Optional.of(pending))
				: Pushes.Admission.GRANTED;
	}

	private Count count(UnitId unit) {
		String unplanned = """
				from unit u cross join mine where u.cluster = :cluster and u.dirty_revision > u.planned_revision
					and u.planned_revision < mine.revision""";
		return this.jdbc.sql("""
				with mine as materialized (
					select coalesce(max(t.revision), 0) as revision from inventory i
					join tombstone t on t.cluster = i.cluster and t.object_kind = i.object_kind
						and t.object_namespace = i.object_namespace and t.object_name = i.object_name
						and t.uid = i.uid and t.worked_off_at is null and t.released_at is null
					where i.cluster = :cluster and i.namespace = :namespace and i.service = :service)
				select mine.revision,
					(select count(*) %1$s and u.attempts = 0)
						+ (select count(*) from expansion e where e.revision < mine.revision) as uncounted,
					(select count(*) from inventory i where i.cluster = :cluster and (i.namespace, i.service) in
						(select u.namespace, u.service %1$s and u.attempts > 0)) as doubtful
				from mine""".formatted(unplanned))
			.param("cluster", unit.cluster())
			.param("namespace", unit.namespace())
			.param("service", unit.service())
			.query((row, number) -> new Count(row.getLong("revision"), row.getInt("uncounted"), row.getInt("doubtful")))
			.single();
	}

}
