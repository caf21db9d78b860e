package dev.meshwright.store;

import java.util.Collection;

import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/** What a unit that is gone leaves behind: its reads and its report. */
final class UnitRemains {

	private final JdbcClient jdbc;

	UnitRemains(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void remove(Collection<UnitId> gone) {
		if (gone.isEmpty()) {
			return;
		}
		JsonRows rows = new JsonRows();
		gone.forEach(rows::unit);
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
