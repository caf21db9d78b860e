package dev.meshwright.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Claim;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Units without a cluster, and the units that follow from them. */
@Repository
class JdbcPlacements implements Placements {

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final PostgresSignals signals;

	private final Expander expander;

	private final UnitLocks locks;

	private final ReadRows reads;

	private final ReportRows reports;

	private final TerminatingRows terminating;

	private final ValidatedReads validated;

	JdbcPlacements(JdbcClient jdbc, PlatformTransactionManager transactionManager, PostgresSignals signals) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(transactionManager);
		this.signals = signals;
		this.expander = new Expander(jdbc);
		this.locks = new UnitLocks(jdbc);
		this.reads = new ReadRows(jdbc);
		this.reports = new ReportRows(jdbc);
		this.terminating = new TerminatingRows(jdbc);
		this.validated = new ValidatedReads(jdbc);
	}

	@Override
	public Reported reports(Collection<UnitId> placements) {
		JsonRows rows = new JsonRows();
		placements.forEach(rows::unit);
		Map<UnitId, UnitReport> reports = new HashMap<>();
		this.jdbc
			.sql("""
					select s.* from unit_status s
					join %s
						on u.cluster = s.cluster and u.namespace = s.namespace and u.service = s.service"""
				.formatted(JsonRows.as("u")))
			.param("rows", rows.toString())
			.query((row) -> {
				reports.put(UnitRows.unit(row), ReportRows.read(row.getString("generations"),
						row.getString("conditions"), row.getString("diagnostics")));
			});
		return new Reported(reports, JdbcInstallation.now(this.jdbc));
	}

	@Override
	public Set<Claim> finish(Collection<Placed> placed) {
		return this.transaction.execute((status) -> {
			long expanded = this.expander.share();
			Set<Claim> held = this.locks.hold(placed.stream().map(Placed::claim).toList());
			List<Placed> done = placed.stream().filter((each) -> held.contains(each.claim())).toList();
			if (!done.isEmpty()) {
				record(done, expanded);
			}
			return done.stream().map(Placed::claim).collect(Collectors.toSet());
		});
	}

	private void record(List<Placed> done, long expanded) {
		this.reads.record(done.stream()
			.map((each) -> new ReadRows.Reads(each.claim().unit(), each.revision(), each.reads()))
			.toList(), expanded);
		dirty(done);
		List<ReportRows.Row> changed = done.stream()
			.flatMap((each) -> each.report()
				.map((report) -> new ReportRows.Row(each.claim().unit(), each.revision(), report))
				.stream())
			.toList();
		this.reports.store(changed);
		end(done);
		int gone = vanish(done) + this.terminating.sweep();
		if (!changed.isEmpty() || gone > 0) {
			this.signals.announce(Signals.Topic.STATUS);
		}
	}

	/**
	 * Units on new clusters start dirty; those on clusters that are no longer named
	 * compile once more, to nothing.
	 */
	private void dirty(List<Placed> done) {
		JsonRows rows = new JsonRows();
		done.forEach((each) -> rows.unit(each.claim().unit())
			.with("revision", each.revision())
			.with("urgent", each.claim().urgent())
			.with("clusters", each.clusters()));
		String placed = JsonRows.as("p", "revision bigint, urgent boolean, clusters jsonb");
		this.jdbc.sql("""
				insert into unit (cluster, namespace, service, dirty_revision, urgent)
				select c.name, p.namespace, p.service, p.revision, p.urgent
				from %s, jsonb_array_elements_text(p.clusters) as c(name)
				order by 1, 2, 3
				on conflict do nothing""".formatted(placed)).param("rows", rows.toString()).update();
		this.validated.forgetUnplaced(rows);
		this.jdbc.sql(UnitUpdates.update("""
				join %s on u.namespace = p.namespace and u.service = p.service
				where u.cluster <> '' and not jsonb_exists(p.clusters, u.cluster)
					and u.compiled_revision < p.revision""".formatted(placed), "p.revision, p.urgent", """
				dirty_revision = greatest(u.dirty_revision, chosen.revision),
					urgent = u.urgent or chosen.urgent, not_before = least(u.not_before, now())"""))
			.param("rows", rows.toString())
			.update();
	}

	private void end(List<Placed> done) {
		JsonRows rows = new JsonRows();
		done.forEach((each) -> rows.unit(each.claim().unit())
			.with("revision", each.revision())
			.with("version", each.compilerVersion())
			.with("resynced", each.claim().cause() == Units.Cause.RESYNC));
		this.jdbc
			.sql("""
					update unit u set done_revision = greatest(u.done_revision, p.revision), continues = false,
						resyncing = u.resyncing and not p.resynced, worker = null, lease_until = null, attempts = 0,
						urgent = u.urgent and u.dirty_revision > p.revision, compiled_revision = p.revision,
						compiler_version = greatest(u.compiler_version, p.version)
					from %s
					where p.cluster = u.cluster and p.namespace = u.namespace and p.service = u.service"""
				.formatted(JsonRows.as("p", "revision bigint, version integer, resynced boolean")))
			.param("rows", rows.toString())
			.update();
	}

	/** Removes placements whose subject is not declared and has no units left. */
	private int vanish(List<Placed> done) {
		JsonRows rows = new JsonRows();
		done.stream()
			.filter((each) -> !each.declared())
			.forEach((each) -> rows.unit(each.claim().unit()).with("revision", each.revision()));
		return new UnitRemains(this.jdbc).vanish(rows, """
				select 1 from unit o where o.cluster <> ''
					and o.namespace = u.namespace and o.service = u.service""");
	}

}
