package dev.meshwright.store;

import java.sql.Types;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code audit_event}. */
@Repository
class JdbcAuditLog implements AuditLog {

	private final JdbcClient jdbc;

	JdbcAuditLog(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public void record(Entry entry) {
		this.jdbc.sql("""
				insert into audit_event (actor, action, target, allowed, remote_address, revision)
				values (:actor, :action, :target, :allowed, :remoteAddress, :revision)""")
			.param("actor", entry.actor())
			.param("action", entry.action())
			.param("target", entry.target())
			.param("allowed", entry.allowed())
			.param("remoteAddress", entry.remoteAddress())
			.param("revision", entry.revision(), Types.BIGINT)
			.update();
	}

	@Override
	public List<Recorded> list(@Nullable Long before, int limit) {
		return this.jdbc.sql("""
				select id, at, actor, action, target, allowed, remote_address, revision
				from audit_event where id < :before order by id desc limit :limit""")
			.param("before", (before != null) ? before : Long.MAX_VALUE)
			.param("limit", limit)
			.query((row, number) -> new Recorded(row.getLong("id"), ResourceRow.instant(row, "at"),
					new Entry(row.getString("actor"), row.getString("action"), row.getString("target"),
							row.getBoolean("allowed"), row.getString("remote_address"),
							row.getObject("revision", Long.class))))
			.list();
	}

}
