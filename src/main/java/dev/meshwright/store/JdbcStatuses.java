package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Condition;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.ResourceId;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reports of units, seen from the resources that took part in them. */
@Repository
class JdbcStatuses implements Statuses {

	private static final String UNITS = """
			select u.cluster, u.dirty_revision, u.done_revision, u.continues,
				s.generations, s.conditions, s.diagnostics, e.revision as expanded
			from expansion e cross join unit u
			left join unit_status s on s.cluster = u.cluster and s.namespace = u.namespace and s.service = u.service
			where u.namespace = :namespace and u.service = :service order by u.cluster""";

	private final JdbcClient jdbc;

	private final ReaderStatuses readers;

	JdbcStatuses(JdbcClient jdbc) {
		this.jdbc = jdbc;
		this.readers = new ReaderStatuses(jdbc);
	}

	@Override
	public List<UnitStatus> of(ResourceId id) {
		Optional<Declared> declared = declared(id);
		return switch (id.kind()) {
			case SERVICE -> units(id, id.namespace(), id.name(), declared);
			case NAMESPACE -> units(id, id.name(), "", declared);
			case CLUSTER -> cluster(id);
			case ROUTING_POLICY, FAILOVER_POLICY, SECURITY_POLICY ->
				declared.map((policy) -> policy(id, policy)).orElse(List.of());
		};
	}

	private List<UnitStatus> policy(ResourceId id, Declared policy) {
		PolicyTarget target = new PolicyTarget(id.namespace(), policy.service());
		return (target.level() == PolicyTarget.Level.SERVICE)
				? units(id, target.namespace(), target.service(), Optional.of(policy))
				: this.readers.of(id, target.key(id.kind()), policy.revision(), policy.generation());
	}

	private Optional<Declared> declared(ResourceId id) {
		return this.jdbc
			.sql("""
					select revision, generation, case when namespace = '' then '' else coalesce(spec ->> 'service', '') end as service from (
						select 1 as rank, namespace, revision, generation, spec from resource
						where kind = :kind and namespace = :namespace and name = :name
						union all
						select 2, namespace, revision, generation, spec from terminating
						where kind = :kind and namespace = :namespace and name = :name) found
					order by rank limit 1""")
			.param("kind", id.kind().toString())
			.param("namespace", id.namespace())
			.param("name", id.name())
			.query((row, number) -> new Declared(row.getLong("revision"), row.getLong("generation"),
					row.getString("service")))
			.optional();
	}

	private List<UnitStatus> units(ResourceId id, String namespace, String service, Optional<Declared> declared) {
		return this.jdbc.sql(UNITS)
			.param("namespace", namespace)
			.param("service", service)
			.query((row, number) -> status(id, row, declared))
			.list();
	}

	/**
	 * A cluster has no units of its own; a deleted one waits for those that are on it.
	 */
	private List<UnitStatus> cluster(ResourceId id) {
		boolean pending = this.jdbc.sql("""
				select exists (select 1 from terminating t join unit u on u.cluster = t.name
					where t.kind = 'Cluster' and t.name = :name)""")
			.param("name", id.name())
			.query(Boolean.class)
			.single();
		return pending ? List.of(new UnitStatus(id.name(), 0, true, List.of(), List.of())) : List.of();
	}

	private static UnitStatus status(ResourceId id, ResultSet row, Optional<Declared> declared) throws SQLException {
		boolean dirty = row.getLong("dirty_revision") > row.getLong("done_revision");
		long revision = declared.map(Declared::revision).orElse(0L);
		boolean unseen = revision > row.getLong("expanded")
				|| (dirty && row.getLong("done_revision") < revision && row.getLong("dirty_revision") >= revision);
		String conditions = row.getString("conditions");
		if (conditions == null) {
			return new UnitStatus(row.getString("cluster"), 0, true, List.of(), List.of());
		}
		UnitReport report = ReportRows.read(row.getString("generations"), conditions, row.getString("diagnostics"));
		long observed = report.generations().getOrDefault(id, 0L);
		if (unseen) {
			// what is reported may be of an earlier incarnation, or of the spec before
			observed = Math.min(observed, declared.map(Declared::generation).orElse(1L) - 1);
		}
		return new UnitStatus(row.getString("cluster"), observed, dirty || unseen || row.getBoolean("continues"),
				conditions(report, observed),
				report.diagnostics().stream().filter((diagnostic) -> diagnostic.resource().equals(id)).toList());
	}

	private static List<Condition> conditions(UnitReport report, long observed) {
		return report.conditions()
			.stream()
			.map((condition) -> new Condition(condition.type(), condition.status(), condition.reason(),
					condition.message(), observed, condition.lastTransitionTime()))
			.toList();
	}

	/**
	 * What is stored of a resource.
	 *
	 * @param service the service that a policy targets, empty without one
	 */
	private record Declared(long revision, long generation, String service) {
	}

}
