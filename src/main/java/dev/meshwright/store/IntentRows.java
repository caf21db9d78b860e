package dev.meshwright.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What units are about to do, as rows: open intents in {@code inventory}, whose primary
 * key gives an object to one unit only, and {@code tombstone}.
 */
final class IntentRows {

	/** An operator may have decided about an orphan since the worker looked. */
	private static final String NOT_TO_GO = """
			and not exists (select 1 from tombstone t where t.cluster = i.cluster and t.object_kind = i.object_kind
				and t.object_namespace = i.object_namespace and t.object_name = i.object_name and t.uid = i.uid
				and t.worked_off_at is null)""";

	private final JdbcClient jdbc;

	IntentRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Opens intents. One that is open already keeps its fence: the live object may carry
	 * any fence from the oldest intent on.
	 * @return the objects that other units have, and those that we had before
	 */
	Opened open(Collection<PushBeginning> beginnings) {
		JsonRows rows = new JsonRows();
		Set<Wanted> wanted = new HashSet<>();
		for (PushBeginning beginning : beginnings) {
			for (PushBeginning.Intent intent : beginning.intents()) {
				wanted.add(new Wanted(beginning.claim().unit(), intent.ref()));
				rows.unit(beginning.claim().unit())
					.object(intent.ref())
					.with("fence", beginning.claim().fence())
					.with("hash", intent.hash())
					.with("needs", intent.needs().isEmpty() ? null : intent.needs());
			}
		}
		if (rows.isEmpty()) {
			return new Opened(Map.of(), Map.of());
		}
		Map<UnitId, Map<ObjectRef, Set<String>>> former = new HashMap<>();
		this.jdbc
			.sql("""
					insert into inventory (cluster, object_kind, object_namespace, object_name, namespace, service,
						intent_fence, intent_hash, intent_needs)
					select cluster, object_kind, object_namespace, object_name, namespace, service, fence, hash, needs
					from %s
					order by 1, 2, 3, 4
					on conflict (cluster, object_kind, object_namespace, object_name) do update
					set intent_fence = coalesce(inventory.intent_fence, excluded.intent_fence),
						intent_hash = excluded.intent_hash,
						intent_needs = coalesce(inventory.intent_needs || excluded.intent_needs,
							inventory.intent_needs, excluded.intent_needs)
					where inventory.namespace = excluded.namespace and inventory.service = excluded.service
					returning cluster, namespace, service, object_kind, object_namespace, object_name,
						(select array_agg(t.uid) from tombstone t where inventory.uid is null
							and t.cluster = inventory.cluster and t.object_kind = inventory.object_kind
							and t.object_namespace = inventory.object_namespace
							and t.object_name = inventory.object_name and t.worked_off_at is not null) as former"""
				.formatted(JsonRows.as("r", JsonRows.OBJECT, "fence bigint, hash text, needs jsonb")))
			.param("rows", rows.toString())
			.query((row) -> {
				UnitId unit = UnitRows.unit(row);
				ObjectRef ref = UnitRows.object(row);
				wanted.remove(new Wanted(unit, ref));
				if (row.getArray("former") != null) {
					former.computeIfAbsent(unit, (each) -> new HashMap<>())
						.put(ref, Set.of((String[]) row.getArray("former").getArray()));
				}
			});
		return new Opened(owners(wanted), former);
	}

	/**
	 * What came of opening intents.
	 *
	 * @param refused by unit the objects that other units have, and who has them
	 * @param former by unit the uids of objects that we had and let go
	 */
	record Opened(Map<UnitId, Map<ObjectRef, UnitId>> refused, Map<UnitId, Map<ObjectRef, Set<String>>> former) {

		Pushes.Begun of(Units.Claim claim) {
			return new Pushes.Begun(claim, this.refused.getOrDefault(claim.unit(), Map.of()),
					this.former.getOrDefault(claim.unit(), Map.of()));
		}

	}

	private Map<UnitId, Map<ObjectRef, UnitId>> owners(Set<Wanted> refused) {
		Map<UnitId, Map<ObjectRef, UnitId>> owners = new HashMap<>();
		for (Wanted each : refused) {
			UnitId owner = this.jdbc.sql("""
					select cluster, namespace, service from inventory where cluster = :cluster
						and object_kind = :kind and object_namespace = :namespace and object_name = :name""")
				.param("cluster", each.unit.cluster())
				.param("kind", each.ref.kind().toString())
				.param("namespace", each.ref.namespace())
				.param("name", each.ref.name())
				.query((row, number) -> UnitRows.unit(row))
				.optional()
				.orElse(each.unit);
			owners.computeIfAbsent(each.unit, (unit) -> new HashMap<>()).put(each.ref, owner);
		}
		return owners;
	}

	/**
	 * Writes tombstones, takes back those of objects that are wanted again. The tombstone
	 * of an object that was let go once, and is ours again, is opened again.
	 */
	void tombstones(Collection<PushBeginning> beginnings) {
		JsonRows dead = new JsonRows();
		JsonRows kept = new JsonRows();
		JsonRows wanted = new JsonRows();
		for (PushBeginning beginning : beginnings) {
			UnitId unit = beginning.claim().unit();
			beginning.tombstones()
				.forEach((each) -> dead.unit(unit)
					.object(each.ref())
					.with("uid", each.uid())
					.with("revision", each.revision()));
			beginning.orphaned().forEach((ref) -> kept.unit(unit).object(ref));
			beginning.wanted().forEach((ref) -> wanted.unit(unit).object(ref));
		}
		if (!dead.isEmpty()) {
			this.jdbc
				.sql("""
						insert into tombstone (cluster, object_kind, object_namespace, object_name, uid, revision)
						select cluster, object_kind, object_namespace, object_name, uid, revision
						from %s
						on conflict (cluster, object_kind, object_namespace, object_name, uid) do update
						set revision = excluded.revision, worked_off_at = null, released_by = null, released_at = null
						where tombstone.worked_off_at is not null"""
					.formatted(JsonRows.as("r", JsonRows.OBJECT, "uid text, revision bigint")))
				.param("rows", dead.toString())
				.update();
			mark(dead, "orphaned = false", "");
		}
		if (!kept.isEmpty()) {
			mark(kept, "orphaned = true", NOT_TO_GO);
		}
		if (!wanted.isEmpty()) {
			mark(wanted, "orphaned = false", "");
			this.jdbc.sql("""
					delete from tombstone t
					using %s
					where r.cluster = t.cluster and r.object_kind = t.object_kind
						and r.object_namespace = t.object_namespace and r.object_name = t.object_name
						and t.worked_off_at is null""".formatted(JsonRows.as("r", JsonRows.OBJECT)))
				.param("rows", wanted.toString())
				.update();
		}
	}

	private void mark(JsonRows rows, String assignment, String condition) {
		this.jdbc
			.sql("""
					update inventory i set %s
					from %s
					where r.cluster = i.cluster and r.object_kind = i.object_kind
						and r.object_namespace = i.object_namespace and r.object_name = i.object_name %s"""
				.formatted(assignment, JsonRows.as("r", JsonRows.OBJECT), condition))
			.param("rows", rows.toString())
			.update();
	}

	private record Wanted(UnitId unit, ObjectRef ref) {
	}

}
