package dev.meshwright.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Watches.Look;
import dev.meshwright.store.Watches.Sighting;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code sighting}, and the units that they concern. */
final class SightingRows {

	private static final String JOINED = "join " + JsonRows.as("r")
			+ " on r.cluster = u.cluster and r.namespace = u.namespace and r.service = u.service ";

	/**
	 * Joins rows {@code i} of the inventory with what differs ({@code s}) and with who
	 * has seen all that there is to see of their kind ({@code h}), if anybody.
	 */
	static final String SEEN = """
			left join sighting s on s.cluster = i.cluster and s.object_kind = i.object_kind
				and s.object_namespace = i.object_namespace and s.object_name = i.object_name
			left join followed_kind k on k.cluster = i.cluster and k.object_kind = i.object_kind
			left join watch_holder h on h.cluster = k.cluster and h.fence = k.fence and h.lease_until > now()
			""";

	/** So many units at once are not bulk work yet. */
	private static final int FEW = 50;

	private final JdbcClient jdbc;

	SightingRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** Keeps what differs; answers the objects of which that was not known. */
	List<ObjectRef> keep(String cluster, Collection<Sighting> differing) {
		if (differing.isEmpty()) {
			return List.of();
		}
		JsonRows rows = new JsonRows();
		differing.forEach((
				each) -> rows.ref(each.ref()).with("uid", each.uid()).with("resource_version", each.resourceVersion()));
		return this.jdbc.sql("""
				insert into sighting as s (cluster, object_kind, object_namespace, object_name, uid, resource_version)
				select :cluster, object_kind, object_namespace, object_name, uid, resource_version
				from jsonb_to_recordset(cast(:rows as jsonb)) as r(object_kind text, object_namespace text,
					object_name text, uid text, resource_version text)
				order by 2, 3, 4
				on conflict (cluster, object_kind, object_namespace, object_name) do update
				set uid = excluded.uid, resource_version = excluded.resource_version, seen_at = now()
				where s.resource_version <> excluded.resource_version or s.uid is distinct from excluded.uid
				returning object_kind, object_namespace, object_name""")
			.param("cluster", cluster)
			.param("rows", rows.toString())
			.query((row, number) -> UnitRows.object(row))
			.list();
	}

	void forget(String cluster, Collection<ObjectRef> agreeing) {
		if (agreeing.isEmpty()) {
			return;
		}
		JsonRows rows = new JsonRows();
		agreeing.forEach(rows::ref);
		this.jdbc
			.sql("""
					delete from sighting s
					using %s
					where s.cluster = :cluster and s.object_kind = r.object_kind
						and s.object_namespace = r.object_namespace and s.object_name = r.object_name"""
				.formatted(JsonRows.objects("r")))
			.param("cluster", cluster)
			.param("rows", rows.toString())
			.update();
	}

	void sweep(String cluster, ObjectKind kind) {
		this.jdbc
			.sql("""
					delete from sighting s where s.cluster = :cluster and s.object_kind = :kind
						and not exists (select 1 from inventory i where i.cluster = s.cluster and i.object_kind = s.object_kind
							and i.object_namespace = s.object_namespace and i.object_name = s.object_name)""")
			.param("cluster", cluster)
			.param("kind", kind.toString())
			.update();
	}

	/**
	 * Asks for a comparison of units; one that waits after a failure goes on waiting.
	 * Rows are locked in the order of their keys, as everybody does who locks many.
	 */
	int wake(Collection<UnitId> units) {
		if (units.isEmpty()) {
			return 0;
		}
		JsonRows rows = new JsonRows();
		units.forEach(rows::unit);
		return this.jdbc.sql(UnitUpdates.update(JOINED, """
				resync = true, urgent = u.urgent or :urgent,
					not_before = case when u.attempts > 0 then u.not_before else least(u.not_before, now()) end,
					""" + UnitUpdates.DIRTY_SINCE))
			.param("rows", rows.toString())
			.param("urgent", units.size() <= FEW)
			.update();
	}

	/** What failed goes on waiting, and who is at work looks for himself. */
	int proceed(Collection<UnitId> units) {
		if (units.isEmpty()) {
			return 0;
		}
		JsonRows rows = new JsonRows();
		units.forEach(rows::unit);
		return this.jdbc.sql(UnitUpdates.updateUnlocked(JOINED + """
				where u.continues and u.worker is null and u.attempts = 0 and u.not_before > now()""",
				"not_before = now()"))
			.param("rows", rows.toString())
			.update();
	}

	Map<UnitId, Map<ObjectRef, Look>> looks(Collection<UnitId> units) {
		JsonRows rows = new JsonRows();
		units.forEach(rows::unit);
		Map<UnitId, Map<ObjectRef, Look>> looks = new HashMap<>();
		this.jdbc.sql("""
				select i.cluster, i.namespace, i.service, i.object_kind, i.object_namespace, i.object_name,
					s.resource_version is not null as differs, h.cluster is not null as followed
				from %s join inventory i on %s
				%s""".formatted(JsonRows.as("r"), InventoryRows.ofUnit("r."), SEEN))
			.param("rows", rows.toString())
			.query((row) -> {
				Look look = row.getBoolean("differs") ? Look.DIFFERS
						: row.getBoolean("followed") ? Look.AGREES : Look.UNKNOWN;
				looks.computeIfAbsent(UnitRows.unit(row), (unit) -> new HashMap<>()).put(UnitRows.object(row), look);
			});
		return looks;
	}

}
