package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ResourceId;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Rows of {@code cluster_halt}. */
@Repository
class JdbcHalts implements Halts {

	private static final String SAME = """
			h.cluster_uid = %1$s and h.installation is not distinct from %2$s
				and h.revision is not distinct from %3$s""";

	private final JdbcClient jdbc;

	private final AuditLog audit;

	private final TransactionTemplate transaction;

	JdbcHalts(JdbcClient jdbc, AuditLog audit, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.audit = audit;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public Halt halt(String cluster, Reason reason, Finding finding, String message) {
		String same = "h.reason = excluded.reason and "
				+ SAME.formatted("excluded.cluster_uid", "excluded.installation", "excluded.revision");
		return this.jdbc.sql("""
				insert into cluster_halt as h (cluster, reason, cluster_uid, installation, revision, message)
				values (:cluster, :reason, :uid, :installation, :revision, :message)
				on conflict (cluster) do update set
					since = case when %1$s then h.since else now() end,
					released_by = case when %1$s then h.released_by end,
					released_at = case when %1$s then h.released_at end,
					reason = excluded.reason, cluster_uid = excluded.cluster_uid,
					installation = excluded.installation, revision = excluded.revision, message = excluded.message
				returning h.*""".formatted(same))
			.param("cluster", cluster)
			.param("reason", reason.toString())
			.param("uid", finding.clusterUid())
			.param("installation", finding.installation(), Types.VARCHAR)
			.param("revision", finding.revision(), Types.BIGINT)
			.param("message", message)
			.query((row, number) -> halt(row))
			.single();
	}

	@Override
	public void lift(String cluster) {
		this.jdbc.sql("delete from cluster_halt where cluster = :cluster").param("cluster", cluster).update();
	}

	@Override
	public Map<String, Halt> of(Collection<String> clusters) {
		Map<String, Halt> halts = new HashMap<>();
		this.jdbc.sql("select h.* from cluster_halt h where h.cluster = any(:clusters::text[])")
			.param("clusters", clusters.toArray(String[]::new))
			.query((row) -> {
				halts.put(row.getString("cluster"), halt(row));
			});
		return halts;
	}

	@Override
	public boolean release(Caller caller, String cluster, Finding finding) {
		return this.transaction.execute((status) -> {
			boolean released = this.jdbc.sql("""
					update cluster_halt h set released_by = :caller, released_at = now()
					where h.cluster = :cluster and\s""" + SAME.formatted(":uid", ":installation", ":revision"))
				.param("caller", caller.name())
				.param("cluster", cluster)
				.param("uid", finding.clusterUid())
				.param("installation", finding.installation(), Types.VARCHAR)
				.param("revision", finding.revision(), Types.BIGINT)
				.update() > 0;
			if (released) {
				this.audit.allowed(caller, ResourceId.cluster(cluster).toString());
			}
			return released;
		});
	}

	private static Halt halt(ResultSet row) throws SQLException {
		Finding finding = new Finding(row.getString("cluster_uid"), row.getString("installation"),
				row.getObject("revision", Long.class));
		String reason = row.getString("reason");
		return new Halt(
				Arrays.stream(Reason.values())
					.filter((each) -> each.toString().equals(reason))
					.findFirst()
					.orElseThrow(),
				finding, row.getString("message"), ResourceRow.instant(row, "since"), row.getString("released_by"));
	}

}
