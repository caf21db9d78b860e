package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** How many requests a second, in turns with pgbench and the same statements. */
final class RequestRates {

	/** How many clients are measured at a time. */
	static final List<Integer> CLIENTS = Arrays.stream(System.getProperty("bench.clients", "1,16,64").split(","))
		.map(Integer::valueOf)
		.toList();

	private static final int SECONDS = Integer.getInteger("bench.seconds", 10);

	private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);

	private static final int WARMUP = Integer.getInteger("bench.warmup", 3000);

	private static final int MANY = 16;

	private final Product product;

	private final Report report;

	private final Path out;

	RequestRates(Product product, Report report, Path out) {
		this.product = product;
		this.report = report;
		this.out = out;
	}

	/** Sends the request of a client that has sent so many before. */
	@FunctionalInterface
	interface Request {

		void send(int client, int turn) throws IOException;

	}

	/** The most clients at a time. */
	static int most() {
		return CLIENTS.stream().mapToInt(Integer::intValue).max().orElseThrow();
	}

	/**
	 * Sends so many requests that the JVM has compiled what they need.
	 */
	static void warmUp(Request request) throws InterruptedException {
		int clients = Math.min(MANY, most());
		all(clients, (client) -> {
			for (int turn = 0; turn < WARMUP / clients; turn++) {
				request.send(client, turn);
			}
			return WARMUP / clients;
		});
	}

	/**
	 * Measures; the round before the first does not count.
	 * @param what the requests are called
	 * @param clients how many send at a time, each when its last one is answered
	 * @param request what each sends
	 * @param script of pgbench
	 * @param parameters the options of pgbench for a client
	 * @param target what the ratio is to be at least
	 */
	void compare(String what, int clients, Request request, Path script, IntFunction<List<String>> parameters,
			double target) throws IOException, InterruptedException {
		Samples ours = new Samples(what + " a second, clients " + clients);
		Samples peers = new Samples(what + ", pgbench transactions a second, clients " + clients);
		Samples ratios = new Samples(what + " over pgbench, clients " + clients);
		Samples product = new Samples(what + ", CPU ms each of the product, clients " + clients);
		Samples postgres = new Samples(what + ", CPU ms each of Postgres, clients " + clients);
		Samples asking = new Samples(what + ", CPU ms each of the clients, clients " + clients);
		Samples bare = new Samples(what + ", CPU ms each of Postgres under pgbench, clients " + clients);
		for (int round = 0; round <= ROUNDS; round++) {
			CpuTime before = CpuTime.now(this.product);
			double our = rate(clients, request);
			CpuTime between = CpuTime.now(this.product);
			double peer = Pgbench.run(this.product.database(), script, SECONDS,
					IntStream.range(0, clients).mapToObj(parameters).toList());
			CpuTime used = between.since(before);
			if (round > 0) {
				ours.add(our);
				peers.add(peer);
				ratios.add(our / peer);
				product.add(used.product() / (our * SECONDS));
				postgres.add(used.postgres() / (our * SECONDS));
				asking.add(used.driver() / (our * SECONDS));
				bare.add(CpuTime.now(this.product).since(between).postgres() / (peer * SECONDS));
			}
		}
		for (Samples samples : List.of(ours, peers, ratios, product, postgres, asking, bare)) {
			samples.write(this.out);
		}
		this.report.row(clients + " clients: " + what + " a second; pgbench with the same SQL",
				ours.medianAndRange() + "; " + peers.medianAndRange(), "", true);
		this.report.row("the same: ratio", ratios.medianAndRange(2), "at least " + Report.ratio(target),
				ratios.median() >= target);
		this.report.row("the same: CPU ms each: product, Postgres, clients; Postgres under pgbench",
				String.join(", ", product.medianAndRange(), postgres.medianAndRange(), asking.medianAndRange()) + "; "
						+ bare.medianAndRange(),
				"", true);
	}

	private static double rate(int clients, Request request) throws InterruptedException {
		long start = System.nanoTime();
		long end = start + SECONDS * 1_000_000_000L;
		long done = all(clients, (client) -> {
			int turns = 0;
			while (System.nanoTime() < end) {
				request.send(client, turns++);
			}
			return turns;
		});
		return done / ((System.nanoTime() - start) / 1e9);
	}

	/** What one client does; answers how many requests it has sent. */
	@FunctionalInterface
	private interface Client {

		int run(int client) throws IOException;

	}

	private static long all(int clients, Client work) throws InterruptedException {
		long done = 0;
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Integer>> all = new ArrayList<>();
			for (int client = 0; client < clients; client++) {
				int number = client;
				all.add(threads.submit(() -> work.run(number)));
			}
			for (Future<Integer> one : all) {
				done += one.get();
			}
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("a request failed", ex);
		}
		return done;
	}

}
