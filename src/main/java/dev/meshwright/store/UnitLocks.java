package dev.meshwright.store;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Claim;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Locks the rows of claimed units, always in the order of their keys, and tells which
 * claims still hold: a claim is lost as soon as the fence has moved on or its work was
 * finished.
 */
final class UnitLocks {

	private final JdbcClient jdbc;

	UnitLocks(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** The units whose claims hold; their rows stay locked until the transaction ends. */
	Set<UnitId> hold(Collection<Claim> claims) {
		JsonRows rows = new JsonRows();
		claims.forEach((claim) -> rows.unit(claim.unit()).with("fence", claim.fence()));
		return new HashSet<>(this.jdbc.sql("""
				select u.cluster, u.namespace, u.service from unit u
				join jsonb_to_recordset(cast(:rows as jsonb))
					as c(cluster text, namespace text, service text, fence bigint)
					on c.cluster = u.cluster and c.namespace = u.namespace and c.service = u.service
				where u.fence = c.fence and u.worker is not null
				order by u.cluster, u.namespace, u.service
				for update of u""").param("rows", rows.toString()).query((row, number) -> UnitRows.unit(row)).list());
	}

}
