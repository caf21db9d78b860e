package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.Resource;
import dev.meshwright.model.routing.Destination;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import dev.meshwright.model.routing.LoadBalancing;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.routing.TcpRule;
import dev.meshwright.model.routing.TlsRule;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Version;
import dev.meshwright.model.service.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the rules of a service on a cluster. Rules are checked before, so what cannot
 * be resolved has been reported.
 */
final class RouteResolver {

	private final ServiceSubject subject;

	private final ClusterModel cluster;

	private final Optional<Port> exposed;

	private final DestinationResolver destinations;

	private final SourceResolver sources;

	private final Findings reported = new Findings();

	private final FailoverModel failover;

	private final Rerouting rerouting;

	RouteResolver(ServiceSubject subject, ClusterModel cluster, FailoverModel failover) {
		this.subject = subject;
		this.cluster = cluster;
		this.failover = failover;
		this.rerouting = Rerouting.of(subject);
		this.exposed = Optional.ofNullable(subject.spec().exposure())
			.flatMap((exposure) -> ExposureChecks.exposed(exposure, subject.ports()));
		this.destinations = new DestinationResolver(subject);
		this.sources = new SourceResolver(subject);
	}

	ServiceModel.Routing routing() {
		Optional<RoutingPolicySpec> policy = this.rerouting.rules();
		if (policy.isEmpty()) {
			return new ServiceModel.Routing(false, unruled(List.of(), this.reported.spec(this.subject.service().id())),
					List.of(), List.of(), Optional.empty(), Map.of());
		}
		RoutingPolicySpec spec = policy.get();
		At at = this.reported.spec(this.subject.service().id());
		List<RouteModel.Http> http = new ArrayList<>();
		for (int index = 0; index < Given.list(spec.rules()).size(); index++) {
			http.addAll(http(Given.list(spec.rules()).get(index), index, at));
		}
		http.addAll(unruled(Given.list(spec.rules()), at));
		List<RouteModel.Tls> tls = new ArrayList<>();
		for (int index = 0; index < Given.list(spec.tls()).size(); index++) {
			tls.add(tls(Given.list(spec.tls()).get(index), index, at));
		}
		List<RouteModel.Tcp> tcp = new ArrayList<>();
		for (int index = 0; index < Given.list(spec.tcp()).size(); index++) {
			tcp.add(tcp(Given.list(spec.tcp()).get(index), index, at));
		}
		return new ServiceModel.Routing(this.subject.policy().isPresent(), List.copyOf(http), List.copyOf(tls),
				List.copyOf(tcp), Optional.ofNullable(spec.loadBalancing()), portBalancing(spec));
	}

	/**
	 * Failover policies hold where no rule is about a side, too: there one that says
	 * nothing else sends everything to the service as a whole.
	 */
	private List<RouteModel.Http> unruled(List<HttpRule> rules, At at) {
		boolean inMesh = !this.failover.mesh().isEmpty() && !Layer.HTTP.of(this.subject.ports()).isEmpty()
				&& rules.stream().noneMatch((rule) -> RoutingChecks.holds(rule.appliesTo(), AppliesTo.MESH));
		boolean outside = this.failover.gateway().limits() && this.subject.spec().exposure() != null
				&& ExposureChecks.layer(this.subject.spec().exposure()) == Layer.HTTP
				&& rules.stream().noneMatch((rule) -> RoutingChecks.holds(rule.appliesTo(), AppliesTo.GATEWAY));
		if (!inMesh && !outside) {
			return List.of();
		}
		@Nullable AppliesTo side = (inMesh && outside) ? null : inMesh ? AppliesTo.MESH : AppliesTo.GATEWAY;
		return http(new HttpRule("default", side, null, null, null, null, null, null, null, null, null, null, null), 0,
				at);
	}

	/**
	 * One rule, or two when the alternatives that can hold inside the mesh (no claims)
	 * and at the gateway (no source, the exposed port) differ.
	 */
	private List<RouteModel.Http> http(HttpRule rule, int index, At at) {
		List<HttpMatch> declared = Given.list(rule.match());
		List<RouteModel.Match> mesh = declared.stream()
			.filter((match) -> match.claims() == null)
			.map((match) -> match(match, port(match.port()), at))
			.toList();
		List<RouteModel.Match> gateway = declared.stream()
			.filter((match) -> match.source() == null && atGateway(match.port()))
			.map((match) -> match(match, Optional.empty(), at))
			.toList();
		boolean inMesh = RoutingChecks.holds(rule.appliesTo(), AppliesTo.MESH)
				&& (declared.isEmpty() || !mesh.isEmpty());
		boolean outside = RoutingChecks.holds(rule.appliesTo(), AppliesTo.GATEWAY)
				&& (declared.isEmpty() || !gateway.isEmpty());
		List<Port> called = ConnectionRuleChecks.called(this.subject, Layer.HTTP,
				declared.stream().map(HttpMatch::port));
		boolean answers = rule.redirect() != null || rule.directResponse() != null;
		List<RouteModel.Split> split = answers ? List.of() : split(rule.split(), Layer.HTTP, called, at);
		List<RouteModel.Mirror> mirrors = Given.list(rule.mirror())
			.stream()
			.flatMap((mirror) -> target(HttpRuleChecks.wanted(mirror), Layer.HTTP, called, at)
				.map((target) -> new RouteModel.Mirror(target, Given.or(mirror.percentage(), 100.0)))
				.stream())
			.toList();
		String name = RoutingChecks.name(rule, index);
		HttpRule meshRule = this.failover.mesh().fill(rule);
		HttpRule gatewayRule = this.failover.gateway().fill(rule);
		if (inMesh && outside && mesh.equals(gateway) && meshRule.equals(gatewayRule)) {
			return List.of(new RouteModel.Http(name, true, true, mesh, split, mirrors, meshRule));
		}
		List<RouteModel.Http> sides = new ArrayList<>();
		if (inMesh) {
			sides.add(new RouteModel.Http(name, true, false, mesh, split, mirrors, meshRule));
		}
		if (outside) {
			sides.add(new RouteModel.Http(name, false, true, gateway, split, mirrors, gatewayRule));
		}
		return sides;
	}

	private RouteModel.Match match(HttpMatch match, Optional<Integer> port, At at) {
		return new RouteModel.Match(match, port, this.sources.resolve(match.source(), at));
	}

	/** At the gateway every request goes to the exposed port, whatever it called. */
	private boolean atGateway(@Nullable String port) {
		return port == null || this.exposed.isEmpty() || this.exposed.get().name().equals(port);
	}

	private Optional<Integer> port(@Nullable String name) {
		return this.subject.ports().stream().filter((port) -> port.name().equals(name)).map(Port::port).findFirst();
	}

	private RouteModel.Tls tls(TlsRule rule, int index, At at) {
		List<Port> called = ConnectionRuleChecks.called(this.subject, Layer.TLS,
				rule.match().stream().map(TlsRule.TlsMatch::port));
		List<RouteModel.TlsMatch> match = rule.match()
			.stream()
			.map((alternative) -> new RouteModel.TlsMatch(List.copyOf(alternative.sni()), port(alternative.port()),
					this.sources.resolve(alternative.source(), at)))
			.toList();
		boolean sourced = rule.match().stream().anyMatch((alternative) -> alternative.source() != null);
		return new RouteModel.Tls(RoutingChecks.name(rule.name(), index),
				RoutingChecks.holds(rule.appliesTo(), AppliesTo.MESH),
				RoutingChecks.holds(rule.appliesTo(), AppliesTo.GATEWAY) && !sourced, match,
				split(rule.split(), Layer.TLS, called, at));
	}

	private RouteModel.Tcp tcp(TcpRule rule, int index, At at) {
		List<TcpRule.TcpMatch> declared = Given.list(rule.match());
		List<Port> called = ConnectionRuleChecks.called(this.subject, Layer.TCP,
				declared.stream().map(TcpRule.TcpMatch::port));
		List<RouteModel.TcpMatch> match = declared.stream()
			.map((alternative) -> new RouteModel.TcpMatch(port(alternative.port()),
					List.copyOf(Given.list(alternative.destinationSubnets())),
					this.sources.resolve(alternative.source(), at)))
			.toList();
		boolean sourced = declared.stream().anyMatch((alternative) -> alternative.source() != null);
		return new RouteModel.Tcp(RoutingChecks.name(rule.name(), index),
				RoutingChecks.holds(rule.appliesTo(), AppliesTo.MESH),
				RoutingChecks.holds(rule.appliesTo(), AppliesTo.GATEWAY) && !sourced, match,
				split(rule.split(), Layer.TCP, called, at));
	}

	private List<RouteModel.Split> split(@Nullable List<Destination> split, Layer layer, List<Port> called, At at) {
		List<Destination> declared = (split != null) ? split : List.of(new Destination(null, null, null, null, null));
		return declared.stream()
			.flatMap((destination) -> target(wanted(destination), layer, called, at)
				.map((target) -> new RouteModel.Split(target, SplitChecks.weight(destination),
						Optional.ofNullable(destination.headers())))
				.stream())
			.toList();
	}

	private DestinationResolver.Wanted wanted(Destination destination) {
		return this.rerouting.isBackup(destination)
				? new DestinationResolver.Wanted(destination.service(), null, null, Use.BACKUP)
				: SplitChecks.wanted(destination);
	}

	private Optional<RouteModel.Target> target(DestinationResolver.Wanted wanted, Layer layer, List<Port> called,
			At at) {
		return this.destinations.resolve(wanted, layer, called, at)
			.map((found) -> new RouteModel.Target(found.ref(), host(found.service(), this.cluster),
					found.version().map(Version::name), found.port(), deployments(found)));
	}

	/** The name by which callers inside the mesh reach a service. */
	static String host(Resource<ServiceSpec> service, ClusterModel cluster) {
		return (service.spec().external() != null) ? service.spec().external().hosts().getFirst()
				: cluster.hostOf(service.id().namespace(), service.id().name());
	}

	private static SortedSet<ObjectRef> deployments(DestinationResolver.Resolved target) {
		SortedSet<ObjectRef> deployments = new TreeSet<>();
		Stream<Version> versions = target.version().isPresent() ? target.version().stream()
				: Given.list(target.service().spec().versions()).stream();
		versions.filter((version) -> version.workload() != null && runs(version.workload()))
			.forEach((version) -> deployments.add(new ObjectRef(ObjectKind.DEPLOYMENT,
					target.service().id().namespace(), target.service().id().name() + "-" + version.name())));
		return deployments;
	}

	/** A version scaled to nothing never becomes available. */
	private static boolean runs(Workload workload) {
		return workload.autoscaling() != null || Given.or(workload.replicas(), 1) > 0;
	}

	private Map<Integer, LoadBalancing> portBalancing(RoutingPolicySpec spec) {
		Map<Integer, LoadBalancing> ports = new TreeMap<>();
		this.subject.ports().forEach((port) -> {
			LoadBalancing balancing = Given.map(spec.portLoadBalancing()).get(port.name());
			if (balancing != null) {
				ports.put(port.port(), balancing);
			}
		});
		return ports;
	}

}
