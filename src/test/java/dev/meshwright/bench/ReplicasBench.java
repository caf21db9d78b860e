package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

/**
 * The same first push by one replica and by several: what they do together that one would
 * not. Then the one that reconciles is killed while changes come in, and another takes
 * over. One process more serves the API and holds the database, and reconciles nothing.
 */
class ReplicasBench {

	private static final Path OUT = Path.of("target/bench/replicas").toAbsolutePath();

	private static final List<Integer> REPLICAS = Arrays
		.stream(System.getProperty("bench.replicas", "1,2,3").split(","))
		.map(Integer::valueOf)
		.toList();

	private static final int SERVICES = Integer.getInteger("bench.pushed", 300);

	private static final int OBJECTS = 6;

	private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);

	/**
	 * The default of {@code meshwright.reconcile.lease}, within which nobody else takes
	 * over.
	 */
	private static final Duration LEASE = Duration.ofSeconds(10);

	private static final int RATE = 10;

	private static final String NO_RECONCILE = "--meshwright.reconcile.enabled=false";

	private static final String ONE_INSTALLATION = "--meshwright.system-namespace=meshwright-replicas";

	private final Report report = new Report("ReplicasBench");

	private final List<Product> replicas = new ArrayList<>();

	private int directories;

	private double firstCalls;

	@Test
	void measure() throws IOException, SQLException {
		Rig.clear(OUT);
		try (Rig rig = new Rig();
				Product api = Product.start(rig, OUT.resolve("api"), NO_RECONCILE, ONE_INSTALLATION)) {
			Rig.requireDurableEtcd();
			this.report.circumstances(rig, api, OUT);
			try {
				for (int count : REPLICAS) {
					while (this.replicas.size() < count) {
						add(rig, api);
					}
					if (count == REPLICAS.getFirst()) {
						api.declareCluster(Product.NO_SETTLE);
					}
					push(rig, api, count);
				}
				failover(rig, api);
			}
			finally {
				for (Product replica : this.replicas) {
					replica.close();
				}
			}
		}
		finally {
			this.report.write();
		}
	}

	private void add(Rig rig, Product api) throws IOException, SQLException {
		this.replicas.add(api.replica(rig, OUT.resolve("replica-" + this.directories++), ONE_INSTALLATION));
	}

	private void push(Rig rig, Product api, int count) throws IOException, SQLException {
		Samples rates = new Samples("objects a second, replicas " + count);
		Samples cpu = new Samples("CPU ms an object, all replicas, " + count);
		Samples postgres = new Samples("CPU ms an object, Postgres, replicas " + count);
		Samples mutating = new Samples("mutating calls, replicas " + count);
		Samples reads = new Samples("reads, replicas " + count);
		for (int round = 0; round <= ROUNDS; round++) {
			String namespace = "replicas-%d-%d".formatted(count, round);
			api.put(new Fleet().namespace(namespace, "bench"));
			api.awaitSettled();
			ServerMetrics calls = ServerMetrics.read(rig.looker());
			double before = cpuMillis();
			double beforePostgres = CpuTime.now(api).postgres();
			api.put(services(namespace));
			long accepted = System.nanoTime();
			long last = rig.observer().awaitObjects(namespace, SERVICES * OBJECTS, Duration.ofMinutes(10));
			api.awaitSettled();
			ServerMetrics made = ServerMetrics.read(rig.looker()).since(calls);
			if (round > 0) {
				rates.add(SERVICES * OBJECTS / ((last - accepted) / 1e9));
				cpu.add((cpuMillis() - before) / (SERVICES * OBJECTS));
				postgres.add((CpuTime.now(api).postgres() - beforePostgres) / (SERVICES * OBJECTS));
				mutating.add(made.mutating());
				reads.add(made.reads());
			}
		}
		for (Samples samples : List.of(rates, cpu, postgres, mutating, reads)) {
			samples.write(OUT);
		}
		this.firstCalls = (this.firstCalls > 0) ? this.firstCalls : mutating.median();
		this.report.row(
				"first push of " + SERVICES * OBJECTS + " objects by " + count
						+ " replicas: objects/s; CPU ms an object: all replicas, Postgres",
				rates.medianAndRange() + "; " + cpu.medianAndRange() + ", " + postgres.medianAndRange(), "", true);
		this.report.row("the same: mutating calls (reads)",
				mutating.medianAndRange(0) + " (" + reads.medianAndRange(0) + ")",
				"at most 1.02 times those of " + REPLICAS.getFirst(), mutating.median() <= 1.02 * this.firstCalls);
	}

	private static Fleet services(String namespace) {
		Fleet fleet = new Fleet();
		names().forEach((name) -> fleet.managed(namespace, name));
		return fleet;
	}

	private static List<String> names() {
		return IntStream.range(0, SERVICES).mapToObj("service-%03d"::formatted).toList();
	}

	private double cpuMillis() {
		return this.replicas.stream().mapToDouble((replica) -> CpuTime.millis(replica.process())).sum();
	}

	/**
	 * The oldest replica follows the watches and is killed; so every round has a new one.
	 */
	private void failover(Rig rig, Product api) throws IOException, SQLException {
		while (this.replicas.size() < 2) {
			add(rig, api);
		}
		while (this.replicas.size() > 2) {
			this.replicas.removeLast().close();
		}
		String namespace = "replicas-%d-1".formatted(REPLICAS.getFirst());
		OpenLoop changes = new OpenLoop(rig, namespace, names());
		Samples gaps = new Samples("kill to first later change visible ms");
		Samples longest = new Samples("longest accepted to visible ms");
		for (int round = 0; round < ROUNDS; round++) {
			Product killed = this.replicas.removeFirst();
			CompletableFuture<Long> kill = CompletableFuture.supplyAsync(() -> {
				Product.sleep(5000);
				long now = System.nanoTime();
				killed.kill();
				return now;
			});
			OpenLoop.Result result = changes.run(RATE, 20,
					(service, weight) -> api.send("PUT",
							"/api/v1/namespaces/" + namespace + "/routing-policies/" + service,
							"{\"spec\": " + Fleet.route(service, weight) + "}"));
			gaps.add(result.firstAfter(killedAt(kill)));
			longest.add(result.samples("lag", OpenLoop.Change::lagMillis).max());
			killed.close();
			add(rig, api);
			api.awaitSettled();
		}
		gaps.write(OUT);
		longest.write(OUT);
		double target = LEASE.plusSeconds(2).toMillis();
		this.report.row(
				"kill -9 of the replica that follows the watches, " + RATE
						+ " changes a second: until the first later change is visible, ms",
				gaps.medianAndRange(), "at most the lease + 2 s", gaps.max() <= target);
		this.report.row("the same: the longest that any change took, accepted -> visible, ms", longest.medianAndRange(),
				"at most the lease + 2 s", longest.max() <= target);
	}

	private static long killedAt(CompletableFuture<Long> kill) {
		try {
			return kill.join();
		}
		catch (CompletionException ex) {
			throw new IllegalStateException("nobody was killed", ex);
		}
	}

}
