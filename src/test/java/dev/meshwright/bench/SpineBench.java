package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The figures of the spine: memory after start, latency of one change, rate of a first
 * push, and calls of a resync that finds nothing to do. {@code -Dbench.rounds} says how
 * many rounds of first pushes count.
 */
class SpineBench {

	private static final Path OUT = Path.of("target/bench/spine").toAbsolutePath();

	private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);

	private static final int CHANGES = Integer.getInteger("bench.changes", 100);

	private static final int WARM_UP = Integer.getInteger("bench.warmup", 100);

	private static final int PUSHED = Integer.getInteger("bench.pushed", 300);

	private final Report report = new Report("SpineBench");

	@Test
	void measure() throws IOException, SQLException, InterruptedException {
		Rig.clear(OUT);
		try (Rig rig = new Rig()) {
			Rig.requireDurableEtcd();
			starts(rig);
			try (Product product = Product.start(rig, OUT.resolve("product"))) {
				this.report.circumstances(rig, product, OUT);
				product.declareCluster(Product.NO_SETTLE);
				Latency.Probe.declare(product, "spine");
				idle(rig, product);
				firstPush(rig, product);
				resync(rig, product);
				settling(rig, product);
			}
		}
		finally {
			this.report.write();
		}
	}

	private void starts(Rig rig) throws IOException, SQLException {
		Path home = OUT.resolve("start");
		try (Product first = Product.start(rig, home)) {
			this.report.row("start of the JVM until it serves, new directory (initdb), s (CPU of the JVM)",
					first.startSeconds(), "", true);
		}
		try (Product again = Product.start(rig, home)) {
			this.report.row("the same, on the data of the last run, s", again.startSeconds(), "", true);
			Memory memory = Memory.of(again.process().pid());
			this.report.row("live heap + metaspace after start, MiB",
					Report.number(memory.heap()) + " + " + Report.number(memory.metaspace()), "at most 300",
					memory.total() <= 300);
		}
	}

	private void idle(Rig rig, Product product) throws IOException, SQLException {
		Latency latency = new Latency(rig, OUT, CHANGES, "idle");
		Latency.Probe probe = latency.probe(product, "spine", "");
		latency.measure(WARM_UP, List.of(probe));
		peers(latency, "idle");
		double target = latency.apply.median() + latency.commit.median() + 30;
		this.report.row("PUT accepted -> VirtualService visible, idle, ms (p50, p99)", probe.accepted().quantiles(),
				"p50 at most " + Report.number(target), probe.accepted().median() <= target);
		this.report.row("PUT sent -> VirtualService visible, idle, ms (p50, p99)", probe.sent().quantiles(), "", true);
	}

	private void peers(Latency latency, String when) {
		this.report.row("raw apply -> visible, " + when + ", ms (p50, p99)", latency.apply.quantiles(), "", true);
		this.report.row("raw commit, " + when + ", ms (p50, p99)", latency.commit.quantiles(), "", true);
	}

	private void firstPush(Rig rig, Product product) throws IOException, SQLException, InterruptedException {
		int objects = product.database().pushed("spine", "spine").size();
		FirstPush push = new FirstPush(rig, product, OUT, PUSHED, objects);
		push.measure("first", ROUNDS);
		push.raws.forEach((calls, samples) -> this.report.row("raw fabric8 client, " + calls + " in flight, objects/s",
				samples.medianAndRange(), "", true));
		this.report.row("kubectl apply --server-side, objects/s", push.kubectl.medianAndRange(), "", true);
		this.report.row("first push of " + PUSHED + " services (" + push.count() + " objects), accepted -> last"
				+ " visible, objects/s", push.pushes.medianAndRange(), "", true);
		this.report.row("the same over the best raw client of the round", push.toRaw.medianAndRange(2), "at least 0.60",
				push.toRaw.median() >= 0.6);
		this.report.row("the same over kubectl of the round", push.toKubectl.medianAndRange(2), "at least 2.00",
				push.toKubectl.median() >= 2);
		this.report.row("the same from sending the change set, objects/s (the write alone, ms)",
				push.whole.medianAndRange() + ", (" + push.writes.medianAndRange() + ")", "", true);
		this.report.row(
				"CPU ms an object: product, Postgres, kube-apiserver + etcd, observer (kube-apiserver + etcd"
						+ " under raw, 16 in flight)",
				Report.number(push.cpu.median()) + ", " + Report.number(push.cpuPostgres.median()) + ", "
						+ Report.number(push.cpuCluster.median()) + ", " + Report.number(push.cpuDriver.median()) + " ("
						+ Report.number(push.cpuRawCluster.median()) + ")",
				"", true);
	}

	private void resync(Rig rig, Product product) throws SQLException {
		for (int round = 0; round < 3; round++) {
			ServerMetrics before = ServerMetrics.read(rig.looker());
			CpuTime cpu = CpuTime.now(product);
			int units = product.database().resync("first" + round);
			assertThat(units).as("units to resync").isGreaterThanOrEqualTo(PUSHED);
			product.awaitSettled();
			ServerMetrics calls = ServerMetrics.read(rig.looker()).since(before);
			this.report.row("no-op resync of " + PUSHED + " services, mutating calls (reads; CPU ms of the product)",
					calls.mutating() + " (" + calls.reads() + "; "
							+ Report.number(CpuTime.now(product).since(cpu).product()) + ")",
					"0 (0)", calls.mutating() + calls.reads() == 0);
		}
	}

	private void settling(Rig rig, Product product) throws IOException, SQLException {
		Samples without = new Settling(rig, product, "settle-none").measure("new version, no settle ms", 10);
		product.declareCluster("");
		Samples with = new Settling(rig, product, "settle-default").measure("new version, default settle ms", 10);
		without.write(OUT);
		with.write(OUT);
		this.report.row("new version accepted -> route moved to it, settle 0, ms", without.medianAndRange(), "", true);
		this.report.row("the same, default settle (1 s before the switch), ms", with.medianAndRange(), "", true);
	}

}
