package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reports of units, seen from the resources that took part in them. */
@Repository
class JdbcStatuses implements Statuses {

	private static final String UNITS = """
			select u.cluster, u.namespace, u.service, u.dirty_revision, u.done_revision, u.continues,
				s.generations, s.conditions, s.diagnostics, e.revision as expanded,
				f.reachable, f.message, f.since
			from expansion e
			cross join %s
			join unit u on u.namespace = n.namespace and u.service = n.service
			left join unit_status s on s.cluster = u.cluster and s.namespace = u.namespace and s.service = u.service
			left join cluster_facts f on f.cluster = u.cluster
			order by u.cluster""";

	private static final String SUBJECTS = "unnest(:namespaces::text[], :services::text[]) as n(namespace, service)";

	private final JdbcClient jdbc;

	private final ReaderStatuses readers;

	private final TerminatingRows terminating;

	JdbcStatuses(JdbcClient jdbc) {
		this.jdbc = jdbc;
		this.readers = new ReaderStatuses(jdbc);
		this.terminating = new TerminatingRows(jdbc);
	}

	@Override
	public Map<ResourceId, List<UnitStatus>> of(Collection<ResourceId> ids) {
		return of(ids, declared(ids));
	}

	@Override
	public Map<ResourceId, List<UnitStatus>> read(Collection<? extends Resource<?>> resources) {
		Map<ResourceId, Declared> declared = new HashMap<>();
		resources.forEach((resource) -> declared.put(resource.id(), Declared.of(resource)));
		return of(resources.stream().<ResourceId>map(Resource::id).toList(), declared);
	}

	@Override
	public Set<ResourceId> unused(Collection<? extends Resource<?>> resources) {
		Map<ResourceId, String> defaults = new HashMap<>();
		for (Resource<?> resource : resources) {
			PolicyTarget.of(resource)
				.filter((target) -> target.level() != PolicyTarget.Level.SERVICE)
				.ifPresent((target) -> defaults.put(resource.id(), target.namespace()));
		}
		if (!defaults.isEmpty()) {
			defaults.values().removeAll(this.readers.withServices(Set.copyOf(defaults.values())));
		}
		return defaults.keySet();
	}

	@Override
	public boolean terminating(Collection<ResourceId> ids) {
		return this.terminating.holdsAny(ids);
	}

	private Map<ResourceId, List<UnitStatus>> of(Collection<ResourceId> ids, Map<ResourceId, Declared> declared) {
		Map<ServiceRef, List<ResourceId>> subjects = new HashMap<>();
		List<ResourceId> clusters = new ArrayList<>();
		List<ResourceId> defaults = new ArrayList<>();
		for (ResourceId id : ids) {
			switch (id.kind()) {
				case SERVICE -> subject(subjects, new ServiceRef(id.namespace(), id.name()), id);
				case NAMESPACE -> subject(subjects, new ServiceRef(id.name(), ""), id);
				case CLUSTER -> clusters.add(id);
				case ROUTING_POLICY, FAILOVER_POLICY, SECURITY_POLICY, OVERRIDE -> {
					Declared policy = declared.get(id);
					if (policy != null && policy.target(id).level() == PolicyTarget.Level.SERVICE) {
						subject(subjects, new ServiceRef(id.namespace(), policy.service), id);
					}
					else if (policy != null) {
						defaults.add(id);
					}
				}
			}
		}
		Map<ResourceId, List<UnitStatus>> statuses = new HashMap<>();
		for (ResourceId id : defaults) {
			Declared policy = declared.get(id);
			statuses.put(id, this.readers.of(id, policy.target(id).key(id.kind()), policy.revision, policy.generation));
		}
		units(subjects, declared, statuses);
		pending(clusters)
			.forEach((id) -> statuses.put(id, List.of(new UnitStatus(id.name(), 0, true, List.of(), List.of()))));
		return statuses;
	}

	private static void subject(Map<ServiceRef, List<ResourceId>> subjects, ServiceRef subject, ResourceId id) {
		subjects.computeIfAbsent(subject, (_) -> new ArrayList<>()).add(id);
	}

	private Map<ResourceId, Declared> declared(Collection<ResourceId> ids) {
		Map<ResourceId, Declared> declared = new HashMap<>();
		String columns = "r.kind, r.namespace, r.name, r.revision, r.generation,"
				+ " coalesce(r.spec ->> 'service', r.spec -> 'target' ->> 'service', '') as service from "
				+ Columns.table();
		String same = " r on r.kind = i.kind and r.namespace = i.namespace and r.name = i.name";
		this.jdbc
			.sql("select 1 as rank, " + columns + "join resource" + same + " union all select 2, " + columns
					+ "join terminating" + same + " order by rank")
			.params(Columns.ids(ids))
			.query((row) -> {
				Declared found = new Declared(row.getLong("revision"), row.getLong("generation"),
						row.getString("service"), row.getInt("rank") == 2);
				ResourceRow.id(row).ifPresent((id) -> declared.putIfAbsent(id, found));
			});
		return declared;
	}

	private void units(Map<ServiceRef, List<ResourceId>> subjects, Map<ResourceId, Declared> declared,
			Map<ResourceId, List<UnitStatus>> statuses) {
		if (subjects.isEmpty()) {
			return;
		}
		this.jdbc.sql(UNITS.formatted(Columns.few(SUBJECTS, "n", "namespace")))
			.param("namespaces", Columns.texts(subjects.keySet(), ServiceRef::namespace))
			.param("services", Columns.texts(subjects.keySet(), ServiceRef::name))
			.query((row) -> {
				ServiceRef subject = new ServiceRef(row.getString("namespace"), row.getString("service"));
				for (ResourceId id : subjects.get(subject)) {
					statuses.computeIfAbsent(id, (_) -> new ArrayList<>())
						.add(status(id, row, Optional.ofNullable(declared.get(id))));
				}
			});
	}

	/**
	 * A cluster has no units of its own; a deleted one waits for those that are on it.
	 */
	private List<ResourceId> pending(List<ResourceId> clusters) {
		return clusters.isEmpty() ? List.of()
				: this.jdbc.sql("""
						select t.name from terminating t where t.kind = 'Cluster' and t.name = any(:names::text[])
							and exists (select 1 from unit u where u.cluster = t.name)""")
					.param("names", Columns.texts(clusters, ResourceId::name))
					.query(String.class)
					.list()
					.stream()
					.map(ResourceId::cluster)
					.toList();
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
		// what is not declared any more is in no compilation: what is reported is of its
		// end
		long observed = report.generations()
			.getOrDefault(id, declared.filter(Declared::terminating).map(Declared::generation).orElse(0L));
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
	 * What is stored of a resource.
	 *
	 * @param service the service that a policy targets, empty without one
	 * @param terminating whether it is deleted, and its objects are not all gone yet
	 */
	private record Declared(long revision, long generation, String service, boolean terminating) {

		static Declared of(Resource<?> resource) {
			Metadata metadata = resource.metadata();
			return new Declared(metadata.revision(), metadata.generation(),
					PolicyTarget.of(resource).map(PolicyTarget::service).orElse(""),
					metadata.deletionTimestamp() != null);
		}

		PolicyTarget target(ResourceId policy) {
			return policy.namespace().isEmpty() ? PolicyTarget.platform()
					: new PolicyTarget(policy.namespace(), this.service);
		}

	}

}
