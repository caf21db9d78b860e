package dev.meshwright.store;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Rows of {@code resource} and, where a key is not declared again, of
 * {@code terminating}.
 */
@Repository
class JdbcResources implements Resources {

	private static final String DECLARED_OR_TERMINATING = "select " + ResourceRow.DECLARED
			+ " from resource r where r.kind = :kind and %s union all select " + ResourceRow.TERMINATING + """
					from terminating t where t.kind = :kind and %s and not exists (select 1 from resource d
					where d.kind = t.kind and d.namespace = t.namespace and d.name = t.name)""";

	private final JdbcClient jdbc;

	private final SpecReader specs;

	private final ConsistentRead consistent;

	JdbcResources(JdbcClient jdbc, SpecReader specs, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.specs = specs;
		this.consistent = new ConsistentRead(jdbc, transactionManager);
	}

	private static String where(String condition) {
		return DECLARED_OR_TERMINATING.formatted(condition.replace("@", "r."), condition.replace("@", "t."));
	}

	/**
	 * Each table gives a page of its own, so that none is sorted whole; and what is not
	 * asked for is not in the statement, so that the position is where its scan begins.
	 */
	private static String page(String condition) {
		String part = " order by namespace, name limit :limit)";
		return "(" + where(condition).replace(" union all ", part + " union all (") + part
				+ " order by namespace, name limit :limit";
	}

	@Override
	public Optional<StoredResource> find(Caller caller, ResourceId id) {
		if (!caller.namespaces().includes(id.namespace())) {
			return Optional.empty();
		}
		return this.jdbc.sql(where("@namespace = :namespace and @name = :name"))
			.param("kind", id.kind().toString())
			.param("namespace", id.namespace())
			.param("name", id.name())
			.query((ResultSet row, int number) -> ResourceRow.read(row))
			.optional()
			.flatMap((row) -> row)
			.flatMap(this.specs::bind);
	}

	@Override
	public Page list(Caller caller, ListQuery query) {
		if (query.limit() < 1) {
			throw new IllegalArgumentException("A page has at least 1 item, not " + query.limit());
		}
		return this.consistent.read(() -> {
			long revision = this.jdbc.sql("select revision from revision_head").query(Long.class).single();
			ResourceId after = query.after();
			List<ResourceRow> rows;
			List<StoredResource> items = new ArrayList<>();
			do {
				rows = rows(caller, query, after);
				boolean more = rows.size() > query.limit();
				items.addAll(this.specs.bind(more ? rows.subList(0, query.limit()) : rows));
				after = more ? rows.get(query.limit() - 1).id() : null;
			}
			// a page on which nothing could be read would leave no item to go on after
			while (items.isEmpty() && after != null);
			return new Page(List.copyOf(items), after != null, revision);
		});
	}

	/** One row more than the page holds, to know whether there are more. */
	private List<ResourceRow> rows(Caller caller, ListQuery query, @Nullable ResourceId after) {
		LabelConditions labels = LabelConditions.of(query.labels());
		StringBuilder condition = new StringBuilder(
				"(:everywhere or @namespace = '' or @namespace = any(:readable::text[]))");
		if (query.namespace() != null) {
			condition.append(" and @namespace = :namespace");
		}
		if (after != null) {
			condition.append(" and (@namespace, @name) > (:afterNamespace, :afterName)");
		}
		return this.jdbc.sql(page(condition + labels.sql()))
			.params(Columns.scope(caller.namespaces()))
			.params(labels.parameters())
			.params(Columns.position(query.namespace(), after))
			.param("kind", query.kind().toString())
			.param("limit", query.limit() + 1)
			.query((ResultSet row, int number) -> ResourceRow.read(row))
			.list()
			.stream()
			.flatMap(Optional::stream)
			.toList();
	}

}
