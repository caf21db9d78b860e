package dev.meshwright.store;

import java.util.Collection;

import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes what became of objects. Used with the units' rows locked. */
final class InventoryRows {

	private static final String OBJECT = """
			r.cluster = i.cluster and r.object_kind = i.object_kind and r.object_namespace = i.object_namespace
			and r.object_name = i.object_name and r.namespace = i.namespace and r.service = i.service""";

	private final JdbcClient jdbc;

	InventoryRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * That a row {@code i} of the inventory is an object of a unit, in the words of the
	 * index for it: no other index is of use then.
	 * @param unit what stands before the names of the unit's columns or parameters
	 */
	static String ofUnit(String unit) {
		return "i.service = %1$sservice and i.namespace = %1$snamespace and i.cluster || '' = %1$scluster"
			.formatted(unit);
	}

	void store(Collection<PushEnd> ends) {
		JsonRows pushed = new JsonRows();
		JsonRows gone = new JsonRows();
		JsonRows untouched = new JsonRows();
		for (PushEnd end : ends) {
			UnitId unit = end.claim().unit();
			for (PushEnd.ObjectEnd object : end.objects()) {
				switch (object) {
					case PushEnd.Pushed it -> pushed(pushed.unit(unit).object(it.ref()), it);
					case PushEnd.Gone(var ref, var kept) -> gone.unit(unit).object(ref).with("kept", kept);
					case PushEnd.Untouched(var ref) -> untouched.unit(unit).object(ref);
				}
			}
		}
		update(pushed);
		delete(gone);
		close(untouched);
	}

	private static void pushed(JsonRows row, PushEnd.Pushed object) {
		row.with("uid", object.uid())
			.with("resource_version", object.resourceVersion())
			.with("hash", object.hash())
			.with("owned_hash", object.ownedHash())
			.with("body", object.body())
			.with("awaits", PushStateRows.columns(object.awaits()))
			.with("revision", object.revision())
			.with("forced", object.forced())
			.with("needs", object.needs())
			.with("rewritten", object.rewritten().isEmpty() ? null : object.rewritten());
	}

	private void update(JsonRows rows) {
		if (rows.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				update inventory i set uid = r.uid, resource_version = r.resource_version, hash = r.hash,
					owned_hash = r.owned_hash, body = r.body, awaits = r.awaits, revision = r.revision,
					intent_fence = null, intent_hash = null, intent_needs = null, needs = coalesce(r.needs, i.needs),
					forced = r.forced, rewritten = r.rewritten,
					forced_at = case when r.forced > i.forced then now() else i.forced_at end
				from %s
				where\s""".formatted(JsonRows.as("r", JsonRows.OBJECT,
				"uid text, resource_version text, hash text, owned_hash text, body jsonb, awaits jsonb, revision bigint, forced integer, needs jsonb, rewritten jsonb"))
				+ OBJECT)
			.param("rows", rows.toString())
			.update();
		// what was seen is what is recorded now
		this.jdbc
			.sql("""
					delete from sighting i
					using %s
					where r.cluster = i.cluster and r.object_kind = i.object_kind
						and r.object_namespace = i.object_namespace and r.object_name = i.object_name
						and r.uid = i.uid and r.resource_version = i.resource_version"""
				.formatted(JsonRows.as("r", JsonRows.OBJECT, "uid text, resource_version text")))
			.param("rows", rows.toString())
			.update();
	}

	private void delete(JsonRows rows) {
		if (rows.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				update tombstone i set worked_off_at = now(),
					released_at = case when not r.kept and exists (select 1 from resource c
						where c.kind = 'Cluster' and c.namespace = '' and c.name = i.cluster)
						then i.released_at else now() end
				from %s
				where r.cluster = i.cluster and r.object_kind = i.object_kind
					and r.object_namespace = i.object_namespace and r.object_name = i.object_name
					and i.worked_off_at is null""".formatted(JsonRows.as("r", JsonRows.OBJECT, "kept boolean")))
			.param("rows", rows.toString())
			.update();
		this.jdbc.sql("""
				delete from inventory i
				using %s
				where\s""".formatted(JsonRows.as("r", JsonRows.OBJECT)) + OBJECT)
			.param("rows", rows.toString())
			.update();
	}

	/** Closes intents without effect; what we never had is let go. */
	private void close(JsonRows rows) {
		if (rows.isEmpty()) {
			return;
		}
		String objects = """
				%s
				where\s""".formatted(JsonRows.as("r", JsonRows.OBJECT)) + OBJECT;
		this.jdbc
			.sql("update inventory i set intent_fence = null, intent_hash = null, intent_needs = null from " + objects
					+ " and i.uid is not null")
			.param("rows", rows.toString())
			.update();
		this.jdbc.sql("delete from inventory i using " + objects + " and i.uid is null")
			.param("rows", rows.toString())
			.update();
	}

}
