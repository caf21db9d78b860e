package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

import dev.meshwright.model.UnitId;
import dev.meshwright.store.Backlogs;
import dev.meshwright.store.Backlogs.Backlog;
import dev.meshwright.store.ClusterObjects;
import dev.meshwright.store.ClusterObjects.Counts;
import dev.meshwright.store.PushEnd;
import dev.meshwright.store.Units.Claim;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

import org.springframework.stereotype.Component;

/**
 * What can be seen of reconcile from outside. Counters and timers speak of this process;
 * gauges of the backlog of all of them, read every few seconds and never on a scrape.
 */
@Component
class ReconcileMeters {

	private final MeterRegistry meters;

	private final Backlogs backlogs;

	private final ClusterObjects objects;

	private final Map<UnitId, Begun> begun = new ConcurrentHashMap<>();

	private final AtomicLong unexpanded = new AtomicLong();

	private final MultiGauge units;

	private final MultiGauge age;

	private final MultiGauge reachable;

	private final MultiGauge halted;

	private final MultiGauge limit;

	private final MultiGauge active;

	private final MultiGauge drifted;

	private final MultiGauge fights;

	private final MultiGauge orphaned;

	ReconcileMeters(MeterRegistry meters, Backlogs backlogs, ClusterObjects objects) {
		this.meters = meters;
		this.backlogs = backlogs;
		this.objects = objects;
		this.units = gauge("meshwright.backlog.units", "Units that are not at rest, by cluster and state");
		this.age = gauge("meshwright.backlog.age.seconds", "How long the oldest due unit of a cluster waits unclaimed");
		this.reachable = gauge("meshwright.cluster.reachable", "1 when the cluster answered the last time");
		this.halted = gauge("meshwright.cluster.halted", "1 while nothing is pushed until an operator releases it");
		this.limit = gauge("meshwright.cluster.calls.limit", "Calls that this process makes at once, at most, now");
		this.active = gauge("meshwright.cluster.calls.active", "Calls that this process makes now");
		this.drifted = gauge("meshwright.drift.objects", "Objects that were seen to differ from what was pushed");
		this.fights = gauge("meshwright.drift.fights", "Objects that others change as often as they are set right");
		this.orphaned = gauge("meshwright.orphaned.objects", "Objects that are kept although nothing declares them");
		meters.gauge("meshwright.expansion.lag.revisions", this.unexpanded);
	}

	private MultiGauge gauge(String name, String description) {
		return MultiGauge.builder(name).description(description).register(this.meters);
	}

	/** Work on these begins. */
	void claimed(Collection<Claim> claims) {
		long now = System.nanoTime();
		for (Claim claim : claims) {
			this.begun.put(claim.unit(), new Begun(claim.fence(), now));
			this.meters
				.counter("meshwright.reconcile.claims", "cluster", claim.unit().cluster(), "cause",
						claim.cause().name().toLowerCase(Locale.ROOT), "takenover", Boolean.toString(claim.takenOver()))
				.increment();
		}
	}

	/** How these pushes ended is stored. */
	void ended(List<PushEnd> ends) {
		for (PushEnd end : ends) {
			this.meters.counter("meshwright.drift.healed", "cluster", end.claim().unit().cluster())
				.increment(end.healed());
			ended(end.claim(), end.failed() ? "failed" : end.again().isPresent() ? "waiting" : "done");
		}
	}

	/** These are over without a push: placements, or because the store failed. */
	void ended(Collection<Claim> claims, String outcome) {
		claims.forEach((claim) -> ended(claim, outcome));
	}

	private void ended(Claim claim, String outcome) {
		Begun work = this.begun.get(claim.unit());
		// it may have been claimed again by now
		if (work != null && work.fence == claim.fence() && this.begun.remove(claim.unit(), work)) {
			this.meters.timer("meshwright.reconcile.duration", "cluster", claim.unit().cluster(), "outcome", outcome)
				.record(System.nanoTime() - work.since, TimeUnit.NANOSECONDS);
		}
	}

	/** When the work on a claim began; one for each unit at most. */
	private record Begun(long fence, long since) {
	}

	/** Reads the gauges anew. */
	void sample(Lanes lanes) {
		List<Backlog> all = this.backlogs.all();
		this.unexpanded.set(this.backlogs.unexpanded());
		List<Row<?>> states = new ArrayList<>();
		for (Backlog backlog : all) {
			state(states, backlog, "due", backlog.due());
			state(states, backlog, "working", backlog.working());
			state(states, backlog, "waiting", backlog.waiting());
			state(states, backlog, "retrying", backlog.retrying());
		}
		this.units.register(states, true);
		this.age.register(rows(all, (backlog) -> backlog.age().toMillis() / 1000.0), true);
		List<Backlog> clusters = all.stream().filter((backlog) -> !backlog.cluster().isEmpty()).toList();
		this.reachable.register(rows(clusters, (backlog) -> backlog.reachable() ? 1 : 0), true);
		this.halted.register(rows(clusters, (backlog) -> backlog.halted() ? 1 : 0), true);
		List<Counts> counts = this.objects.counts(Fight.FORCED);
		this.drifted.register(counted(counts, Counts::drifted), true);
		this.fights.register(counted(counts, Counts::fought), true);
		this.orphaned.register(counted(counts, Counts::orphaned), true);
		this.limit.register(lanes(lanes, ClusterLane::limit), true);
		this.active.register(lanes(lanes, ClusterLane::active), true);
	}

	private static void state(List<Row<?>> rows, Backlog backlog, String state, long units) {
		rows.add(Row.of(Tags.of("cluster", backlog.cluster(), "state", state), units));
	}

	private static List<Row<?>> rows(List<Backlog> backlogs, ToDoubleFunction<Backlog> value) {
		return backlogs.stream()
			.<Row<?>>map((backlog) -> Row.of(Tags.of("cluster", backlog.cluster()), value.applyAsDouble(backlog)))
			.toList();
	}

	private static List<Row<?>> counted(List<Counts> counts, ToDoubleFunction<Counts> value) {
		return counts.stream()
			.<Row<?>>map((each) -> Row.of(Tags.of("cluster", each.cluster()), value.applyAsDouble(each)))
			.toList();
	}

	private static List<Row<?>> lanes(Lanes lanes, ToDoubleFunction<ClusterLane> value) {
		return lanes.all()
			.entrySet()
			.stream()
			.<Row<?>>map((lane) -> Row.of(Tags.of("cluster", lane.getKey()), value.applyAsDouble(lane.getValue())))
			.toList();
	}

}
