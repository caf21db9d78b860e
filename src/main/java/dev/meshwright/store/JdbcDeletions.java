package dev.meshwright.store;

import java.util.List;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ResourceId;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Open rows of {@code tombstone}, by cluster. */
@Repository
class JdbcDeletions implements Deletions {

	/** A Kubernetes Namespace is let go and never deleted. */
	private static final String OPEN = """
			t.cluster = :cluster and t.worked_off_at is null and t.released_at is null
			and t.object_kind <> '""" + ObjectKind.NAMESPACE + "'";

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final AuditLog audit;

	private final PostgresSignals signals;

	JdbcDeletions(JdbcClient jdbc, AuditLog audit, PostgresSignals signals,
			PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.audit = audit;
		this.signals = signals;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public Pending pending(String cluster) {
		return pending(this.jdbc, cluster);
	}

	/** The limits' defaults are those that the ClusterSpec documents. */
	static Pending pending(JdbcClient jdbc, String cluster) {
		return jdbc
			.sql("""
					select o.deletes, o.revision, w.recent, i.objects + w.recent as objects,
						coalesce((r.spec #>> '{safety,maxDeletes}')::integer, 50) as max_deletes,
						coalesce((r.spec #>> '{safety,maxDeletePercent}')::integer, 20) as max_percent
					from (select count(*) as deletes, coalesce(max(t.revision), 0) as revision from tombstone t where %s) o
					cross join (select count(*) as recent from tombstone t where t.cluster = :cluster
						and t.worked_off_at > now() - interval '10 minutes' and t.released_at is null) w
					cross join (select count(*) as objects from inventory i
						where i.cluster = :cluster and i.uid is not null) i
					left join resource r on r.kind = 'Cluster' and r.namespace = '' and r.name = :cluster"""
				.formatted(OPEN))
			.param("cluster", cluster)
			.query((row, number) -> new Pending(row.getInt("deletes"), row.getLong("revision"), row.getInt("recent"),
					row.getInt("objects"), row.getInt("max_deletes"), row.getInt("max_percent")))
			.single();
	}

	@Override
	public List<Doomed> doomed(String cluster, int limit) {
		return this.jdbc
			.sql("""
					select t.object_kind || ' ' || case when t.object_namespace = '' then '' else t.object_namespace || '/' end
						|| t.object_name as object, i.cluster, i.namespace, i.service, t.revision
					from tombstone t join inventory i on i.cluster = t.cluster and i.object_kind = t.object_kind
						and i.object_namespace = t.object_namespace and i.object_name = t.object_name and i.uid = t.uid
					where %s order by t.object_namespace, t.object_kind, t.object_name limit :limit"""
				.formatted(OPEN))
			.param("cluster", cluster)
			.param("limit", limit)
			.query((row, number) -> new Doomed(row.getString("object"), UnitRows.unit(row), row.getLong("revision")))
			.list();
	}

	@Override
	public int release(Caller caller, String cluster, long revision, int deletes) {
		return this.transaction.execute((status) -> {
			int released = this.jdbc.sql("""
					update tombstone t set released_by = :caller, released_at = now()
					where t.revision <= :revision and\s""" + OPEN)
				.param("caller", caller.name())
				.param("revision", revision)
				.param("cluster", cluster)
				.update();
			if (released != deletes || released == 0) {
				status.setRollbackOnly();
				return released;
			}
			wake(cluster);
			this.audit.allowed(caller,
					ResourceId.cluster(cluster) + ": " + deletes + " deletions up to revision " + revision);
			this.signals.announce(Signals.Topic.REVISION);
			return released;
		});
	}

	private void wake(String cluster) {
		this.jdbc
			.sql(UnitUpdates.update("where u.cluster = :cluster and u.continues and u.not_before > now()",
					"not_before = now()"))
			.param("cluster", cluster)
			.update();
	}

}
