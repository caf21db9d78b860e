package dev.meshwright.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/**
 * How many writes a second: PUTs over HTTP, each of a policy of its client's own, against
 * pgbench with the same statements. Nothing is reconciled meanwhile.
 */
class WriteBench {

	private static final Path OUT = Path.of("target/bench/writes").toAbsolutePath();

	private static final List<Integer> CLIENTS = Arrays
		.stream(System.getProperty("bench.clients", "1,16,64").split(","))
		.map(Integer::valueOf)
		.toList();

	private static final int SECONDS = Integer.getInteger("bench.seconds", 10);

	private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);

	/** No other word in any parameter contains it. */
	private static final String MARKER = "zzprobe00";

	private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

	private final Report report = new Report("WriteBench");

	@Test
	void measure() throws IOException, SQLException, InterruptedException {
		requirePgbench();
		Rig.clear(OUT);
		try (Rig rig = new Rig();
				Product product = Product.start(rig, OUT.resolve("product"), "--meshwright.reconcile.enabled=false")) {
			this.report.circumstances(rig, product, OUT);
			declare(product);
			SameSql sql = capture(product);
			Path script = sql.write(OUT);
			this.report.fact("one PUT is " + sql.statements() + " statements, BEGIN and COMMIT included");
			for (int clients : CLIENTS) {
				compare(product, sql, script, clients);
			}
		}
		finally {
			this.report.write();
		}
	}

	private static void requirePgbench() throws InterruptedException {
		try {
			if (new ProcessBuilder("pgbench", "--version").start().waitFor() != 0) {
				throw new IllegalStateException("pgbench does not run");
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(
					"There is no pgbench on the PATH; Debian has it in the package postgresql-contrib", ex);
		}
	}

	private static String name(int client) {
		return "zzprobe%02d".formatted(client);
	}

	private void declare(Product product) throws IOException {
		product.send("PUT", "/api/v1/namespaces/writes",
				"{\"spec\": {\"owner\": \"bench\", \"placement\": {\"clusters\": []}}}");
		Fleet fleet = new Fleet();
		int most = CLIENTS.stream().mapToInt(Integer::intValue).max().orElseThrow();
		for (int client = 0; client < most; client++) {
			fleet.managed("writes", name(client));
		}
		product.put(fleet);
	}

	private static void put(Product product, int client, int turn) throws IOException {
		product.send("PUT", "/api/v1/namespaces/writes/routing-policies/" + name(client),
				"{\"spec\": " + Fleet.route(name(client), 1 + turn % 89) + "}");
	}

	/** What one PUT makes Postgres do, once its statements are prepared. */
	private static SameSql capture(Product product) throws IOException, SQLException {
		for (int turn = 0; turn < 60; turn++) {
			put(product, 0, turn);
		}
		Database database = product.database();
		// numbers of revisions that stand for nothing else
		database.addRevisions(7_000_000 - Integer.parseInt(database.text("select revision from revision_head")));
		database.setting("log_statement = 'all'");
		Path log = product.home().resolve(".meshwright/postgres.log");
		int before = Files.readString(log).length();
		put(product, 0, 333);
		database.setting("log_statement = 'none'");
		return new SameSql(Files.readString(log).substring(before),
				Long.parseLong(database.text("select revision from revision_head")));
	}

	private void compare(Product product, SameSql sql, Path script, int clients)
			throws IOException, SQLException, InterruptedException {
		Samples ours = new Samples("PUTs a second, clients " + clients);
		Samples peers = new Samples("pgbench transactions a second, clients " + clients);
		Samples ratios = new Samples("PUTs over pgbench, clients " + clients);
		Samples cpu = new Samples("CPU ms a PUT of product and Postgres, clients " + clients);
		for (int round = 0; round <= ROUNDS; round++) {
			CpuTime before = CpuTime.now(product);
			double our = puts(product, clients);
			CpuTime used = CpuTime.now(product).since(before);
			double peer = pgbench(product, sql, script, clients);
			if (round > 0) {
				ours.add(our);
				peers.add(peer);
				ratios.add(our / peer);
				cpu.add((used.product() + used.postgres()) / (our * SECONDS));
			}
		}
		for (Samples samples : List.of(ours, peers, ratios, cpu)) {
			samples.write(OUT);
		}
		this.report.row(clients + " clients: PUTs a second; pgbench with the same SQL",
				ours.medianAndRange() + "; " + peers.medianAndRange(), "", true);
		this.report.row("the same: ratio", ratios.medianAndRange(2), "at least 0.50", ratios.median() >= 0.5);
		this.report.row("the same: CPU ms a PUT, product and Postgres", cpu.medianAndRange(), "", true);
	}

	private static double puts(Product product, int clients) throws InterruptedException {
		long start = System.nanoTime();
		long end = start + SECONDS * 1_000_000_000L;
		long done = 0;
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Integer>> all = new ArrayList<>();
			for (int client = 0; client < clients; client++) {
				int number = client;
				all.add(threads.submit(() -> {
					int turns = 0;
					while (System.nanoTime() < end) {
						put(product, number, turns++);
					}
					return turns;
				}));
			}
			for (Future<Integer> one : all) {
				done += one.get();
			}
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("a PUT failed", ex);
		}
		return done / ((System.nanoTime() - start) / 1e9);
	}

	/** One process a client, as only so each has parameters of its own. */
	private static double pgbench(Product product, SameSql sql, Path script, int clients)
			throws IOException, InterruptedException {
		List<Process> processes = new ArrayList<>();
		for (int client = 0; client < clients; client++) {
			List<String> command = new ArrayList<>(List.of("pgbench", "-n", "-M", "prepared", "-T",
					String.valueOf(SECONDS), "-h", "127.0.0.1", "-p", String.valueOf(product.database().port()), "-U",
					"postgres", "-f", script.toString(), "--max-tries=10"));
			command.addAll(sql.definitions(MARKER, name(client)));
			command.add("postgres");
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
			builder.environment().put("PGPASSWORD", product.database().password());
			processes.add(builder.start());
		}
		double rate = 0;
		for (Process process : processes) {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			Matcher matcher = RATE.matcher(output);
			if (process.waitFor() != 0 || !matcher.find()) {
				throw new IllegalStateException("pgbench: " + output);
			}
			rate += Double.parseDouble(matcher.group(1));
		}
		return rate;
	}

}
