package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.Clusters;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.Placement;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.RecordingSnapshot;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.cluster.ClusterSpec.Connection;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.store.Declared;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.PushEnd;
import dev.meshwright.store.ReconcileStore;
import dev.meshwright.store.StoreFixture;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * One namespace on one cluster, worked on step by step by the real parts; only what a
 * service compiles to is said by the test.
 */
final class World implements AutoCloseable {

	/** Nothing is compared by schedule, so what is seen the watches have seen. */
	static final ReconcileProperties WATCHED = new ReconcileProperties(true, Duration.ofHours(1), Duration.ofHours(1),
			Duration.ofMillis(200), Duration.ofSeconds(6), 64, 128);

	static final String CLUSTER = "east";

	final StoreFixture store;

	final ReconcileStore rows;

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final ReconcileMeters reconcileMeters;

	final WatchedGateway gateway;

	final String namespace;

	final Map<String, List<Manifest>> wanted = new HashMap<>();

	Compilation.Push push = new Compilation.Push(Duration.ZERO, Duration.ZERO, ConflictPolicy.REFUSE,
			DeletionPolicy.DELETE, DriftPolicy.HEAL);

	private final PostgresTestDatabase database;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final Map<String, ClusterLane> lanes = new HashMap<>();

	/** The gateways of further clusters, by name. */
	final Map<String, WatchedGateway> others = new HashMap<>();

	/** On which clusters everything is. */
	volatile Set<String> placed = Set.of(CLUSTER);

	/** Services at which compiling breaks. */
	final Set<String> poison = java.util.concurrent.ConcurrentHashMap.newKeySet();

	private final Isolation isolation;

	final ClusterAccess access;

	private final ClusterWork work;

	private final PlacementWork placements;

	private final List<PushEnd> ends = java.util.Collections.synchronizedList(new ArrayList<>());

	private int port = 1;

	World(ClusterGateway gateway, String namespace) {
		this.database = new PostgresTestDatabase();
		this.store = new StoreFixture(this.database.dataSource());
		this.rows = ReconcileStore.on(this.database.dataSource());
		this.reconcileMeters = new ReconcileMeters(this.meters, this.rows.backlogs(), this.rows.objects());
		this.gateway = new WatchedGateway(gateway);
		this.namespace = namespace;
		this.placements = new PlacementWork(this.store.snapshots(), this::place, Compiler.VERSION,
				this.rows.placements());
		this.access = new ClusterAccess(clusters(), this.store.facts(), this.store.resources(), this.store.halts(),
				this.store.installation());
		Breakdowns breakdowns = new Breakdowns(this.rows.placements(), this.ends::add);
		this.work = new ClusterWork(this::compile, Compiler.VERSION, this.store.snapshots(), this.rows.pushes(),
				this.rows.watches(), this.access, this.store.installation().id(), this.threads, (claim) -> false,
				this.ends::add, breakdowns);
		this.isolation = new Isolation((claims) -> List.copyOf(this.rows.units().renew(claims, Duration.ofSeconds(60))),
				breakdowns::end);
		Declared.commit(this.store,
				Declared.put(ResourceId.cluster(CLUSTER),
						"{'mesh': 'istio', 'connection': {'kubeconfig': {'name': 'real'}}}"),
				Declared.put(ResourceId.namespace(namespace), "{}"));
	}

	private Clusters clusters() {
		return new Clusters() {
			@Override
			public ClusterGateway gateway(String cluster, Connection connection) {
				return World.this.others.getOrDefault(cluster, World.this.gateway);
			}

			@Override
			public void forget(String cluster) {
			}
		};
	}

	/** Declares a service that compiles to these objects; a new revision each time. */
	void declare(String service, Manifest... manifests) {
		this.wanted.put(service, List.of(manifests));
		Declared.commit(this.store,
				Declared.put(ResourceId.service(this.namespace, service), Declared.port(this.port++)));
	}

	void undeclare(ResourceId id) {
		Declared.commit(this.store, Declared.delete(id));
	}

	/** Claims and works on what is due, once. */
	List<Claim> step() {
		List<Claim> claims = claim("worker");
		work(claims);
		return claims;
	}

	List<Claim> claim(String worker) {
		return this.rows.units().expandAndClaim(request(worker));
	}

	static ClaimRequest request(String worker) {
		return new ClaimRequest(worker, 100, Duration.ofSeconds(60), Compiler.VERSION, Set.of(), Set.of());
	}

	void work(List<Claim> claims) {
		push(claims);
		if (!this.ends.isEmpty()) {
			this.rows.pushes().finish(List.copyOf(this.ends));
			this.reconcileMeters.ended(List.copyOf(this.ends));
			this.ends.clear();
		}
	}

	/** As {@link #work}, by a process that dies before it stores how anything ended. */
	void workAndDie(List<Claim> claims) {
		push(claims);
		this.ends.clear();
	}

	private void push(List<Claim> claims) {
		List<Claim> placed = claims.stream().filter((claim) -> claim.unit().isPlacement()).toList();
		List<Claim> others = claims.stream().filter((claim) -> !claim.unit().isPlacement()).toList();
		try {
			if (!placed.isEmpty()) {
				this.isolation.run(placed, this.placements::work);
			}
			Map<String, List<Claim>> byCluster = new TreeMap<>();
			others.forEach((claim) -> byCluster.computeIfAbsent(claim.unit().cluster(), (name) -> new ArrayList<>())
				.add(claim));
			for (Map.Entry<String, List<Claim>> batch : byCluster.entrySet()) {
				ClusterLane lane = this.lanes.computeIfAbsent(batch.getKey(), (name) -> new ClusterLane(this.threads));
				this.isolation.run(batch.getValue(), (some) -> this.work.work(batch.getKey(), some, lane));
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Works until nothing is due, nor soon will be. */
	void settle() {
		settle(Duration.ofMillis(400));
	}

	void settle(Duration soon) {
		for (int rounds = 0; rounds < 200; rounds++) {
			if (step().isEmpty()) {
				Duration due = this.rows.units().untilDue(request("worker"), soon);
				if (due.compareTo(soon) >= 0) {
					return;
				}
				sleep(due);
			}
		}
		throw new IllegalStateException("does not settle: " + this.gateway.writes);
	}

	static void sleep(Duration duration) {
		try {
			Thread.sleep(duration.plusMillis(1));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** What was written since the last call. */
	List<String> writes() {
		List<String> writes = List.copyOf(this.gateway.writes);
		this.gateway.writes.clear();
		return writes;
	}

	/** What is counted, and what is measured now. */
	MeterRegistry meters() {
		this.reconcileMeters.sample(new Lanes(this.threads, 1));
		return this.meters;
	}

	/** The loop as the application runs it, on these rows and clusters. */
	ReconcileLoop loop(ReconcileProperties properties) {
		return new ReconcileLoop(this::compile, this.store.snapshots(), this.rows.units(), this.rows.pushes(),
				this.rows.watches(), this.rows.placements(), this.placements, this.access, this.store.signals(),
				this.store.installation(), properties, this.reconcileMeters,
				new Lead(this.rows.upgrades(), this.rows.units(), Compiler.VERSION, false, this.meters),
				this.rows.upgrades(), (claim) -> PushTrace.none());
	}

	/** The watches as the application holds them, on these rows and clusters. */
	WatchLoop watchLoop(ReconcileProperties properties) {
		return new WatchLoop(this.access, this.store.facts(), this.rows.watches(),
				new WatchMeters(new SimpleMeterRegistry()), properties);
	}

	/** What the API would answer about the drift of a service. */
	String drift(String service) {
		Jobs.Claim claim = new Jobs.Claim(java.util.UUID.randomUUID(), Jobs.Task.DRIFT, 1, Caller.system("test"),
				"{\"namespace\": \"" + this.namespace + "\", \"name\": \"" + service + "\"}");
		try {
			return new DriftQuestion(this.rows.statuses(), this.rows.pushes(), this.access)
				.answer(claim, new Lanes(this.threads, 1))
				.orElseThrow();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Declares a cluster that is reached through a gateway of its own. */
	WatchedGateway cluster(String name, ClusterGateway reached) {
		WatchedGateway watched = new WatchedGateway(reached);
		this.others.put(name, watched);
		Declared.commit(this.store, Declared.put(ResourceId.cluster(name),
				"{'mesh': 'istio', 'connection': {'kubeconfig': {'name': 'real'}}}"));
		return watched;
	}

	/** Declares the namespace anew, as if its placement had changed. */
	void place(String... clusters) {
		this.placed = Set.of(clusters);
		Declared.commit(this.store,
				Declared.put(ResourceId.namespace(this.namespace), "{'owner': 'team-" + this.port++ + "'}"));
	}

	/** The Programmed condition of a service. */
	Condition programmed(String service) {
		return programmed(service, CLUSTER);
	}

	Condition programmed(String service, String cluster) {
		return condition(service, cluster, Condition.Type.PROGRAMMED);
	}

	Condition condition(String service, String cluster, Condition.Type type) {
		return this.rows.statuses()
			.of(ResourceId.service(this.namespace, service))
			.stream()
			.filter((status) -> status.cluster().equals(cluster))
			.flatMap((status) -> status.conditions().stream())
			.filter((condition) -> condition.type() == type)
			.findFirst()
			.orElseThrow();
	}

	LiveObject live(ObjectRef ref) {
		return this.gateway.get(ref).orElseThrow();
	}

	/** As if the process had just started: it knows no cluster yet. */
	void forgetClusters() {
		this.access.declared().forEach((cluster) -> this.access.forget(cluster.id().name()));
	}

	/** As if the leases of whoever works had ended. */
	void expireLeases() {
		this.store.jdbc().sql("update unit set lease_until = now() - interval '1 second'").update();
	}

	/** As if every wait were over. */
	void waitIsOver() {
		this.store.jdbc().sql("update unit set not_before = now()").update();
	}

	private Compilation compile(UnitId unit, Snapshot snapshot) {
		RecordingSnapshot recording = new RecordingSnapshot(snapshot);
		if (this.poison.contains(unit.service())) {
			throw new IllegalStateException("poison");
		}
		recording.find(ResourceId.namespace(unit.namespace()));
		recording.index(PolicyTarget.service(new ServiceRef(unit.namespace(), unit.service())).key(Kind.OVERRIDE));
		boolean reachable = recording.find(ResourceId.cluster(unit.cluster())).isPresent();
		boolean declared = recording.find(unit.subject()).isPresent() && reachable
				&& this.placed.contains(unit.cluster());
		List<Manifest> manifests = !declared ? List.of() : unit.isNamespace()
				? List.of(Objects.namespace(this.namespace)) : this.wanted.getOrDefault(unit.service(), List.of());
		return new Compilation(unit, recording.revision(), manifests, List.of(), recording.reads(),
				recording.generations(), this.push);
	}

	private Placement place(UnitId unit, Snapshot snapshot) {
		RecordingSnapshot recording = new RecordingSnapshot(snapshot);
		recording.find(ResourceId.namespace(unit.namespace()));
		Set<String> clusters = new TreeSet<>(this.placed);
		clusters.removeIf((cluster) -> recording.find(ResourceId.cluster(cluster)).isEmpty());
		if (recording.find(unit.subject()).isEmpty()) {
			clusters.clear();
		}
		return new Placement(unit, recording.revision(), new TreeSet<>(clusters), List.of(), recording.reads(),
				recording.generations());
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
		this.gateway.close();
		this.others.values().forEach(WatchedGateway::close);
		((com.zaxxer.hikari.HikariDataSource) this.database.dataSource()).close();
	}

}
