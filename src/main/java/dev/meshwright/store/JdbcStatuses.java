package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Condition.Type;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reports of units, seen from the resources that took part in them. */
@Repository
class JdbcStatuses implements Statuses {

	private static final String UNITS = """
			select u.cluster, u.dirty_revision, u.done_revision, u.continues,
				s.generations, s.conditions, s.diagnostics, e.revision as expanded,
				f.reachable, f.message, f.since
			from expansion e cross join unit u
			left join unit_status s on s.cluster = u.cluster and s.namespace = u.namespace and s.service = u.service
			left join cluster_facts f on f.cluster = u.cluster
			where u.namespace = :namespace and u.service = :service order by u.cluster""";

	private final JdbcClient jdbc;

	JdbcStatuses(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public List<UnitStatus> of(ResourceId id) {
		Optional<Declared> declared = declared(id);
		return switch (id.kind()) {
			case SERVICE -> units(id, id.namespace(), id.name(), declared);
			case NAMESPACE -> units(id, id.name(), "", declared);
			case CLUSTER -> cluster(id);
			case ROUTING_POLICY -> declared.map(Declared::target)
				.map((target) -> units(id, id.namespace(), target, declared))
				.orElse(List.of());
		};
	}

	private Optional<Declared> declared(ResourceId id) {
		return this.jdbc.sql("""
				select revision, generation, spec ->> 'service' as target from (
					select 1 as rank, revision, generation, spec from resource
					where kind = :kind and namespace = :namespace and name = :name
					union all
					select 2, revision, generation, spec from terminating
					where kind = :kind and namespace = :namespace and name = :name) found
				order by rank limit 1""")
			.param("kind", id.kind().toString())
			.param("namespace", id.namespace())
			.param("name", id.name())
			.query((row, number) -> new Declared(row.getLong("revision"), row.getLong("generation"),
					(id.kind() == Kind.ROUTING_POLICY) ? row.getString("target") : null))
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
				conditions(report, observed, Silence.of(row)),
				report.diagnostics().stream().filter((diagnostic) -> diagnostic.resource().equals(id)).toList());
	}

	private static List<Condition> conditions(UnitReport report, long observed, Optional<Silence> silence) {
		return report.conditions()
			.stream()
			.map((condition) -> new Condition(condition.type(), condition.status(), condition.reason(),
					condition.message(), observed, condition.lastTransitionTime()))
			.map((condition) -> silence.map((it) -> it.doubt(condition)).orElse(condition))
			.toList();
	}

	/**
	 * A cluster that does not answer: what was true when it did may not be so any more.
	 *
	 * @param cluster the cluster
	 * @param message why nothing is known
	 * @param since since when
	 */
	private record Silence(String cluster, String message, Instant since) {

		static Optional<Silence> of(ResultSet row) throws SQLException {
			boolean silent = !row.getBoolean("reachable") && !row.wasNull();
			Instant since = UnitRows.instant(row, "since");
			return (silent && since != null)
					? Optional.of(new Silence(row.getString("cluster"), row.getString("message"), since))
					: Optional.empty();
		}

		Condition doubt(Condition condition) {
			boolean live = condition.type() == Type.PROGRAMMED || condition.type() == Type.CONVERGED
					|| condition.type() == Type.READY;
			return (live && condition.status() == Status.TRUE) ? new Condition(condition.type(), Status.UNKNOWN,
					"Unreachable", "cluster " + this.cluster
							+ " was as declared when it last answered, and does not now: " + this.message,
					condition.observedGeneration(), this.since) : condition;
		}

	}

	private record Declared(long revision, long generation, @Nullable String target) {
	}

}
