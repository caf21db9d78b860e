package dev.meshwright.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Claim;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Locks the rows of units, always in the order of their keys, and tells which claims
 * still hold: a claim is lost as soon as the fence has moved on or its work was finished.
 */
final class UnitLocks {

	private final JdbcClient jdbc;

	UnitLocks(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** The claims that hold; their units' rows stay locked until the transaction ends. */
	Set<Claim> hold(Collection<Claim> claims) {
		JsonRows rows = new JsonRows();
		Map<Held, Claim> byFence = new HashMap<>();
		for (Claim claim : claims) {
			rows.unit(claim.unit()).with("fence", claim.fence());
			byFence.put(new Held(claim.unit(), claim.fence()), claim);
		}
		Set<Claim> held = new HashSet<>();
		this.jdbc.sql("""
				select u.cluster, u.namespace, u.service, u.fence from unit u
				join %s
					on c.cluster = u.cluster and c.namespace = u.namespace and c.service = u.service
				where u.fence = c.fence and u.worker is not null
				order by u.cluster, u.namespace, u.service
				for update of u""".formatted(JsonRows.as("c", "fence bigint")))
			.param("rows", rows.toString())
			.query((row) -> {
				Claim claim = byFence.get(new Held(UnitRows.unit(row), row.getLong("fence")));
				if (claim != null) {
					held.add(claim);
				}
			});
		return held;
	}

	/** Locks the rows of units, whoever works on them, until the transaction ends. */
	void lock(Collection<UnitId> units) {
		JsonRows rows = new JsonRows();
		units.forEach(rows::unit);
		this.jdbc.sql("""
				select u.cluster, u.namespace, u.service from unit u
				join %s
					on c.cluster = u.cluster and c.namespace = u.namespace and c.service = u.service
				order by u.cluster, u.namespace, u.service
				for update of u""".formatted(JsonRows.as("c"))).param("rows", rows.toString()).query().listOfRows();
	}

	private record Held(UnitId unit, long fence) {
	}

}
