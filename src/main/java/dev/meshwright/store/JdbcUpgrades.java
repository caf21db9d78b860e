package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import dev.meshwright.document.Json;
import dev.meshwright.model.Caller;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.plan.UpgradePreview;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Rows of {@code compiler}. */
@Repository
class JdbcUpgrades implements Upgrades {

	private static final String AT_REST = """
			u.dirty_revision <= u.done_revision and not u.resync and not u.resyncing and not u.continues""";

	private final JdbcClient jdbc;

	private final AuditLog audit;

	private final TransactionTemplate transaction;

	JdbcUpgrades(JdbcClient jdbc, AuditLog audit, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.audit = audit;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public boolean leads(int version, boolean hold) {
		return this.jdbc
			.sql("""
					insert into compiler as c (version, leads_since) values (:version, case when not :hold or (
							select 1 from unit u where u.compiler_version > 0 and u.compiler_version < :version limit 1) is null
						then now() end)
					on conflict (version) do update set leads_since = coalesce(c.leads_since, excluded.leads_since)
					returning c.leads_since is not null""")
			.param("version", version)
			.param("hold", hold)
			.query(Boolean.class)
			.single();
	}

	@Override
	public boolean look(int version, Duration every) {
		return this.jdbc.sql("""
				update compiler c set looked_at = now() where c.version = :version and c.leads_since is null
					and (c.looked_at is null or c.looked_at <= now() - make_interval(secs => :every))""")
			.param("version", version)
			.param("every", UnitRows.seconds(every))
			.update() > 0;
	}

	@Override
	public List<UnitId> atRest(@Nullable UnitId after, int limit) {
		UnitId last = (after != null) ? after : new UnitId("", "", "");
		return this.jdbc.sql("""
				select u.cluster, u.namespace, u.service from unit u where u.cluster <> ''
					and (u.cluster, u.namespace, u.service) > (:cluster, :namespace, :service) and %s
				order by u.cluster, u.namespace, u.service limit :limit""".formatted(AT_REST))
			.param("cluster", last.cluster())
			.param("namespace", last.namespace())
			.param("service", last.service())
			.param("limit", limit)
			.query((row, number) -> UnitRows.unit(row))
			.list();
	}

	@Override
	public int pending() {
		return this.jdbc.sql("select count(*) from unit u where u.cluster <> '' and not (" + AT_REST + ")")
			.query(Integer.class)
			.single();
	}

	@Override
	public void found(int version, String digest, UpgradePreview preview) {
		this.jdbc.sql("""
				update compiler c set preview = :preview::jsonb, digest = :digest, checked_at = now()
				where c.version = :version and c.leads_since is null""")
			.param("version", version)
			.param("digest", digest)
			.param("preview", Json.mapper().writeValueAsString(preview))
			.update();
	}

	@Override
	public List<Upgrade> all() {
		return this.jdbc.sql("select c.* from compiler c order by c.version desc")
			.query((row, number) -> upgrade(row))
			.list();
	}

	@Override
	public boolean release(Caller caller, int version, String digest) {
		return this.transaction.execute((status) -> {
			boolean released = this.jdbc.sql("""
					update compiler c set leads_since = now(), released_by = :caller
					where c.version = :version and c.leads_since is null and c.digest = :digest""")
				.param("caller", caller.name())
				.param("version", version)
				.param("digest", digest)
				.update() > 0;
			if (released) {
				this.audit.allowed(caller, "compiler " + version + ", preview " + digest);
			}
			return released;
		});
	}

	private static Upgrade upgrade(ResultSet row) throws SQLException {
		String preview = row.getString("preview");
		return new Upgrade(row.getInt("version"), UnitRows.instant(row, "leads_since"), row.getString("released_by"),
				row.getString("digest"),
				(preview != null) ? Json.mapper().readValue(preview, UpgradePreview.class) : null,
				UnitRows.instant(row, "checked_at"));
	}

}
