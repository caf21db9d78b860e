package dev.meshwright.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.meshwright.ChildApplication;
import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The figures of the spine: latency of one change, rate of a first push, calls of a
 * resync that finds nothing to do, memory after start. The measured and its peers take
 * turns in rounds, so that a machine that slows down slows down all of them.
 */
class SpineBench {

	private static final Path OUT = Path.of("target/bench").toAbsolutePath();

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int ROUNDS = 5;

	private static final int CHANGES_A_ROUND = 20;

	private static final int STORED = 2000;

	private static final int PUSHED = 300;

	private static final int PUSH_ROUNDS = 3;

	private static final List<Integer> IN_FLIGHT = List.of(1, 4, 16, 32);

	private final Report report = new Report();

	private final KubernetesClient client = RealApiServer.get().client();

	private final RawClient raw = new RawClient(this.client);

	private Path home;

	private Path kubeconfig;

	private ChildApplication application;

	private Database database;

	private Observer observer;

	@BeforeEach
	void start() throws IOException, SQLException {
		delete(OUT);
		this.home = Files.createDirectories(OUT.resolve("home"));
		Path kubeconfigs = Files.createDirectories(this.home.resolve(".meshwright/kubeconfigs"));
		this.kubeconfig = RealApiServer.get().writeKubeconfig(kubeconfigs, "bench");
		Samples disk = Report.disk(OUT);
		disk.write(OUT);
		this.application = ChildApplication.start(this.home);
		this.database = Database.of(this.home);
		this.observer = new Observer(this.client);
		this.report.fact(Runtime.getRuntime().availableProcessors() + " cores, JDK " + Runtime.version() + ", "
				+ this.database.text("select split_part(version(), ' on ', 1)") + ", kube-apiserver "
				+ this.client.getKubernetesVersion().getGitVersion() + " without controllers and webhooks, everything"
				+ " on one machine");
		this.report.fact("fsync on in Postgres and etcd; fdatasync of 4 KiB here: p50 " + Report.number(disk.median())
				+ " ms, p99 " + Report.number(disk.quantile(0.99)) + " ms");
		this.report.fact("settle times set to zero, so no figure contains one");
	}

	@AfterEach
	void stop() throws SQLException {
		this.observer.close();
		this.database.close();
		this.application.close();
	}

	@Test
	void measure() throws IOException, SQLException, InterruptedException {
		memory();
		declareCluster();
		Samples alone = latency("nothing else stored");
		firstPush();
		store();
		Samples crowded = latency(STORED + " services stored");
		this.report.row("the same p50 with " + STORED + " services over without",
				Report.number(crowded.median() / alone.median() * 100) + " %", "at most 125 %",
				crowded.median() <= 1.25 * alone.median());
		this.report.write(Path.of("docs/benchmarks.md"));
	}

	private void memory() throws IOException {
		Memory memory = Memory.of(this.application.pid());
		this.report.row("live heap + metaspace after start, MiB",
				Report.number(memory.heap()) + " + " + Report.number(memory.metaspace()), "at most 300",
				memory.total() <= 300);
	}

	private void declareCluster() throws IOException, SQLException {
		send("PUT", "/api/v1/clusters/bench", """
				{"spec": {"mesh": "istio", "meshVersion": "1.29", "connection": {"kubeconfig": {"name": "bench"}},
				  "settle": {"beforeSwitch": "0s", "beforeBreak": "0s"}}}""");
		send("POST", "/api/v1/change-sets", new Fleet().namespace("probe", "bench").changeSet());
		send("POST", "/api/v1/change-sets", new Fleet().managed("probe", "probe").changeSet());
		awaitSettledOrWaiting();
		playDeploymentController("probe");
		awaitSettled();
		this.raw.createNamespace("raw-probe");
	}

	/** One weight changes: one VirtualService. From the answer, and from the request. */
	private Samples latency(String when) throws IOException, SQLException {
		Samples accepted = new Samples("accepted to visible ms, " + when);
		Samples sent = new Samples("sent to visible ms, " + when);
		Samples apply = new Samples("raw apply to visible ms, " + when);
		Samples commit = new Samples("raw commit ms, " + when);
		GenericKubernetesResource peer = this.database.pushed("probe", "raw-probe")
			.stream()
			.filter((object) -> object.getKind().equals("VirtualService"))
			.findFirst()
			.orElseThrow();
		for (int round = 0; round < ROUNDS; round++) {
			for (int i = 0; i < CHANGES_A_ROUND; i++) {
				int weight = 1 + (round * CHANGES_A_ROUND + i) % 89;
				long start = System.nanoTime();
				this.database.commit();
				commit.addMillis(start, System.nanoTime());
				applyRaw(peer, weight, apply);
				put(weight, accepted, sent);
			}
		}
		for (Samples samples : List.of(accepted, sent, apply, commit)) {
			samples.write(OUT);
		}
		double peers = apply.median() + commit.median();
		this.report.row("raw apply -> visible + raw commit, ms, " + when + " (p50, p99)",
				Report.number(peers) + ", " + Report.number(apply.quantile(0.99) + commit.quantile(0.99)), "", true);
		this.report.row("PUT accepted -> VirtualService visible, ms, " + when + " (p50, p99)",
				Report.number(accepted.median()) + ", " + Report.number(accepted.quantile(0.99)),
				"p50 at most " + Report.number(peers + 30), accepted.median() <= peers + 30);
		this.report.row("PUT sent -> VirtualService visible, ms, " + when + " (p50, p99)",
				Report.number(sent.median()) + ", " + Report.number(sent.quantile(0.99)), "", true);
		return accepted;
	}

	private void put(int weight, Samples accepted, Samples sent) throws IOException {
		CompletableFuture<Long> seen = this.observer.expect(new ObjectRef(ObjectKind.VIRTUAL_SERVICE, "probe", "probe"),
				"weight=" + weight + "}");
		long start = System.nanoTime();
		send("PUT", "/api/v1/namespaces/probe/routing-policies/probe",
				"{\"spec\": " + Fleet.route("probe", weight) + "}");
		long answered = System.nanoTime();
		long visible = Observer.await(seen, PATIENCE);
		accepted.addMillis(answered, visible);
		sent.addMillis(start, visible);
	}

	@SuppressWarnings("unchecked")
	private void applyRaw(GenericKubernetesResource peer, int weight, Samples samples) {
		List<Map<String, Object>> http = (List<Map<String, Object>>) ((Map<String, Object>) peer
			.getAdditionalProperties()
			.get("spec")).get("http");
		List<Map<String, Object>> route = (List<Map<String, Object>>) http.getFirst().get("route");
		route.getFirst().put("weight", weight);
		route.getLast().put("weight", 100 - weight);
		CompletableFuture<Long> seen = this.observer.expect(
				new ObjectRef(ObjectKind.VIRTUAL_SERVICE, "raw-probe", peer.getMetadata().getName()),
				"weight=" + weight + "}");
		long start = System.nanoTime();
		this.raw.apply(peer);
		samples.addMillis(start, Observer.await(seen, PATIENCE));
	}

	private void firstPush() throws IOException, SQLException, InterruptedException {
		Samples pushes = new Samples("first push objects a second");
		Samples whole = new Samples("first push objects a second with the write");
		Samples kubectl = new Samples("kubectl objects a second");
		Map<Integer, Samples> raws = new TreeMap<>();
		IN_FLIGHT.forEach((calls) -> raws.put(calls, new Samples("raw objects a second, in flight " + calls)));
		for (int round = 0; round < PUSH_ROUNDS; round++) {
			String namespace = "first" + round;
			push(namespace, pushes, whole);
			resync(namespace, round);
			for (int calls : IN_FLIGHT) {
				String peer = namespace + "-raw" + calls;
				this.raw.createNamespace(peer);
				raws.get(calls).add(this.raw.applyAll(this.database.pushed(namespace, peer), calls));
			}
			this.raw.createNamespace(namespace + "-kubectl");
			kubectl
				.add(RawClient.kubectl(this.database.pushed(namespace, namespace + "-kubectl"), this.kubeconfig, OUT));
		}
		List<Samples> all = new ArrayList<>(raws.values());
		all.addAll(List.of(pushes, whole, kubectl));
		for (Samples samples : all) {
			samples.write(OUT);
		}
		raws.forEach((calls, samples) -> this.report.row("raw fabric8 client, " + calls + " in flight, objects/s",
				samples.medianAndRange(), "", true));
		this.report.row("kubectl apply --server-side, objects/s", kubectl.medianAndRange(), "", true);
		double best = raws.values().stream().mapToDouble(Samples::median).max().orElseThrow();
		double target = Math.max(0.6 * best, 2 * kubectl.median());
		this.report.row("first push of " + PUSHED + " services, accepted -> last object visible, objects/s",
				pushes.medianAndRange(), "at least " + Report.number(target) + " (0.6 x raw, 2 x kubectl)",
				pushes.median() >= target);
		this.report.row("the same from sending the change set, objects/s", whole.medianAndRange(), "", true);
	}

	private void push(String namespace, Samples pushes, Samples whole) throws IOException, SQLException {
		send("POST", "/api/v1/change-sets", new Fleet().namespace(namespace, "bench").changeSet());
		awaitSettled();
		Fleet fleet = new Fleet();
		for (int i = 0; i < PUSHED; i++) {
			fleet.managed(namespace, "service-%03d".formatted(i));
		}
		String body = fleet.changeSet();
		long start = System.nanoTime();
		send("POST", "/api/v1/change-sets", body);
		long answered = System.nanoTime();
		awaitSettledOrWaiting();
		List<GenericKubernetesResource> objects = this.database.pushed(namespace, namespace);
		assertThat(objects.size()).as("each service has a Service, two Deployments and routing at least")
			.isGreaterThanOrEqualTo(PUSHED * 5);
		long last = objects.stream().mapToLong(this::firstSeen).max().orElseThrow();
		pushes.add(objects.size() / ((last - answered) / 1e9));
		whole.add(objects.size() / ((last - start) / 1e9));
		playDeploymentController(namespace);
		awaitSettled();
	}

	private long firstSeen(GenericKubernetesResource object) {
		ObjectRef ref = new ObjectRef(ObjectKind.of(object.getApiVersion(), object.getKind()).orElseThrow(),
				object.getMetadata().getNamespace(), object.getMetadata().getName());
		Long seen = this.observer.firstSeen(ref);
		assertThat(seen).as(ref + " was never seen").isNotNull();
		return seen;
	}

	private void resync(String namespace, int round) throws SQLException {
		ServerMetrics before = ServerMetrics.read(this.client);
		int units = this.database.resync(namespace);
		assertThat(units).as("units to resync").isGreaterThanOrEqualTo(PUSHED);
		awaitSettled();
		ServerMetrics calls = ServerMetrics.read(this.client).since(before);
		this.report.row(
				"no-op resync of " + PUSHED + " services, round " + (round + 1) + ", mutating calls (all calls)",
				calls.mutating() + " (" + calls.all() + ")", "0", calls.mutating() == 0);
	}

	private void store() throws IOException, SQLException {
		for (int group = 0; group < STORED / 100; group++) {
			String namespace = "stored%02d".formatted(group);
			send("POST", "/api/v1/change-sets", new Fleet().namespace(namespace, "bench").changeSet());
			Fleet fleet = new Fleet();
			for (int i = 0; i < 100; i++) {
				fleet.selected(namespace, "service-%03d".formatted(i));
			}
			send("POST", "/api/v1/change-sets", fleet.changeSet());
		}
		awaitSettled();
	}

	/**
	 * There is no controller that would start pods: says of all of them that they run.
	 */
	private void playDeploymentController(String namespace) {
		for (Deployment deployment : this.client.apps().deployments().inNamespace(namespace).list().getItems()) {
			int replicas = deployment.getSpec().getReplicas();
			this.client.resource(deployment).editStatus((live) -> {
				live.setStatus(new io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder()
					.withObservedGeneration(live.getMetadata().getGeneration())
					.withReplicas(replicas)
					.withReadyReplicas(replicas)
					.withUpdatedReplicas(replicas)
					.withAvailableReplicas(replicas)
					.build());
				return live;
			});
		}
	}

	private void awaitSettled() throws SQLException {
		await("select (select revision from revision_head) = (select revision from expansion) and not exists"
				+ " (select 1 from unit where dirty_revision > done_revision or resync or resyncing or continues)");
	}

	/** Settled, or waiting for nothing but Deployments. */
	private void awaitSettledOrWaiting() throws SQLException {
		await("select (select revision from revision_head) = (select revision from expansion) and not exists"
				+ " (select 1 from unit where (dirty_revision > done_revision or resync or resyncing) and made_at is null)"
				+ " and not exists (select 1 from inventory where intent_fence is not null)");
	}

	private void await(String condition) throws SQLException {
		long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
		while (!this.database.text(condition).equals("t")) {
			assertThat(System.nanoTime()).as("still not true after 5 minutes: " + condition).isLessThan(end);
			try {
				Thread.sleep(20);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("interrupted", ex);
			}
		}
	}

	private void send(String method, String path, String body) throws IOException {
		String token = Files.readString(this.home.resolve(".meshwright/token")).strip();
		HttpResponse<String> answer = this.application.send(method, path, token, body);
		assertThat(answer.statusCode()).as(method + " " + path + ": " + answer.body()).isBetween(200, 299);
	}

	private static void delete(Path directory) throws IOException {
		if (Files.exists(directory)) {
			try (Stream<Path> tree = Files.walk(directory)) {
				for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
					Files.delete(path);
				}
			}
		}
	}

}
