package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.meshwright.model.Caller;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code revision} and {@code resource_change}. */
@Repository
class JdbcRevisions implements Revisions {

	private final JdbcClient jdbc;

	JdbcRevisions(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public Optional<String> traceparent(long revision) {
		return this.jdbc.sql("select traceparent from revision where revision = :revision and traceparent is not null")
			.param("revision", revision)
			.query(String.class)
			.optional();
	}

	@Override
	public long head() {
		return this.jdbc.sql("select revision from revision_head").query(Long.class).single();
	}

	@Override
	public List<Revision> list(Caller caller, @Nullable Long before, int limit) {
		return select(caller, "revision < :bound order by revision desc",
				(before != null) ? before.longValue() : Long.MAX_VALUE, limit);
	}

	@Override
	public Optional<Revision> find(Caller caller, long revision) {
		return select(caller, "revision = :bound", revision, 1).stream().findFirst();
	}

	@Override
	public List<Revision> after(Caller caller, long after, int limit) {
		return select(caller, "revision > :bound order by revision", after, limit);
	}

	/**
	 * Committed revisions never change, so two statements agree without a transaction.
	 */
	private List<Revision> select(Caller caller, String condition, long bound, int limit) {
		Map<Long, Revision> revisions = new LinkedHashMap<>();
		this.jdbc.sql("select revision, author, message, created_at from revision where " + condition + " limit :limit")
			.param("bound", bound)
			.param("limit", limit)
			.query((row, number) -> new Revision(row.getLong("revision"), row.getString("author"),
					row.getString("message"), ResourceRow.instant(row, "created_at"), List.of()))
			.list()
			.forEach((revision) -> revisions.put(revision.number(), revision));
		Map<Long, List<RevisionChange>> changes = changes(caller, revisions.keySet());
		return revisions.values()
			.stream()
			.map((revision) -> new Revision(revision.number(), revision.author(), revision.message(),
					revision.timestamp(), changes.getOrDefault(revision.number(), List.of())))
			.toList();
	}

	private Map<Long, List<RevisionChange>> changes(Caller caller, Collection<Long> revisions) {
		record Numbered(long revision, RevisionChange change) {
		}
		List<Optional<Numbered>> rows = this.jdbc
			.sql("select revision, kind, namespace, name, before, after from resource_change"
					+ " where revision = any(:revisions::bigint[]) and " + Columns.READABLE)
			.param("revisions", Columns.numbers(revisions, (revision) -> revision))
			.params(Columns.scope(caller.namespaces()))
			.query((ResultSet row, int number) -> {
				long revision = row.getLong("revision");
				return change(row).map((change) -> new Numbered(revision, change));
			})
			.list();
		return rows.stream()
			.flatMap(Optional::stream)
			.sorted(Comparator.comparing((Numbered numbered) -> numbered.change().id()))
			.collect(Collectors.groupingBy(Numbered::revision,
					Collectors.mapping(Numbered::change, Collectors.toList())));
	}

	private static Optional<RevisionChange> change(ResultSet row) throws SQLException {
		ObjectNode before = ResourceRow.image(row.getString("before"));
		ObjectNode after = ResourceRow.image(row.getString("after"));
		return ResourceRow.id(row).map((id) -> new RevisionChange(id, before, after));
	}

}
