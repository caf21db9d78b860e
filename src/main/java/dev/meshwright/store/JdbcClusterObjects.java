package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.ClusterObjects.ClusterObject;
import dev.meshwright.store.ClusterObjects.Seen;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Pages of {@code inventory}. What is not asked for is not in the statement, and a page
 * is found before anything is looked up for it, so that it costs what it holds, however
 * much the cluster has.
 */
@Repository
class JdbcClusterObjects implements ClusterObjects {

	private static final String KEY = "@.object_kind, @.object_namespace, @.object_name";

	private static final String OBJECTS = """
			select i.cluster, i.object_kind, i.object_namespace, i.object_name, i.namespace, i.service, i.uid, i.revision,
				i.orphaned, i.intent_fence is not null or i.hash is null as open from inventory i where\s""";

	private final JdbcClient jdbc;

	JdbcClusterObjects(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public Page list(Caller caller, Query query) {
		NamespaceScope scope = scope(caller, query.namespace());
		@Nullable ObjectRef after = query.after();
		List<ClusterObject> found = this.jdbc
			.sql("""
					select i.*, s.resource_version is not null as differs, s.uid as seen_uid, s.seen_at,
						h.cluster is not null as followed, t.uid is not null as deleting
					from (%s) i %s %s order by %s""".formatted(
					query.drifted() ? drifted(query, scope) : scope.unrestricted() ? all(query) : namespaces(query),
					SightingRows.SEEN, PushStateRows.TOMBSTONED, key("i")))
			.params(Columns.scope(scope))
			.param("cluster", query.cluster())
			.param("kind", String.valueOf(query.kind()))
			.param("afterKind", (after != null) ? after.kind().toString() : "")
			.param("afterNamespace", (after != null) ? after.namespace() : "")
			.param("afterName", (after != null) ? after.name() : "")
			.param("limit", query.limit() + 1)
			.query((row, number) -> object(row))
			.list();
		boolean more = found.size() > query.limit();
		return new Page(more ? found.subList(0, query.limit()) : found, more);
	}

	@Override
	public List<Counts> counts(int fought) {
		return this.jdbc.sql("""
				select c.name,
					(select count(*) from sighting s cross join lateral (select 1 from inventory i
						where i.cluster = s.cluster and i.object_kind = s.object_kind
							and i.object_namespace = s.object_namespace and i.object_name = s.object_name limit 1) o
						where s.cluster = c.name) as drifted,
					(select count(*) from inventory i where i.cluster = c.name and i.forced > 0
						and i.forced >= :fought) as fought,
					(select count(*) from inventory i where i.cluster = c.name and i.orphaned) as orphaned
				from resource c where c.kind = 'Cluster' and c.namespace = '' order by c.name""")
			.param("fought", fought)
			.query((row, number) -> new Counts(row.getString("name"), row.getLong("drifted"), row.getLong("fought"),
					row.getLong("orphaned")))
			.list();
	}

	/** What a caller may see of what is asked for. */
	private static NamespaceScope scope(Caller caller, @Nullable String namespace) {
		if (namespace == null) {
			return caller.namespaces();
		}
		return NamespaceScope.of(caller.namespaces().includes(namespace) ? Set.of(namespace) : Set.of());
	}

	private static String key(String alias) {
		return KEY.replace("@", alias);
	}

	/** The rows of a page in a table that has the key of the inventory. */
	private static String position(Query query, String alias) {
		return alias + ".cluster = :cluster and (" + key(alias) + ") > (:afterKind, :afterNamespace, :afterName)"
				+ ((query.kind() != null) ? " and " + alias + ".object_kind = :kind" : "");
	}

	private static String order(String alias) {
		return " order by " + key(alias) + " limit :limit";
	}

	private static String all(Query query) {
		return OBJECTS + position(query, "i") + (query.orphaned() ? " and i.orphaned" : "") + order("i");
	}

	/**
	 * Of each namespace a page, so that nobody pays for what he may not see. The index
	 * for it has the namespace as an expression, so that no plan for the objects of a
	 * unit begins with it.
	 */
	private static String namespaces(Query query) {
		return "select i.* from unnest(:readable::text[]) as n(name) cross join lateral (" + OBJECTS
				+ position(query, "i") + " and i.namespace || '' = n.name" + (query.orphaned() ? " and i.orphaned" : "")
				+ order("i") + ") i" + order("i");
	}

	/**
	 * Next to nothing differs as a rule, so what does comes first, whoever may see it.
	 */
	private static String drifted(Query query, NamespaceScope scope) {
		return "select i.* from sighting d cross join lateral (" + OBJECTS
				+ "i.cluster = d.cluster and i.object_kind = d.object_kind and i.object_namespace = d.object_namespace"
				+ " and i.object_name = d.object_name limit 1) i where " + position(query, "d")
				+ (scope.unrestricted() ? "" : " and i.namespace = any(:readable::text[])")
				+ (query.orphaned() ? " and i.orphaned" : "") + order("d");
	}

	private static ClusterObject object(ResultSet row) throws SQLException {
		Seen seen = seen(row);
		return new ClusterObject(UnitRows.object(row), UnitRows.unit(row), row.getString("uid"),
				row.getLong("revision"), row.getBoolean("orphaned"), row.getBoolean("deleting"), seen,
				UnitRows.instant(row, "seen_at"));
	}

	private static Seen seen(ResultSet row) throws SQLException {
		if (!row.getBoolean("differs")) {
			boolean compared = row.getBoolean("followed") && row.getString("uid") != null && !row.getBoolean("open")
					&& !row.getBoolean("orphaned");
			return compared ? Seen.AS_PUSHED : Seen.UNKNOWN;
		}
		String uid = row.getString("seen_uid");
		return (uid == null) ? Seen.MISSING : uid.equals(row.getString("uid")) ? Seen.DIFFERS : Seen.REPLACED;
	}

}
