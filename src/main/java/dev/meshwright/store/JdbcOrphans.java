package dev.meshwright.store;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Orphaned rows of {@code inventory}. */
@Repository
class JdbcOrphans implements Orphans {

	private static final String SAME = """
			i.cluster = :cluster and i.object_kind = r.object_kind and i.object_namespace = r.object_namespace
				and i.object_name = r.object_name""";

	private final JdbcClient jdbc;

	private final AuditLog audit;

	private final PostgresSignals signals;

	private final UnitLocks locks;

	private final SightingRows sightings;

	private final TransactionTemplate transaction;

	JdbcOrphans(JdbcClient jdbc, AuditLog audit, PostgresSignals signals,
			PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.audit = audit;
		this.signals = signals;
		this.locks = new UnitLocks(jdbc);
		this.sightings = new SightingRows(jdbc);
		this.transaction = new TransactionTemplate(transactionManager);
	}

	/**
	 * An object of the inventory.
	 *
	 * @param unit whose it is
	 * @param uid its uid, or null
	 * @param orphaned whether nothing declares it
	 */
	private record Kept(UnitId unit, @Nullable String uid, boolean orphaned) {
	}

	@Override
	public Map<ObjectRef, Mismatch> release(Caller caller, String cluster, Map<ObjectRef, String> objects, Fate fate,
			String reason) {
		String rows = rows(objects);
		return this.transaction.execute((status) -> {
			// what a worker is about to record of them waits for this, or this for it
			Set<UnitId> units = new TreeSet<>();
			kept(cluster, rows).values().forEach((each) -> units.add(each.unit));
			this.locks.lock(units);
			Map<ObjectRef, Mismatch> mismatches = mismatches(objects, kept(cluster, rows));
			if (!mismatches.isEmpty()) {
				return mismatches;
			}
			switch (fate) {
				case DELETE -> bury(caller, cluster, rows);
				case FORGET -> forget(cluster, rows);
			}
			this.sightings.wake(units);
			objects.forEach((ref, uid) -> this.audit.allowed(caller,
					ResourceId.cluster(cluster) + ": " + ref + " (" + uid + ") is " + fate + ", because " + reason));
			this.signals.announce(Signals.Topic.REVISION);
			return mismatches;
		});
	}

	private static String rows(Map<ObjectRef, String> objects) {
		JsonRows rows = new JsonRows();
		objects.forEach((ref, uid) -> rows.ref(ref).with("uid", uid));
		return rows.toString();
	}

	private Map<ObjectRef, Kept> kept(String cluster, String rows) {
		Map<ObjectRef, Kept> kept = new HashMap<>();
		this.jdbc.sql("""
				select i.* from %s
				join inventory i on %s""".formatted(JsonRows.objects("r"), SAME))
			.param("cluster", cluster)
			.param("rows", rows)
			.query((row) -> {
				kept.put(UnitRows.object(row),
						new Kept(UnitRows.unit(row), row.getString("uid"), row.getBoolean("orphaned")));
			});
		return kept;
	}

	private static Map<ObjectRef, Mismatch> mismatches(Map<ObjectRef, String> objects, Map<ObjectRef, Kept> kept) {
		Map<ObjectRef, Mismatch> mismatches = new LinkedHashMap<>();
		objects.forEach((ref, uid) -> {
			@Nullable Kept found = kept.get(ref);
			if (found == null) {
				mismatches.put(ref, Mismatch.NOT_KEPT);
			}
			else if (!uid.equals(found.uid)) {
				mismatches.put(ref, Mismatch.OTHER_UID);
			}
			else if (!found.orphaned) {
				mismatches.put(ref, Mismatch.NOT_ORPHANED);
			}
		});
		return mismatches;
	}

	/**
	 * A tombstone as a revision would have made it, which counts for no limit. One of an
	 * earlier time, when the object was let go, is opened again.
	 */
	private void bury(Caller caller, String cluster, String rows) {
		this.jdbc.sql("""
				insert into tombstone as t (cluster, object_kind, object_namespace, object_name, uid, revision,
					released_by, released_at)
				select :cluster, r.object_kind, r.object_namespace, r.object_name, r.uid, h.revision, :caller, now()
				from %s cross join revision_head h
				on conflict (cluster, object_kind, object_namespace, object_name, uid) do update
				set revision = excluded.revision, worked_off_at = null, released_by = excluded.released_by,
					released_at = excluded.released_at""".formatted(JsonRows.objects("r", "uid text")))
			.param("cluster", cluster)
			.param("rows", rows)
			.param("caller", caller.name())
			.update();
		this.jdbc.sql("update inventory i set orphaned = false from %s where %s".formatted(JsonRows.objects("r"), SAME))
			.param("cluster", cluster)
			.param("rows", rows)
			.update();
	}

	/** What was seen of it goes with the next look at all of its kind. */
	private void forget(String cluster, String rows) {
		this.jdbc.sql("delete from inventory i using %s where %s".formatted(JsonRows.objects("r"), SAME))
			.param("cluster", cluster)
			.param("rows", rows)
			.update();
	}

}
