package dev.meshwright.store;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import dev.meshwright.document.Json;
import dev.meshwright.model.Key;
import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code unit_plan}, and plans that are applied. */
final class AppliedPlans {

	private final JdbcClient jdbc;

	private final PostgresSignals signals;

	AppliedPlans(JdbcClient jdbc, PostgresSignals signals) {
		this.jdbc = jdbc;
		this.signals = signals;
	}

	/**
	 * Marks the plan of a job as applied, keeps what it allows, and ends the job: in the
	 * transaction that does what the plan says.
	 * @param revision the head revision after it
	 * @throws StoreFailure.ConcurrentChange it was applied or has expired meanwhile, or
	 * the claim was lost
	 */
	void applied(Jobs.Claim claim, long revision) {
		UUID plan = UUID.fromString(Json.mapper().readTree(claim.request()).get("plan").asString());
		int marked = this.jdbc.sql("""
				update plan set applied_at = now(), applied_revision = :revision
				where id = :id and applied_at is null and expires_at > now()""")
			.param("revision", revision)
			.param("id", plan)
			.update();
		if (marked == 0) {
			throw new StoreFailure.ConcurrentChange("Plan " + plan + " was applied or has expired meanwhile");
		}
		// what is left of units that are gone
		this.jdbc.sql("""
				delete from unit_plan p where p.revision <= (select revision from expansion)
					and not exists (select 1 from unit u where u.cluster = p.cluster
						and u.namespace = p.namespace and u.service = p.service)""").update();
		this.jdbc.sql("""
				insert into unit_plan as u (cluster, namespace, service, plan, revision, removals, takeovers)
				select a.cluster, a.namespace, a.service, p.id, :revision, a.removals, a.takeovers
				from plan p, jsonb_to_recordset(p.evidence -> 'allowed')
					as a(cluster text, namespace text, service text, removals jsonb, takeovers jsonb)
				where p.id = :id
				order by 1, 2, 3
				on conflict (cluster, namespace, service) do update set plan = excluded.plan,
					revision = excluded.revision, removals = excluded.removals, takeovers = excluded.takeovers""")
			.param("revision", revision)
			.param("id", plan)
			.update();
		if (!JdbcJobs.end(this.jdbc, claim, Jobs.State.SUCCEEDED, revision,
				Json.mapper().writeValueAsString(Map.of("plan", plan)))) {
			throw new StoreFailure.ConcurrentChange("Another process took job " + claim.id() + " over");
		}
		this.signals.announce(Signals.Topic.JOB);
	}

	Optional<PlanLimit> limit(UnitId unit, Set<Key> reads, long upTo) {
		return this.jdbc.sql("""
				select p.plan, p.removals, p.takeovers from unit_plan p
				where p.cluster = :cluster and p.namespace = :namespace and p.service = :service
					and not exists (select 1 from changed_key c where c.revision > p.revision
						and c.revision <= :upTo and c.key = any(:reads::text[]))""")
			.param("cluster", unit.cluster())
			.param("namespace", unit.namespace())
			.param("service", unit.service())
			.param("upTo", upTo)
			.param("reads", Columns.texts(reads, Key::text))
			.query((row, number) -> new PlanLimit(row.getObject("plan", UUID.class),
					PushStateRows.refs(row.getString("removals")), PushStateRows.refs(row.getString("takeovers"))))
			.optional();
	}

}
