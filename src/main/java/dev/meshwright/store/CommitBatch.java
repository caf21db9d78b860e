package dev.meshwright.store;

import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.meshwright.document.Json;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Commits.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The resources of one commit, with their history. Made before the head is locked, so
 * that under the lock there is nothing left to do but to send them: one statement for
 * what is created, one for what is replaced and one for what is deleted.
 */
class CommitBatch {

	private static final String DECLARED = """
			unnest(:kinds::text[], :namespaces::text[], :names::text[], :uids::text[], :generations::bigint[],
				:labels::text[], :annotations::text[], :specs::text[])
				as i(kind, namespace, name, uid, generation, labels, annotations, spec)""";

	private static final String AFTER = image("i.labels::jsonb", "i.annotations::jsonb", "i.uid", "i.generation",
			"i.spec::jsonb");

	private static final String INSERT = """
			with created as (
				insert into resource (kind, namespace, name, uid, generation, revision, labels, annotations, spec,
					created_at, updated_by)
				select i.kind, i.namespace, i.name, i.uid::uuid, i.generation, :revision::bigint, i.labels::jsonb,
					i.annotations::jsonb, i.spec::jsonb, :at::timestamptz, :author::text from %s
				on conflict do nothing
				returning kind, namespace, name, uid, generation, labels, annotations, spec
			)
			insert into resource_change (revision, kind, namespace, name, after)
			select :revision::bigint, kind, namespace, name, %s from created""".formatted(DECLARED,
			image("labels", "annotations", "uid", "generation", "spec"));

	/** Of a row that is locked, so what the statement sees is what it changes. */
	private static final String UPDATE = """
			with replacement as (select * from %1$s),
			updated as (
				update resource r set generation = i.generation, revision = :revision, labels = i.labels::jsonb,
					annotations = i.annotations::jsonb, spec = i.spec::jsonb, updated_by = :author
				from replacement i where r.kind = i.kind and r.namespace = i.namespace and r.name = i.name
			)
			insert into resource_change (revision, kind, namespace, name, before, after)
			select :revision::bigint, i.kind, i.namespace, i.name, %2$s, %3$s
			from replacement i join resource r on r.kind = i.kind and r.namespace = i.namespace and r.name = i.name"""
		.formatted(Columns.few(DECLARED, "i", "kind"),
				image("r.labels", "r.annotations", "r.uid", "r.generation", "r.spec"), AFTER);

	private static final String DELETE = """
			with gone as (
				delete from resource r using %s where r.kind = i.kind and r.namespace = i.namespace and r.name = i.name returning r.*
			), ended as (
				insert into terminating as t (kind, namespace, name, uid, generation, revision, labels, annotations, spec,
					created_at, updated_by, deleted_at)
				select kind, namespace, name, uid, generation, :revision::bigint, labels, annotations, spec, created_at,
					:author::text, :at::timestamptz
				from gone
				on conflict (kind, namespace, name) do update set uid = excluded.uid, generation = excluded.generation,
					revision = excluded.revision, labels = excluded.labels, annotations = excluded.annotations,
					spec = excluded.spec, created_at = excluded.created_at, updated_by = excluded.updated_by,
					deleted_at = excluded.deleted_at
			)
			insert into resource_change (revision, kind, namespace, name, before)
			select :revision::bigint, kind, namespace, name, %s from gone"""
		.formatted(Columns.table(), image("labels", "annotations", "uid", "generation", "spec"));

	private final Map<String, Object> creates;

	private final Map<String, Object> updates;

	private final Map<String, Object> deletes;

	CommitBatch(List<Edit> edits) {
		this.creates = declarations(with(edits, Outcome.CREATED));
		this.updates = declarations(with(edits, Outcome.UPDATED));
		this.deletes = Columns.ids(ids(with(edits, Outcome.DELETED)));
	}

	/** The state of a resource that history keeps. */
	private static String image(String labels, String annotations, String uid, String generation, String spec) {
		return """
				jsonb_build_object('metadata', jsonb_build_object('labels', %s, 'annotations', %s, 'uid', %s,
					'generation', %s), 'spec', %s)""".formatted(labels, annotations, uid, generation, spec);
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
	void write(JdbcClient jdbc, Head.Position position, String author) {
		Map<String, Object> common = Map.of("revision", position.revision(), "author", author, "at",
				position.at().atOffset(ZoneOffset.UTC));
		execute(jdbc, INSERT, this.creates, common);
		execute(jdbc, UPDATE, this.updates, common);
		execute(jdbc, DELETE, this.deletes, common);
	}

	private static void execute(JdbcClient jdbc, String sql, Map<String, Object> columns, Map<String, Object> common) {
		int rows = ((Object[]) columns.get("names")).length;
		if (rows > 0 && jdbc.sql(sql).params(common).params(columns).update() != rows) {
			throw new JdbcCommits.LostRace();
		}
	}

}
