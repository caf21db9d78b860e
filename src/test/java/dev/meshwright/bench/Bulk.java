package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/** Many changes at once, and one change beside them. */
final class Bulk {

	private static final int BURST = 100;

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private final Rig rig;

	private final Product product;

	private final Report report;

	private final Path out;

	Bulk(Rig rig, Product product, Report report, Path out) {
		this.rig = rig;
		this.product = product;
		this.report = report;
		this.out = out;
	}

	/** So many changes of one route, one after the other without waiting. */
	void burst() throws IOException, SQLException {
		ServerMetrics before = ServerMetrics.read(this.rig.looker());
		CompletableFuture<Long> last = this.rig.observer()
			.expect(new ObjectRef(ObjectKind.VIRTUAL_SERVICE, "fleet", Latency.SERVICE), Latency.firstWeight(99));
		long start = System.nanoTime();
		for (int i = 1; i <= BURST; i++) {
			this.product.send("PUT", Latency.path("fleet"),
					"{\"spec\": " + Fleet.route(Latency.SERVICE, (i < BURST) ? 1 + i % 90 : 99) + "}");
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		Observer.await(last, PATIENCE);
		this.product.awaitSettled();
		long applied = ServerMetrics.read(this.rig.looker()).since(before).mutating();
		this.report.row(
				BURST + " PUTs to one service within " + Report.number(seconds) + " s: applied, the last one" + " last",
				String.valueOf(applied), "at most " + Math.max(10, Math.round(10 * seconds)),
				applied <= Math.max(10, Math.round(10 * seconds)));
	}

	/** Changes of the probe while many services are pushed for the first time. */
	void fairness(int services) throws IOException, SQLException {
		Latency latency = new Latency(this.rig, this.out, 0, "during a push of " + services);
		Latency.Probe idle = latency.probe(this.product, "fleet", ", idle before");
		Latency.Probe busy = latency.probe(this.product, "fleet", "");
		for (int i = 0; i < 30; i++) {
			latency.change(idle);
			this.product.awaitSettled();
		}
		this.product.put(new Fleet().namespace("bulk", "bench"));
		this.product.awaitSettled();
		Fleet fleet = new Fleet();
		for (int i = 0; i < services; i++) {
			fleet.managed("bulk", "service-%04d".formatted(i));
		}
		this.product.put(fleet);
		do {
			latency.change(busy);
		}
		while (!this.product.isSettled());
		idle.accepted().write(this.out);
		busy.accepted().write(this.out);
		double ratio = busy.accepted().quantile(0.99) / idle.accepted().quantile(0.99);
		this.report.row(
				"PUT accepted -> visible, idle; during a first push of " + services + " services, ms (p50, p99"
						+ " each; " + busy.accepted().count() + " changes)",
				idle.accepted().quantiles() + "; " + busy.accepted().quantiles(), "", true);
		this.report.row("the latter over the former (p99)", Report.ratio(ratio), "at most 5", ratio <= 5);
	}

	/** Removes those services; a raw client removes as many objects in the same way. */
	void removal(int services) throws IOException, SQLException {
		List<RawClient.Call> peers = this.product.database()
			.pushed("bulk", "bulk-raw")
			.stream()
			.map(RawClient.Call::of)
			.toList();
		this.rig.createNamespace("bulk-raw");
		this.rig.raw().applyAll(peers, 16);
		long raw = System.nanoTime();
		this.rig.raw().deleteAll(peers, 16);
		double rawRate = peers.size() / ((System.nanoTime() - raw) / 1e9);
		Fleet fleet = new Fleet();
		for (int i = 0; i < services; i++) {
			fleet.delete("RoutingPolicy", "bulk", "service-%04d".formatted(i));
			fleet.delete("Service", "bulk", "service-%04d".formatted(i));
		}
		ServerMetrics before = ServerMetrics.read(this.rig.looker());
		this.product.put(fleet);
		long accepted = System.nanoTime();
		this.product.awaitSettled();
		double rate = peers.size() / ((System.nanoTime() - accepted) / 1e9);
		long calls = ServerMetrics.read(this.rig.looker()).since(before).mutating();
		this.report.row("removal of " + services + " services, accepted -> all gone, objects/s (raw, 16 in flight)",
				Report.number(rate) + " (" + Report.number(rawRate) + ")", "at least 0.8 of raw",
				rate >= 0.8 * rawRate);
		this.report.row("the same: mutating calls, of " + peers.size() + " objects", String.valueOf(calls),
				String.valueOf(peers.size()), calls == peers.size());
	}

}
