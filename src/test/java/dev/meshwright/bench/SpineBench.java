package dev.meshwright.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The figures of the spine: memory after start, latency of one change, rate of a first
 * push, calls of a resync that finds nothing to do, and latency again with a fleet
 * stored. {@code -Dbench.rounds} says how many rounds of first pushes count.
 */
class SpineBench {

	private static final Path OUT = Path.of("target/bench").toAbsolutePath();

	private static final String NO_SETTLE = ", \"settle\": {\"beforeSwitch\": \"0s\", \"beforeBreak\": \"0s\"}";

	private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);

	private static final int CHANGES = Integer.getInteger("bench.changes", 100);

	private static final int WARM_UP = Integer.getInteger("bench.warmup", 100);

	private static final int STORED = Integer.getInteger("bench.stored", 2000);

	private static final int PUSHED = Integer.getInteger("bench.pushed", 300);

	private final Report report = new Report();

	@Test
	void measure() throws IOException, SQLException, InterruptedException {
		Rig.clear(OUT);
		try (Rig rig = new Rig()) {
			Rig.requireDurableEtcd();
			starts(rig);
			try (Product small = Product.start(rig, OUT.resolve("small"));
					Product large = Product.start(rig, OUT.resolve("large"))) {
				circumstances(rig, small);
				small.declareCluster(NO_SETTLE);
				large.declareCluster(NO_SETTLE);
				Latency.Probe.declare(small, "small");
				Latency.Probe.declare(large, "large");
				idle(rig, small);
				firstPush(rig, large);
				resync(rig, large);
				store(large);
				crowded(rig, small, large);
				settling(rig, large);
			}
		}
		finally {
			this.report.fact("load average at the end: " + load());
			this.report.write(Path.of("docs/benchmarks.md"));
		}
	}

	private void starts(Rig rig) throws IOException, SQLException {
		Path home = OUT.resolve("start");
		try (Product first = Product.start(rig, home)) {
			this.report.row("start of the JVM until it serves, new directory (initdb), s (CPU of the JVM)",
					seconds(first), "", true);
		}
		try (Product again = Product.start(rig, home)) {
			this.report.row("the same, on the data of the last run, s", seconds(again), "", true);
			Memory memory = Memory.of(again.process().pid());
			this.report.row("live heap + metaspace after start, MiB",
					Report.number(memory.heap()) + " + " + Report.number(memory.metaspace()), "at most 300",
					memory.total() <= 300);
		}
	}

	private static String seconds(Product product) {
		return Report.number(product.startMillis() / 1000) + " (" + Report.number(product.startCpuMillis() / 1000)
				+ ")";
	}

	private void circumstances(Rig rig, Product product) throws IOException, SQLException {
		Samples disk = Report.disk(OUT);
		disk.write(OUT);
		this.report.fact(Runtime.getRuntime().availableProcessors() + " cores, JDK " + Runtime.version() + ", "
				+ product.database().text("select split_part(version(), ' on ', 1)") + ", kube-apiserver "
				+ rig.looker().getKubernetesVersion().getGitVersion() + " without controllers and webhooks, everything"
				+ " on one machine, which others used, too: load average at the beginning " + load());
		this.report.fact("fsync on in Postgres and etcd; fdatasync of 4 KiB here: p50 " + Report.number(disk.median())
				+ " ms, p99 " + Report.number(disk.quantile(0.99)) + " ms");
		this.report.fact("settle times set to zero except where they are named");
	}

	private static String load() {
		return Report.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
	}

	private void idle(Rig rig, Product product) throws IOException, SQLException {
		Latency latency = new Latency(rig, OUT, CHANGES, "idle");
		Latency.Probe probe = latency.probe(product, "small", "");
		latency.measure(WARM_UP, List.of(probe));
		peers(latency, "idle");
		double target = latency.apply.median() + latency.commit.median() + 30;
		this.report.row("PUT accepted -> VirtualService visible, idle, ms (p50, p99)", quantiles(probe.accepted()),
				"p50 at most " + Report.number(target), probe.accepted().median() <= target);
		this.report.row("PUT sent -> VirtualService visible, idle, ms (p50, p99)", quantiles(probe.sent()), "", true);
	}

	private void crowded(Rig rig, Product small, Product large) throws IOException, SQLException {
		String stored = large.database().text("select count(*) from resource where kind = 'Service'");
		assertThat(Integer.parseInt(stored)).isGreaterThanOrEqualTo(STORED);
		Latency latency = new Latency(rig, OUT, CHANGES, "crowded");
		Latency.Probe one = latency.probe(small, "small", ", 1 service stored");
		Latency.Probe many = latency.probe(large, "large", ", " + stored + " services stored");
		latency.measure(WARM_UP / 2, List.of(one, many));
		peers(latency, "in turns with both below");
		this.report.row("PUT accepted -> VirtualService visible, 1 service stored, ms (p50, p99)",
				quantiles(one.accepted()), "", true);
		double target = 1.25 * one.accepted().median();
		this.report.row("PUT accepted -> VirtualService visible, " + stored + " services stored, ms (p50, p99)",
				quantiles(many.accepted()), "p50 at most " + Report.number(target) + " (1.25 x)",
				many.accepted().median() <= target);
		this.report.row("PUT sent -> visible, 1 and " + stored + " services stored, ms (p50, p99)",
				quantiles(one.sent()) + " and " + quantiles(many.sent()), "", true);
		Memory memory = Memory.of(large.process().pid());
		this.report.row("live heap + metaspace with " + stored + " services, MiB",
				Report.number(memory.heap()) + " + " + Report.number(memory.metaspace()), "", true);
	}

	private void peers(Latency latency, String when) {
		this.report.row("raw apply -> visible, " + when + ", ms (p50, p99)", quantiles(latency.apply), "", true);
		this.report.row("raw commit, " + when + ", ms (p50, p99)", quantiles(latency.commit), "", true);
	}

	private static String quantiles(Samples samples) {
		return Report.number(samples.median()) + ", " + Report.number(samples.quantile(0.99));
	}

	private void firstPush(Rig rig, Product product) throws IOException, SQLException, InterruptedException {
		int objects = product.database().pushed("large", "large").size();
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
			this.report.row(
					"no-op resync of " + PUSHED + " services, mutating calls (all calls; CPU ms of the product)",
					calls.mutating() + " (" + calls.all() + "; "
							+ Report.number(CpuTime.now(product).since(cpu).product()) + ")",
					"0", calls.mutating() == 0);
		}
	}

	private void store(Product product) throws IOException, SQLException {
		int missing = STORED - Integer
			.parseInt(product.database().text("select count(*) from resource" + " where kind = 'Service'"));
		for (int first = 0; first < missing; first += 100) {
			String namespace = "stored%02d".formatted(first / 100);
			product.put(new Fleet().namespace(namespace, "bench"));
			Fleet fleet = new Fleet();
			for (int i = first; i < Math.min(missing, first + 100); i++) {
				fleet.selected(namespace, "service-%04d".formatted(i));
			}
			product.put(fleet);
		}
		product.awaitSettled();
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
