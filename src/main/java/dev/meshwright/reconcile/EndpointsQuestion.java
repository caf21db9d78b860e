package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.LiveEndpoint;
import dev.meshwright.compile.Compiler;
import dev.meshwright.document.Json;
import dev.meshwright.model.ServiceEndpoints;
import dev.meshwright.model.ServiceEndpoints.Endpoint;
import dev.meshwright.model.ServiceEndpoints.OnCluster;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.reconcile.Survey.Said;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Snapshots;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Reads the live endpoints of a service on every cluster that it is placed on. */
@Component
class EndpointsQuestion implements ClusterQuestion {

	/**
	 * Shorter than callers wait, so that one silent cluster does not make a job of it.
	 */
	private static final Duration AT_MOST = Duration.ofSeconds(8);

	/** What follows the name of its Deployment in the name of a pod. */
	private static final String REPLICA = "[a-z0-9]+-[a-z0-9]+";

	private final Snapshots snapshots;

	private final Compiler compiler;

	private final ClusterAccess access;

	private final Duration atMost;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	@Autowired
	EndpointsQuestion(Snapshots snapshots, Compiler compiler, ClusterAccess access) {
		this(snapshots, compiler, access, AT_MOST);
	}

	EndpointsQuestion(Snapshots snapshots, Compiler compiler, ClusterAccess access, Duration atMost) {
		this.snapshots = snapshots;
		this.compiler = compiler;
		this.access = access;
		this.atMost = atMost;
	}

	/**
	 * What is declared.
	 *
	 * @param clusters where the service is placed
	 * @param versions its versions that have a workload
	 */
	private record Declared(SortedSet<String> clusters, List<String> versions) {
	}

	@Override
	public Jobs.Task task() {
		return Jobs.Task.ENDPOINTS;
	}

	@Override
	public Optional<String> answer(Jobs.Claim claim, Lanes lanes) throws InterruptedException {
		ServiceRef service = Json.mapper().readValue(claim.request(), ServiceRef.class);
		Declared declared = Optional.of(service)
			.filter((it) -> claim.owner().namespaces().includes(it.namespace()))
			.flatMap(this::declared)
			.orElseThrow(() -> Refusal.notFound("Service " + service));
		List<OnCluster> clusters = Survey
			.ask(declared.clusters, (cluster) -> () -> read(service, cluster, lanes), this.atMost, this.threads)
			.entrySet()
			.stream()
			.map((each) -> switch (each.getValue()) {
				case Said.Answered<List<LiveEndpoint>>(List<LiveEndpoint> found) -> OnCluster.known(each.getKey(),
						found.stream().map((it) -> endpoint(service, declared.versions, it)).toList());
				case Said.Silent<List<LiveEndpoint>>(String why) -> OnCluster.unknown(each.getKey(), why);
			})
			.toList();
		return Optional.of(Json.mapper().writeValueAsString(new ServiceEndpoints(clusters)));
	}

	private Optional<Declared> declared(ServiceRef service) {
		return this.snapshots.read((snapshot) -> snapshot.find(service.id(), ServiceSpec.class)
			.map((found) -> new Declared(
					this.compiler.place(UnitId.placement(service.namespace(), service.name()), snapshot).clusters(),
					versions(found.spec()))));
	}

	private static List<String> versions(ServiceSpec spec) {
		return Optional.ofNullable(spec.versions())
			.orElse(List.of())
			.stream()
			.filter((version) -> version.workload() != null)
			.map(ServiceSpec.Version::name)
			.toList();
	}

	private List<LiveEndpoint> read(ServiceRef service, String cluster, Lanes lanes) throws InterruptedException {
		ClusterGateway gateway = this.access.gateway(cluster);
		return lanes.to(cluster).call(true, () -> gateway.endpoints(service.namespace(), service.name()));
	}

	private static Endpoint endpoint(ServiceRef service, List<String> versions, LiveEndpoint live) {
		String version = versions.stream()
			.filter((name) -> live.pod().startsWith(service.name() + "-" + name + "-")
					&& live.pod().substring(service.name().length() + name.length() + 2).matches(REPLICA))
			.findFirst()
			.orElse("");
		return new Endpoint(List.copyOf(live.addresses()), live.ready(), live.terminating(), said(live.pod()),
				said(version), said(live.node()), said(live.zone()));
	}

	private static @Nullable String said(String text) {
		return text.isEmpty() ? null : text;
	}

}
