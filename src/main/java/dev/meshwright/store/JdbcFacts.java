package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.document.Json;
import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.Key;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Rows of {@code cluster_facts}. Facts are not declared, so a change of them is no
 * revision: it makes the units that depend on them due for a resync, which causes no
 * tombstone.
 */
@Repository
class JdbcFacts implements Facts {

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	JdbcFacts(JdbcClient jdbc, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public void found(String cluster, ClusterFacts facts) {
		this.transaction.executeWithoutResult((status) -> {
			Before before = lock(cluster);
			boolean changed = !before.facts.equals(Optional.of(facts));
			this.jdbc.sql("""
					update cluster_facts set cluster_uid = :uid, kubernetes_version = :version, apis = :apis::jsonb,
						reachable = true, message = '', checked_at = now(),
						since = case when reachable then since else now() end
					where cluster = :cluster""")
				.param("uid", facts.clusterUid())
				.param("version", facts.kubernetesVersion())
				.param("apis", Json.mapper().writeValueAsString(new TreeSet<>(facts.apis())))
				.param("cluster", cluster)
				.update();
			if (changed) {
				resync(cluster);
			}
			else if (!before.reachable) {
				wake(cluster);
			}
		});
	}

	/**
	 * Locks what is known, so that of two finders each compares with what the other kept.
	 */
	private Before lock(String cluster) {
		this.jdbc.sql("""
				insert into cluster_facts (cluster, reachable) values (:cluster, false) on conflict do nothing""")
			.param("cluster", cluster)
			.update();
		return this.jdbc.sql("select * from cluster_facts where cluster = :cluster for update")
			.param("cluster", cluster)
			.query((row, number) -> new Before(Optional.ofNullable(facts(row)), row.getBoolean("reachable")))
			.single();
	}

	/**
	 * The units on the cluster are taken whole: one that compiles for the first time has
	 * not recorded yet that it read the facts. Rows are locked in the order of their ids,
	 * as everybody does who locks many.
	 */
	private void resync(String cluster) {
		this.jdbc.sql(UnitUpdates.update("""
				where u.cluster = :cluster or exists (select 1 from unit_read d
					where d.key = :key and d.cluster = u.cluster and d.namespace = u.namespace
						and d.service = u.service)""", UnitUpdates.RESYNC))
			.param("cluster", cluster)
			.param("key", Key.clusterFacts(cluster).text())
			.update();
	}

	/** What waited because the cluster was silent need not wait any longer. */
	private void wake(String cluster) {
		this.jdbc.sql(UnitUpdates.update("where u.cluster = :cluster and u.not_before > now()", "not_before = now()"))
			.param("cluster", cluster)
			.update();
	}

	private record Before(Optional<ClusterFacts> facts, boolean reachable) {
	}

	@Override
	public void unreachable(String cluster, String why) {
		this.jdbc.sql("""
				insert into cluster_facts (cluster, reachable, message) values (:cluster, false, :message)
				on conflict (cluster) do update set reachable = false, message = excluded.message,
					since = case when cluster_facts.reachable then now() else cluster_facts.since end,
					checked_at = now()""").param("cluster", cluster).param("message", why).update();
	}

	@Override
	public Map<String, Known> of(Collection<String> clusters) {
		Map<String, Known> known = new HashMap<>();
		this.jdbc.sql("select * from cluster_facts where cluster = any(:clusters::text[])")
			.param("clusters", clusters.toArray(String[]::new))
			.query((row) -> {
				known.put(row.getString("cluster"), new Known(facts(row), row.getBoolean("reachable"),
						row.getString("message"), ResourceRow.instant(row, "checked_at")));
			});
		return known;
	}

	/** The facts of a row, or null when the cluster was never reached. */
	/** What was last found in a cluster, or empty when it was never reached. */
	static Optional<ClusterFacts> find(JdbcClient jdbc, String cluster) {
		return jdbc.sql("select * from cluster_facts where cluster = :cluster and apis is not null")
			.param("cluster", cluster)
			.query((row, number) -> facts(row))
			.optional();
	}

	static @Nullable ClusterFacts facts(ResultSet row) throws SQLException {
		String apis = row.getString("apis");
		return (apis == null) ? null
				: new ClusterFacts(row.getString("cluster_uid"), row.getString("kubernetes_version"),
						Set.copyOf(Arrays.asList(Json.mapper().readValue(apis, String[].class))));
	}

}
