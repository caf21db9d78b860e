package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a unit that is gone leaves behind. Its reads and its report go with it; its fence
 * does not: a write that it has under way, or an object that it has let go, must never
 * look newer than what the unit does when it comes back.
 */
final class UnitRemains {

	private final JdbcClient jdbc;

	UnitRemains(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * A unit whose row was deleted.
	 *
	 * @param unit the unit
	 * @param fence its last fence
	 */
	record Gone(UnitId unit, long fence) {
	}

	static Gone gone(ResultSet row) throws SQLException {
		return new Gone(UnitRows.unit(row), row.getLong("fence"));
	}

	/** To be called in the transaction that deletes the rows of the units. */
	void remove(Collection<Gone> gone) {
		if (gone.isEmpty()) {
			return;
		}
		this.jdbc.sql("update installation set fence = greatest(fence, :fence)")
			.param("fence", gone.stream().mapToLong(Gone::fence).max().orElse(0))
			.update();
		JsonRows rows = new JsonRows();
		gone.forEach((each) -> rows.unit(each.unit));
		for (String table : new String[] { "unit_read", "unit_status" }) {
			this.jdbc
				.sql("""
						delete from %s t
						using jsonb_to_recordset(cast(:rows as jsonb)) as u(cluster text, namespace text, service text)
						where u.cluster = t.cluster and u.namespace = t.namespace and u.service = t.service"""
					.formatted(table))
				.param("rows", rows.toString())
				.update();
		}
	}

}
