package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

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

	RouteResolver(ServiceSubject subject, ClusterModel cluster) {
		this.subject = subject;
		this.cluster = cluster;
		this.exposed = Optional.ofNullable(subject.spec().exposure())
			.flatMap((exposure) -> ExposureChecks.exposed(exposure, subject.ports()));
		this.destinations = new DestinationResolver(subject);
		this.sources = new SourceResolver(subject);
	}

	ServiceModel.Routing routing() {
		Optional<Resource<RoutingPolicySpec>> policy = this.subject.policy();
		if (policy.isEmpty()) {
			return new ServiceModel.Routing(false, List.of(), List.of(), List.of(), Optional.empty(), Map.of());
		}
		RoutingPolicySpec spec = policy.get().spec();
		At at = this.reported.spec(policy.get().id());
		List<RouteModel.Http> http = new ArrayList<>();
		for (int index = 0; index < Given.list(spec.rules()).size(); index++) {
			http.addAll(http(Given.list(spec.rules()).get(index), index, at));
		}
		List<RouteModel.Tls> tls = new ArrayList<>();
		for (int index = 0; index < Given.list(spec.tls()).size(); index++) {
			tls.add(tls(Given.list(spec.tls()).get(index), index, at));
		}
		List<RouteModel.Tcp> tcp = new ArrayList<>();
		for (int index = 0; index < Given.list(spec.tcp()).size(); index++) {
			tcp.add(tcp(Given.list(spec.tcp()).get(index), index, at));
		}
		return new ServiceModel.Routing(true, List.copyOf(http), List.copyOf(tls), List.copyOf(tcp),
				Optional.ofNullable(spec.loadBalancing()), portBalancing(spec));
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
		if (inMesh && outside && mesh.equals(gateway)) {
			return List.of(new RouteModel.Http(name, true, true, mesh, split, mirrors, rule));
		}
		List<RouteModel.Http> sides = new ArrayList<>();
		if (inMesh) {
			sides.add(new RouteModel.Http(name, true, false, mesh, split, mirrors, rule));
		}
		if (outside) {
			sides.add(new RouteModel.Http(name, false, true, gateway, split, mirrors, rule));
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
			.flatMap((destination) -> target(SplitChecks.wanted(destination), layer, called, at)
				.map((target) -> new RouteModel.Split(target, SplitChecks.weight(destination),
						Optional.ofNullable(destination.headers())))
				.stream())
			.toList();
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
