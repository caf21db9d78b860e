package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;

import dev.meshwright.store.BulkWork;
import dev.meshwright.store.Units;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims what is due and hands it to those who do the work, cluster by cluster. */
final class Dispatcher {

	private static final Logger logger = LoggerFactory.getLogger(Dispatcher.class);

	/**
	 * So many units are claimed first by who has nothing to do: the cluster is kept busy
	 * with them while the next are compiled.
	 */
	private static final int FIRST = 16;

	private final String worker;

	private final Lead lead;

	private final ReconcileProperties properties;

	private final Units units;

	private final Leases leases;

	private final Lanes lanes;

	private final Wakeup wakeup;

	private final ExecutorService threads;

	private final Isolation isolation;

	private final PlacementWork placements;

	private final ClusterWork clusters;

	private final ReconcileMeters meters;

	Dispatcher(String worker, Lead lead, ReconcileProperties properties, Units units, Leases leases, Lanes lanes,
			Wakeup wakeup, ExecutorService threads, Isolation isolation, PlacementWork placements, ClusterWork clusters,
			ReconcileMeters meters) {
		this.meters = meters;
		this.worker = worker;
		this.lead = lead;
		this.properties = properties;
		this.units = units;
		this.leases = leases;
		this.lanes = lanes;
		this.wakeup = wakeup;
		this.threads = threads;
		this.isolation = isolation;
		this.placements = placements;
		this.clusters = clusters;
	}

	/** Dispatches what is due; when nothing is, waits until something may be. */
	void round() throws InterruptedException {
		if (!this.lead.leads()) {
			this.wakeup.await(this.properties.pollInterval());
			return;
		}
		this.lanes.recovered().forEach(this.units::retry);
		int most = (this.leases.count() == 0) ? Math.min(FIRST, this.properties.batch()) : this.properties.batch();
		ClaimRequest request = new ClaimRequest(this.worker, most, this.properties.lease(), this.lead.version(),
				this.lanes.busy(), this.lanes.full());
		long since = Leases.now();
		List<Claim> claims = this.units.expandAndClaim(request);
		if (claims.isEmpty()) {
			Duration due = this.units.untilDue(request, this.properties.pollInterval());
			this.wakeup.await(due.isZero() ? Duration.ofMillis(10) : due);
			return;
		}
		this.leases.hold(claims, since);
		this.meters.claimed(claims);
		Map<Batch, List<Claim>> batches = new HashMap<>();
		claims.forEach((claim) -> batches
			.computeIfAbsent(new Batch(claim.unit().cluster(), claim.urgent()), (batch) -> new ArrayList<>())
			.add(claim));
		batches.forEach((batch, members) -> {
			Runnable work;
			if (batch.cluster.isEmpty()) {
				work = () -> attempt("their placement", members, this::place);
			}
			else {
				ClusterLane lane = this.lanes.to(batch.cluster);
				lane.units(batch.urgent).addAndGet(members.size());
				work = () -> push(batch, members, lane);
			}
			this.threads.submit(() -> BulkWork.run(!batch.urgent, work));
		});
	}

	/** What is worked on together. What is urgent does not wait for what is not. */
	private record Batch(String cluster, boolean urgent) {
	}

	private void place(List<Claim> claims) {
		this.placements.work(claims);
		this.leases.end(claims);
		this.meters.ended(claims, "done");
	}

	private void push(Batch batch, List<Claim> claims, ClusterLane lane) {
		try {
			attempt("cluster " + batch.cluster, claims, (some) -> this.clusters.work(batch.cluster, some, lane));
		}
		finally {
			lane.units(batch.urgent).addAndGet(-claims.size());
			this.wakeup.wake();
		}
	}

	private void attempt(String what, List<Claim> claims, Isolation.Work work) {
		try {
			this.isolation.run(claims, work);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException | Error ex) {
			logger.warn(
					"The store failed during the work on {} units ({}); it is done again when their leases are over",
					claims.size(), what, ex);
			this.leases.end(claims);
			this.meters.ended(claims, "brokenOff");
		}
		this.wakeup.wake();
	}

}
