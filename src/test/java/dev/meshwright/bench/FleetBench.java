package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

/**
 * What becomes of the figures as the fleet grows: {@code -Dbench.sizes=100,1000,10000}
 * says to how many services. One change, in turns with a second Meshwright that has one
 * service; a resync that finds nothing to do; memory; pages of the list. At the largest
 * size then a burst, one change during a push of many, drift, a rollback, changes at
 * fixed rates, one default that changes all services of a namespace, a removal of many,
 * and a restart.
 */
class FleetBench {

	private static final Path OUT = Path.of("target/bench/fleet").toAbsolutePath();

	private static final List<Integer> SIZES = Arrays.stream(System.getProperty("bench.sizes", "100,1000").split(","))
		.map(Integer::valueOf)
		.toList();

	/** Changes a second, each rate for so many seconds. */
	private static final List<Integer> RATES = Arrays.stream(System.getProperty("bench.rates", "10,20,40").split(","))
		.map(Integer::valueOf)
		.toList();

	private static final int SECONDS = Integer.getInteger("bench.seconds", 30);

	private static final int CHANGES = Integer.getInteger("bench.changes", 100);

	private static final int WARM_UP = Integer.getInteger("bench.warmup", 100);

	private static final int BULK = Integer.getInteger("bench.bulk", 200);

	/** Of the bulk, so many are changed or deleted by somebody else one by one. */
	private static final int HEALED = Integer.getInteger("bench.healed", 100);

	private final Report report = new Report("FleetBench");

	private double firstMedian;

	private double firstHeap;

	private int firstObjects;

	@Test
	void measure() throws IOException, SQLException {
		Rig.clear(OUT);
		try (Rig rig = new Rig()) {
			Rig.requireDurableEtcd();
			try (Product single = Product.start(rig, OUT.resolve("single"));
					Product fleet = Product.start(rig, OUT.resolve("fleet"))) {
				this.report.circumstances(rig, fleet, OUT);
				single.declareCluster(Product.NO_SETTLE);
				fleet.declareCluster(Product.NO_SETTLE);
				Latency.Probe.declare(single, "single");
				Latency.Probe.declare(fleet, "fleet");
				for (int size : SIZES) {
					fleet.grow(size);
					change(rig, single, fleet, size);
					resync(rig, fleet, size);
					memory(fleet, size);
					new Pages(fleet, this.report, OUT).list(size);
				}
				new Pages(fleet, this.report, OUT).revisions();
				Bulk bulk = new Bulk(rig, fleet, this.report, OUT);
				bulk.burst();
				bulk.fairness(BULK);
				Repair repair = new Repair(rig, fleet, this.report, OUT);
				repair.one(HEALED);
				repair.many(BULK);
				repair.rollback(BULK);
				new SteadyLoad(rig, fleet, this.report, OUT).measure(RATES, SECONDS);
				new Fanout(rig, fleet, this.report, OUT).measure();
				bulk.removal(BULK);
			}
			restart(rig);
		}
		finally {
			this.report.write();
		}
	}

	private void change(Rig rig, Product single, Product fleet, int size) throws IOException, SQLException {
		Latency latency = new Latency(rig, OUT, CHANGES, size + " stored");
		Latency.Probe one = latency.probe(single, "single", ", beside 1 service");
		Latency.Probe many = latency.probe(fleet, "fleet", "");
		latency.measure(WARM_UP, List.of(one, many));
		double median = many.accepted().median();
		this.firstMedian = (this.firstMedian > 0) ? this.firstMedian : median;
		double target = latency.apply.median() + latency.commit.median() + 30;
		this.report.row(
				"raw apply -> visible; raw commit, in turns with " + size + " services stored, ms (p50, p99 each)",
				latency.apply.quantiles() + "; " + latency.commit.quantiles(), "", true);
		this.report.row("PUT accepted -> visible, " + size + " services stored, ms (p50, p99)",
				many.accepted().quantiles(), "p50 at most " + Report.number(target), median <= target);
		this.report.row("the same over that of 1 service stored, in turns (p50)",
				Report.ratio(median / one.accepted().median()), "at most 1.25",
				median <= 1.25 * one.accepted().median());
		this.report.row("the same over that of " + SIZES.getFirst() + " services stored (p50)",
				Report.ratio(median / this.firstMedian), "at most 1.25", median <= 1.25 * this.firstMedian);
		this.report.row("PUT sent -> visible, " + size + " services stored, ms (p50, p99)", many.sent().quantiles(), "",
				true);
	}

	private void resync(Rig rig, Product fleet, int size) throws SQLException {
		ServerMetrics before = ServerMetrics.read(rig.looker());
		CpuTime cpu = CpuTime.now(fleet);
		long start = System.nanoTime();
		int units = fleet.database().resync();
		fleet.awaitSettled();
		double seconds = (System.nanoTime() - start) / 1e9;
		CpuTime used = CpuTime.now(fleet).since(cpu);
		ServerMetrics calls = ServerMetrics.read(rig.looker()).since(before);
		this.report.row("no-op resync of " + size + " services (" + units + " units), mutating calls (reads)",
				calls.mutating() + " (" + calls.reads() + ")", "0 (0)", calls.mutating() + calls.reads() == 0);
		this.report.row("the same, s (CPU s: product, Postgres, kube-apiserver + etcd)",
				Report.number(seconds) + " (" + Report.number(used.product() / 1000) + ", "
						+ Report.number(used.postgres() / 1000) + ", " + Report.number(used.cluster() / 1000) + ")",
				"", true);
	}

	private void memory(Product fleet, int size) throws IOException, SQLException {
		Memory memory = Memory.of(fleet.process().pid());
		int objects = Integer.parseInt(fleet.database().text("select count(*) from inventory"));
		this.report.row("live heap + metaspace with " + size + " services (" + objects + " objects), MiB",
				Report.number(memory.heap()) + " + " + Report.number(memory.metaspace()), "", true);
		if (this.firstObjects == 0) {
			this.firstObjects = objects;
			this.firstHeap = memory.heap();
		}
		else {
			double each = (memory.heap() - this.firstHeap) * 1024 / (objects - this.firstObjects);
			this.report.row("heap an object more than with " + SIZES.getFirst() + " services, KiB", Report.ratio(each),
					"at most 12", each <= 12);
		}
	}

	/** Stopped and started again on a cluster that holds everything already. */
	private void restart(Rig rig) throws IOException, SQLException {
		ServerMetrics before = ServerMetrics.read(rig.looker());
		try (Product again = Product.start(rig, OUT.resolve("fleet"))) {
			long ready = System.nanoTime();
			again.awaitSettled();
			double seconds = (System.nanoTime() - ready) / 1e9;
			ServerMetrics calls = ServerMetrics.read(rig.looker()).since(before);
			this.report.row("restart with " + SIZES.getLast() + " services: JVM start until it serves, s (CPU)",
					again.startSeconds(), "at most 30", again.startMillis() <= 30_000);
			this.report.row(
					"the same: then until everything is compared, s (mutating calls to what we push, reads of it)",
					Report.number(seconds) + " (" + calls.mutating() + ", " + calls.reads() + ")", "0 mutating",
					calls.mutating() == 0);
		}
	}

}
