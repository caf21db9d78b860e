package dev.meshwright.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.meshwright.ChildApplication;

import static org.assertj.core.api.Assertions.assertThat;

/** The measured: one Meshwright in a JVM of its own, with its own Postgres. */
final class Product implements AutoCloseable {

	/** Options of its JVM: those of the image, and the heap that the chart leaves it. */
	static final List<String> JVM = List
		.of(System.getProperty("bench.jvm", "-Xmx460m -XX:+UseSerialGC -XX:TieredStopAtLevel=1").split(" "));

	/** Settle times of a cluster, for {@link #declareCluster}. */
	static final String NO_SETTLE = ", \"settle\": {\"beforeSwitch\": \"0s\", \"beforeBreak\": \"0s\"}";

	/** How many services one change set puts. */
	private static final int TOGETHER = 200;

	/** The most services in one namespace. */
	private static final int NEIGHBOURS = 500;

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final String SETTLED = """
			select (select revision from revision_head) = (select revision from expansion) and not exists
			(select 1 from unit where dirty_revision > done_revision or resync or resyncing or continues
			or worker is not null)""";

	private final Path home;

	private final ChildApplication application;

	private final Database database;

	private final String token;

	private final double startMillis;

	private final double startCpuMillis;

	private Product(Path home, ChildApplication application, double startMillis, Path owner)
			throws IOException, SQLException {
		this.home = home;
		this.application = application;
		this.startMillis = startMillis;
		this.startCpuMillis = CpuTime.millis(ProcessHandle.of(application.pid()).orElseThrow());
		this.database = Database.of(owner);
		this.token = Files.readString(owner.resolve(".meshwright/token")).strip();
	}

	/** Starts one in a directory, on what it holds already, with further arguments. */
	static Product start(Rig rig, Path home, String... arguments) throws IOException, SQLException {
		return start(rig, home, home, arguments);
	}

	/** Starts one replica more, in a directory of its own, on this one's database. */
	Product replica(Rig rig, Path home, String... arguments) throws IOException, SQLException {
		String[] all = Stream
			.concat(Stream.of(
					"--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + this.database.port() + "/postgres",
					"--spring.datasource.username=postgres", "--spring.datasource.password=" + this.database.password(),
					"--meshwright.kubeconfig-dir=" + home.resolve(".meshwright/kubeconfigs")), Stream.of(arguments))
			.toArray(String[]::new);
		return start(rig, home, this.home, all);
	}

	private static Product start(Rig rig, Path home, Path owner, String... arguments) throws IOException, SQLException {
		rig.writeKubeconfig(Files.createDirectories(home.resolve(".meshwright/kubeconfigs")));
		long start = System.nanoTime();
		ChildApplication application = ChildApplication.start(home, JVM, arguments);
		return new Product(home, application, (System.nanoTime() - start) / 1e6, owner);
	}

	/** From the start of the JVM to the first request that it would serve. */
	double startMillis() {
		return this.startMillis;
	}

	/** {@code seconds (CPU seconds)} from the start of the JVM until then. */
	String startSeconds() {
		return Report.number(this.startMillis / 1000) + " (" + Report.number(this.startCpuMillis / 1000) + ")";
	}

	Path home() {
		return this.home;
	}

	Database database() {
		return this.database;
	}

	ProcessHandle process() {
		return ProcessHandle.of(this.application.pid()).orElseThrow();
	}

	/**
	 * Declares the cluster, with these settle times or the default ones; however much is
	 * deleted there, no operator is asked.
	 */
	void declareCluster(String settle) throws IOException, SQLException {
		send("PUT", "/api/v1/clusters/bench", """
				{"spec": {"mesh": "istio", "meshVersion": "1.29", "connection": {"kubeconfig": {"name": "bench"}},
				 "safety": {"maxDeletes": 1000000}%s}}""".formatted(settle));
		awaitSettled();
	}

	/** Puts everything in one change set. */
	void put(Fleet fleet) throws IOException {
		send("POST", "/api/v1/change-sets", fleet.changeSet());
	}

	/**
	 * Adds services, whose pods somebody else runs, until there are so many, and waits
	 * until all of it is pushed.
	 */
	void grow(int services) throws IOException, SQLException {
		int first = Integer.parseInt(this.database.text("select count(*) from resource where kind = 'Service'"));
		for (int next = first; next < services;) {
			String namespace = "fleet%02d".formatted(next / NEIGHBOURS);
			int end = Math.min(Math.min(services, next + TOGETHER), (next / NEIGHBOURS + 1) * NEIGHBOURS);
			Fleet fleet = new Fleet().namespace(namespace, "bench");
			for (; next < end; next++) {
				fleet.selected(namespace, "service-%05d".formatted(next));
			}
			put(fleet);
		}
		awaitSettled();
	}

	/** The body of what must be there. */
	String get(String path) throws IOException {
		HttpResponse<String> answer = this.application.send("GET", path, this.token, null);
		assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
		return answer.body();
	}

	/** Sends a request that must succeed. */
	void send(String method, String path, String body) throws IOException {
		HttpResponse<String> answer = this.application.send(method, path, this.token, body);
		assertThat(answer.statusCode()).as(method + " " + path + ": " + answer.body()).isIn(200, 201);
	}

	/** Sends a request that must be accepted; it may be worked off later. */
	void begin(String method, String path, String body) throws IOException {
		HttpResponse<String> answer = this.application.send(method, path, this.token, body);
		assertThat(answer.statusCode()).as(method + " " + path + ": " + answer.body()).isIn(200, 201, 202);
	}

	/** Whether it has nothing more to do. */
	boolean isSettled() throws SQLException {
		return this.database.text(SETTLED).equals("t");
	}

	/** Waits until it has nothing more to do. */
	void awaitSettled() throws SQLException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!isSettled()) {
			assertThat(System.nanoTime()).as("not settled after " + PATIENCE).isLessThan(end);
			sleep(20);
		}
	}

	/** What kill -9 does. */
	void kill() {
		this.application.kill();
	}

	static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
	}

	@Override
	public void close() throws SQLException {
		this.database.close();
		this.application.close();
	}

}
