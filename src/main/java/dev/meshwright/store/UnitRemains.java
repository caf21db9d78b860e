package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

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

	/**
	 * Deletes the rows of units about which nothing newer was committed and that nothing
	 * keeps, and what they leave behind.
	 * @param vacant rows of cluster, namespace, service and the revision up to which
	 * nothing is declared; may be empty
	 * @param keeper a query, correlated with the unit {@code u}, of what keeps one
	 * @return how many are gone
	 */
	int vanish(JsonRows vacant, String keeper) {
		if (vacant.isEmpty()) {
			return 0;
		}
		List<Gone> gone = this.jdbc
			.sql("""
					delete from unit u
					using %s
					where r.cluster = u.cluster and r.namespace = u.namespace and r.service = u.service
						and u.dirty_revision <= r.revision
						and not exists (%s)
					returning u.cluster, u.namespace, u.service, u.fence"""
				.formatted(JsonRows.as("r", "revision bigint"), keeper))
			.param("rows", vacant.toString())
			.query((row, number) -> gone(row))
			.list();
		remove(gone);
		return gone.size();
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
						using %s
						where u.cluster = t.cluster and u.namespace = t.namespace and u.service = t.service"""
					.formatted(table, JsonRows.as("u")))
				.param("rows", rows.toString())
				.update();
		}
	}

}
