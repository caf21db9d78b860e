package dev.meshwright.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BinaryOperator;

import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Ends the claims of units with a cluster: what was done, what waits, who is woken. */
final class UnitEnds {

	/**
	 * A unit that changed while it was pushed is changing in a burst: so much lies
	 * between the beginnings of two pushes, however often it changes. Whoever changes it
	 * once waits for nothing, nor does who changes it again after a push that took
	 * longer. Somewhat more than a tenth of a second, as who changes it just after a push
	 * waits for nothing either, and ten pushes a second are enough.
	 */
	static final Duration GATHERING = Duration.ofMillis(150);

	private final JdbcClient jdbc;

	private final InventoryRows inventory;

	private final ReportRows reports;

	private final UnitRemains remains;

	private final TerminatingRows terminating;

	UnitEnds(JdbcClient jdbc) {
		this.jdbc = jdbc;
		this.inventory = new InventoryRows(jdbc);
		this.reports = new ReportRows(jdbc);
		this.remains = new UnitRemains(jdbc);
		this.terminating = new TerminatingRows(jdbc);
	}

	/**
	 * Stores ends whose claims hold, their units' rows being locked.
	 * @return whether anybody who looks at statuses would see a difference
	 */
	boolean store(List<PushEnd> ends) {
		this.inventory.store(ends);
		List<ReportRows.Row> changed = ends.stream()
			.flatMap((end) -> end.report()
				.map((report) -> new ReportRows.Row(end.claim().unit(), end.revision(), report))
				.stream())
			.toList();
		if (!changed.isEmpty()) {
			this.reports.store(changed);
		}
		release(ends);
		int gone = vanish(ends) + this.terminating.sweep();
		return !changed.isEmpty() || gone > 0 || ends.stream().anyMatch((end) -> end.again().isEmpty());
	}

	/**
	 * A unit that is to be compared again is due at once, unless it failed: only a caller
	 * cuts its wait short, as what the watches saw may be a cause of the failure. One
	 * that became dirty again is due as soon as it has gathered what comes in a burst.
	 */
	private void release(List<PushEnd> ends) {
		JsonRows rows = new JsonRows();
		ends.forEach((end) -> rows.unit(end.claim().unit())
			.with("revision", end.revision())
			.with("made", end.made())
			.with("switched", end.switched())
			.with("again", end.again().map(UnitRows::seconds).orElse(null))
			.with("failed", end.failed())
			.with("claimed", end.claim().revision())
			.with("resyncs", end.claim().cause() == Units.Cause.RESYNC)
			.with("compared", end.compared())
			.with("lease_ends_at", end.leaseEnds().map(Instant::toString).orElse(null))
			.with("waits_for", end.waitsFor().isEmpty() ? null
					: end.waitsFor().stream().map((unit) -> unit.namespace() + "/" + unit.service()).toList()));
		this.jdbc.sql("""
				update unit u set worker = null, lease_until = null,
					done_revision = greatest(u.done_revision, r.revision),
					resync = u.resync or (r.resyncs and not r.compared),
					resyncing = u.resyncing and not r.resyncs,
					continues = r.again is not null,
					not_before = case when u.dirty_revision > greatest(r.revision, r.claimed)
							then greatest(now(), u.claimed_at + make_interval(secs => :gathering))
						when r.again is null or u.resync and (not r.failed or u.manual_sync) then now()
						else now() + make_interval(secs => r.again) end,
					urgent = u.urgent and (r.again is not null or u.dirty_revision > greatest(r.revision, r.claimed)),
					attempts = case when r.failed then u.attempts + 1 else 0 end,
					waits_for = r.waits_for,
					lease_ends_at = cast(r.lease_ends_at as timestamptz),
					rested_revision = case when r.again is null then greatest(u.rested_revision, r.revision)
						else u.rested_revision end,
					manual_sync = u.manual_sync and (r.again is not null or u.resync),
					made_at = case when r.made then now() else u.made_at end,
					switched_at = case when r.switched then now() else u.switched_at end
				from %s
				where r.cluster = u.cluster and r.namespace = u.namespace and r.service = u.service"""
			.formatted(JsonRows.as("r",
					"revision bigint, made boolean, switched boolean, again double precision, failed boolean, claimed bigint, resyncs boolean, compared boolean, waits_for jsonb, lease_ends_at text")))
			.param("rows", rows.toString())
			.param("gathering", UnitRows.seconds(GATHERING))
			.update();
	}

	/** Removes units for which nothing is declared and that have no object left. */
	private int vanish(List<PushEnd> ends) {
		JsonRows rows = new JsonRows();
		ends.stream()
			.filter((end) -> end.vacant() && end.again().isEmpty())
			.forEach((end) -> rows.unit(end.claim().unit()).with("revision", end.revision()));
		return this.remains.vanish(rows, "select 1 from inventory i where " + InventoryRows.ofUnit("u."));
	}

	/**
	 * Wakes the placements of units that may be gone, and the services that wait for a
	 * namespace. After the commit and in a statement of its own, so that no order of
	 * locks has to be kept; should the process die in between, the next resync does it.
	 */
	void wake(List<PushEnd> ends) {
		JsonRows vacant = new JsonRows();
		JsonRows namespaces = new JsonRows();
		for (PushEnd end : ends) {
			UnitId unit = end.claim().unit();
			if (end.vacant() && end.again().isEmpty()) {
				vacant.unit(unit);
			}
			if (unit.isNamespace() && end.objects().stream().anyMatch(PushEnd.Pushed.class::isInstance)) {
				namespaces.unit(unit);
			}
		}
		JsonRows done = new JsonRows();
		ends.stream().filter((end) -> !end.objects().isEmpty()).forEach((end) -> done.unit(end.claim().unit()));
		if (!done.isEmpty()) {
			wake(done, UnitUpdates::updateUnlocked, """
					u.cluster = r.cluster and u.waits_for is not null
						and jsonb_exists(u.waits_for, r.namespace || '/' || r.service)""");
		}
		if (!vacant.isEmpty()) {
			wake(vacant, UnitUpdates::update, "u.cluster = '' and u.namespace = r.namespace and u.service = r.service");
		}
		if (!namespaces.isEmpty()) {
			wake(namespaces, UnitUpdates::updateUnlocked,
					"u.cluster = r.cluster and u.namespace = r.namespace and u.service <> '' and u.continues");
		}
	}

	private void wake(JsonRows rows, BinaryOperator<String> update, String which) {
		this.jdbc.sql(update.apply("join " + JsonRows.as("r") + " on " + which, "continues = true, not_before = now()"))
			.param("rows", rows.toString())
			.update();
	}

}
