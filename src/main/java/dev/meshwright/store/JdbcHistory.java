package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;

/** Rows of {@code resource_change}, read as states and as differences. */
@Repository
class JdbcHistory implements History {

	/**
	 * What makes two states the same: not which incarnation, nor how often it changed.
	 */
	private static final String DECLARED = " #- '{metadata,uid}' #- '{metadata,generation}'";

	private static final String DIFFERENCES = """
			with changed as (
				select kind, namespace, name, min(revision) as first, max(revision) as last from resource_change
				where revision > :from and revision <= :to and %s and %s
				group by kind, namespace, name
			)
			select c.kind, c.namespace, c.name, f.before, l.after, c.last from changed c
			join resource_change f on f.revision = c.first and f.kind = c.kind and f.namespace = c.namespace
				and f.name = c.name
			join resource_change l on l.revision = c.last and l.kind = c.kind and l.namespace = c.namespace
				and l.name = c.name
			where (f.before %s) is distinct from (l.after %s)
			order by c.kind, c.namespace, c.name limit :limit""";

	private static final String CHANGE_SET = """
			select c.kind, c.namespace, c.name, c.before, c.after, (select max(l.revision) from resource_change l
				where l.kind = c.kind and l.namespace = c.namespace and l.name = c.name) as last
			from resource_change c where c.revision = :revision and %s""";

	private final JdbcClient jdbc;

	private final ResourceStates states;

	private final Head head;

	private final ConsistentRead consistent;

	JdbcHistory(JdbcClient jdbc, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.states = new ResourceStates(jdbc);
		this.head = new Head(jdbc);
		this.consistent = new ConsistentRead(jdbc, transactionManager);
	}

	@Override
	public Optional<StoredResource> find(Caller caller, ResourceId id, long revision) {
		this.head.requireReached(revision);
		return caller.namespaces().includes(id.namespace()) ? this.states.at(revision, Set.of(id)).stream().findFirst()
				: Optional.empty();
	}

	@Override
	public Resources.Page list(Caller caller, Resources.ListQuery query, long revision) {
		this.head.requireReached(revision);
		return this.consistent.read(() -> {
			List<ResourceRow> rows = rows(caller, query, revision);
			boolean more = rows.size() > query.limit();
			List<StoredResource> items = new ArrayList<>();
			(more ? rows.subList(0, query.limit()) : rows)
				.forEach((row) -> items.add(ResourceStates.bind(row, revision)));
			return new Resources.Page(List.copyOf(items), more, revision);
		});
	}

	/** One row more than the page holds, to know whether there are more. */
	private List<ResourceRow> rows(Caller caller, Resources.ListQuery query, long revision) {
		LabelConditions labels = LabelConditions.of(query.labels());
		return this.jdbc
			.sql("select " + ResourceStates.COLUMNS
					+ """
							from (select distinct kind, namespace, name from resource_change
							where kind = :kind and %s and (:namespace::text is null or namespace = :namespace)
							and (:afterName::text is null or (namespace, name) > (:afterNamespace, :afterName))) i"""
						.formatted(Columns.READABLE)
					+ ResourceStates.AS_OF + " where c.after is not null"
					+ labels.sql().replace("@labels", "(c.after #> '{metadata,labels}')")
					+ " order by i.namespace, i.name limit :limit")
			.param("revision", revision)
			.params(Columns.scope(caller.namespaces()))
			.params(labels.parameters())
			.params(Columns.position(query.namespace(), query.after()))
			.param("kind", query.kind().toString())
			.param("limit", query.limit() + 1)
			.query((ResultSet row, int number) -> ResourceStates.read(row))
			.list()
			.stream()
			.flatMap(Optional::stream)
			.toList();
	}

	@Override
	public List<Difference> differences(Caller caller, Scope scope, long from, long to, @Nullable ResourceId after,
			int limit) {
		Map<String, @Nullable Object> position = new HashMap<>();
		position.put("afterKind", (after != null) ? after.kind().toString() : null);
		position.putAll(Columns.position(null, after));
		String where = condition(scope) + " and (:afterKind::text is null"
				+ " or (kind, namespace, name) > (:afterKind, :afterNamespace, :afterName))";
		return this.jdbc.sql(DIFFERENCES.formatted(Columns.READABLE, where, DECLARED, DECLARED))
			.param("from", from)
			.param("to", to)
			.params(Columns.scope(caller.namespaces()))
			.params(parameters(scope))
			.params(position)
			.param("limit", limit)
			.query((ResultSet row, int number) -> difference(row))
			.list()
			.stream()
			.flatMap(Optional::stream)
			.toList();
	}

	/**
	 * Naming the kinds lets the index by resource be used, however much was changed
	 * elsewhere.
	 */
	private static String condition(Scope scope) {
		return "kind = any(:kinds::text[])" + switch (scope) {
			case One _ -> " and namespace = :scopeNamespace and name = :scopeName";
			case InNamespace _ -> " and namespace = :scopeNamespace";
			case Everything _ -> "";
		};
	}

	private static Map<String, Object> parameters(Scope scope) {
		Object kinds = Arrays.stream(Kind.values()).map(Kind::toString).toArray(String[]::new);
		return switch (scope) {
			case One(ResourceId id) -> Map.of("kinds", new String[] { id.kind().toString() }, "scopeNamespace",
					id.namespace(), "scopeName", id.name());
			case InNamespace(String namespace) -> Map.of("kinds", kinds, "scopeNamespace", namespace);
			case Everything _ -> Map.of("kinds", kinds);
		};
	}

	@Override
	public Optional<ChangeSet> changeSet(Caller caller, long revision) {
		return this.consistent.read(() -> {
			if (revision < 1 || revision > this.head.present()) {
				return Optional.empty();
			}
			List<Difference> changes = this.jdbc.sql(CHANGE_SET.formatted(Columns.READABLE))
				.param("revision", revision)
				.params(Columns.scope(caller.namespaces()))
				.query((ResultSet row, int number) -> difference(row))
				.list()
				.stream()
				.flatMap(Optional::stream)
				.toList();
			long all = this.jdbc.sql("select count(*) from resource_change where revision = :revision")
				.param("revision", revision)
				.query(Long.class)
				.single();
			return Optional.of(new ChangeSet(changes, changes.size() == all));
		});
	}

	private static Optional<Difference> difference(ResultSet row) throws SQLException {
		ObjectNode before = ResourceRow.image(row.getString("before"));
		ObjectNode after = ResourceRow.image(row.getString("after"));
		long last = row.getLong("last");
		return ResourceRow.id(row).map((id) -> new Difference(id, before, after, last));
	}

}
