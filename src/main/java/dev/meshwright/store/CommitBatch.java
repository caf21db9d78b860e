package dev.meshwright.store;

import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.meshwright.document.Json;
import dev.meshwright.model.Key;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Commits.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of one commit that carry its revision. Made before the head is locked, so that
 * under the lock there is nothing left to do but to send them, one statement a table.
 */
class CommitBatch {

	private static final String INSERT = """
			insert into resource (kind, namespace, name, uid, generation, revision, labels, annotations, spec,
				created_at, updated_by)
			select i.kind, i.namespace, i.name, i.uid::uuid, i.generation, :revision::bigint, i.labels::jsonb,
				i.annotations::jsonb, i.spec::jsonb, :at::timestamptz, :author::text
			from unnest(:kinds::text[], :namespaces::text[], :names::text[], :uids::text[], :generations::bigint[],
				:labels::text[], :annotations::text[], :specs::text[])
				as i(kind, namespace, name, uid, generation, labels, annotations, spec)
			on conflict do nothing""";

	private static final String UPDATE = """
			update resource r set generation = i.generation, revision = :revision, labels = i.labels::jsonb,
				annotations = i.annotations::jsonb, spec = i.spec::jsonb, updated_by = :author
			from %s where r.kind = i.kind and r.namespace = i.namespace and r.name = i.name""";

	private static final String UPDATED = """
			unnest(:kinds::text[], :namespaces::text[], :names::text[], :generations::bigint[],
				:labels::text[], :annotations::text[], :specs::text[])
				as i(kind, namespace, name, generation, labels, annotations, spec)""";

	private static final String DELETE = """
			with gone as (
				delete from resource r using %s where r.kind = i.kind and r.namespace = i.namespace and r.name = i.name returning r.*
			)
			insert into terminating as t (kind, namespace, name, uid, generation, revision, labels, annotations, spec,
				created_at, updated_by, deleted_at)
			select kind, namespace, name, uid, generation, :revision::bigint, labels, annotations, spec, created_at,
				:author::text, :at::timestamptz
			from gone
			on conflict (kind, namespace, name) do update set uid = excluded.uid, generation = excluded.generation,
				revision = excluded.revision, labels = excluded.labels, annotations = excluded.annotations,
				spec = excluded.spec, created_at = excluded.created_at, updated_by = excluded.updated_by,
				deleted_at = excluded.deleted_at""";

	private static final String HISTORY = """
			insert into resource_change (revision, kind, namespace, name, before, after)
			select :revision::bigint, i.kind, i.namespace, i.name, i.before::jsonb, i.after::jsonb
			from unnest(:kinds::text[], :namespaces::text[], :names::text[], :befores::text[], :afters::text[])
				as i(kind, namespace, name, before, after)""";

	private static final String KEYS = """
			with changed as (
				insert into changed_key (revision, key) select :revision::bigint, k from unnest(:keys::text[]) as k
			)
			insert into validated_read (cluster, namespace, service, revision, key)
			select v.cluster, v.namespace, v.service, :revision::bigint, v.key from\s""" + ValidatedReads.ROWS;

	private final Map<String, Object> creates;

	private final Map<String, Object> updates;

	private final Map<String, Object> deletes;

	private final Map<String, Object> history;

	private final String[] keys;

	private final Map<String, Object> validated;

	private final int created;

	private final int updated;

	private final List<ResourceId> deleted;

	CommitBatch(List<Edit> edits, Collection<Key> changedKeys, Map<UnitId, Set<Key>> validated) {
		List<Edit> creating = with(edits, Outcome.CREATED);
		this.created = creating.size();
		this.creates = declarations(creating);
		List<Edit> updating = with(edits, Outcome.UPDATED);
		this.updated = updating.size();
		this.updates = declarations(updating);
		this.deleted = ids(with(edits, Outcome.DELETED));
		this.deletes = Columns.ids(this.deleted);
		this.history = history(edits);
		this.keys = Columns.texts(changedKeys, Key::text);
		this.validated = ValidatedReads.columns(validated);
	}

	private static List<Edit> with(List<Edit> edits, Outcome outcome) {
		return edits.stream().filter((edit) -> edit.outcome() == outcome).toList();
	}

	private static List<ResourceId> ids(List<Edit> edits) {
		return edits.stream().map(Edit::id).toList();
	}

	private static Map<String, Object> declarations(List<Edit> edits) {
		Map<String, Object> columns = new HashMap<>(Columns.ids(ids(edits)));
		columns.put("uids", Columns.texts(edits, (edit) -> metadata(edit).uid().toString()));
		columns.put("generations", Columns.numbers(edits, (edit) -> metadata(edit).generation()));
		columns.put("labels", json(edits, (edit) -> metadata(edit).labels()));
		columns.put("annotations", json(edits, (edit) -> metadata(edit).annotations()));
		columns.put("specs", json(edits, (edit) -> edit.after().spec()));
		return columns;
	}

	private static Map<String, Object> history(List<Edit> edits) {
		Map<String, Object> columns = new HashMap<>(Columns.ids(ids(edits)));
		columns.put("befores", json(edits, (edit) -> (edit.declared() != null) ? edit.declared().image() : null));
		columns.put("afters", json(edits, CommitBatch::imageAfter));
		return columns;
	}

	private static @Nullable Object imageAfter(Edit edit) {
		StoredResource after = edit.declares();
		return (after != null) ? new ResourceRow(edit.id(), after.resource().metadata(), after.spec()).image() : null;
	}

	private static Metadata metadata(Edit edit) {
		return edit.after().resource().metadata();
	}

	private static @Nullable String[] json(List<Edit> edits, Function<Edit, @Nullable Object> part) {
		return Columns.texts(edits, (edit) -> {
			Object value = part.apply(edit);
			return (value != null) ? Json.mapper().writeValueAsString(value) : null;
		});
	}

	/**
	 * Writes everything under the lock of the head.
	 * @throws JdbcCommits.LostRace somebody else created one of the resources meanwhile
	 */
	void write(JdbcClient jdbc, Head.Position position, String author, String message) {
		Map<String, Object> common = Map.of("revision", position.revision(), "author", author, "at",
				position.at().atOffset(ZoneOffset.UTC));
		jdbc.sql("""
				insert into revision (revision, author, message, created_at, traceparent)
				values (:revision, :author, :message, :at, :traceparent)""")
			.params(common)
			.param("message", message)
			.param("traceparent", Revisions.TRACEPARENT.isBound() ? Revisions.TRACEPARENT.get() : null)
			.update();
		if (execute(jdbc, INSERT, this.creates, common) != this.created) {
			throw new JdbcCommits.LostRace();
		}
		execute(jdbc, UPDATE.formatted(Columns.few(UPDATED, "i", "kind")), this.updates, common);
		execute(jdbc, DELETE.formatted(Columns.table()), this.deletes, common);
		execute(jdbc, HISTORY, this.history, common);
		jdbc.sql(KEYS).params(common).param("keys", this.keys).params(this.validated).update();
	}

	private static int execute(JdbcClient jdbc, String sql, Map<String, Object> columns, Map<String, Object> common) {
		boolean empty = ((Object[]) columns.get("names")).length == 0;
		return empty ? 0 : jdbc.sql(sql).params(common).params(columns).update();
	}

}
