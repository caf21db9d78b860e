package dev.meshwright.store;

import java.sql.Types;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code audit_event}. */
@Repository
class JdbcAuditLog implements AuditLog {

	/** Adds a row; its parameters are those of {@link #columns}. */
	static final String INSERT = """
			insert into audit_event (actor, action, target, allowed, remote_address, revision)
			values (:actor, :action, :target, :allowed, :remoteAddress, :revision)""";

	private final JdbcClient jdbc;

	JdbcAuditLog(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public void record(Entry entry) {
		this.jdbc.sql(INSERT).params(columns(entry)).update();
	}

	static Map<String, Object> columns(Entry entry) {
		return Map.of("actor", entry.actor(), "action", entry.action(), "target", entry.target(), "allowed",
				entry.allowed(), "remoteAddress", entry.remoteAddress(), "revision",
				new SqlParameterValue(Types.BIGINT, entry.revision()));
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
