package dev.meshwright.provider.istio;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.RouteModel.Target;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Protocol;

/**
 * Rules for several ports whose destinations follow the port that was called. Istio's
 * analysis wants a port wherever a destination has several (IST0112), so such a rule
 * becomes one for each port.
 */
final class FollowedPorts {

	private static final HttpMatch EVERY_REQUEST = new HttpMatch(null, null, null, null, null, null, null, null, null,
			null, null, null);

	private static final Set<Protocol> HTTP = EnumSet.of(Protocol.HTTP, Protocol.HTTP2, Protocol.GRPC);

	private static final Set<Protocol> TLS = EnumSet.of(Protocol.TLS, Protocol.HTTPS);

	private static final Set<Protocol> TCP = EnumSet.of(Protocol.TCP, Protocol.MONGO, Protocol.MYSQL, Protocol.REDIS);

	private final List<Port> ports;

	FollowedPorts(List<Port> ports) {
		this.ports = ports;
	}

	Stream<RouteModel.Http> http(RouteModel.Http rule) {
		Stream<Target> targets = Stream.concat(rule.split().stream().map(RouteModel.Split::target),
				rule.mirrors().stream().map(RouteModel.Mirror::target));
		List<Port> called = ports(HTTP);
		return follow(targets, called) ? called.stream().flatMap((port) -> http(rule, port).stream()) : Stream.of(rule);
	}

	private static Optional<RouteModel.Http> http(RouteModel.Http rule, Port port) {
		Optional<Integer> number = Optional.of(port.port());
		List<RouteModel.Match> match = rule.match().isEmpty()
				? List.of(new RouteModel.Match(EVERY_REQUEST, number, List.of()))
				: rule.match()
					.stream()
					.filter((each) -> holds(each.port(), port))
					.map((each) -> new RouteModel.Match(each.declared(), number, each.sources()))
					.toList();
		return match.isEmpty() ? Optional.empty()
				: Optional.of(new RouteModel.Http(rule.name() + "." + port.name(), rule.mesh(), rule.gateway(), match,
						split(rule.split(), port),
						rule.mirrors()
							.stream()
							.map((mirror) -> new RouteModel.Mirror(target(mirror.target(), port), mirror.percentage()))
							.toList(),
						rule.rule()));
	}

	Stream<RouteModel.Tls> tls(RouteModel.Tls rule) {
		List<Port> called = ports(TLS);
		return follow(rule.split().stream().map(RouteModel.Split::target), called)
				? called.stream().flatMap((port) -> tls(rule, port).stream()) : Stream.of(rule);
	}

	private static Optional<RouteModel.Tls> tls(RouteModel.Tls rule, Port port) {
		List<RouteModel.TlsMatch> match = rule.match()
			.stream()
			.filter((each) -> holds(each.port(), port))
			.map((each) -> new RouteModel.TlsMatch(each.sni(), Optional.of(port.port()), each.sources()))
			.toList();
		return match.isEmpty() ? Optional.empty() : Optional
			.of(new RouteModel.Tls(rule.name(), rule.mesh(), rule.gateway(), match, split(rule.split(), port)));
	}

	Stream<RouteModel.Tcp> tcp(RouteModel.Tcp rule) {
		List<Port> called = ports(TCP);
		return follow(rule.split().stream().map(RouteModel.Split::target), called)
				? called.stream().flatMap((port) -> tcp(rule, port).stream()) : Stream.of(rule);
	}

	private static Optional<RouteModel.Tcp> tcp(RouteModel.Tcp rule, Port port) {
		Optional<Integer> number = Optional.of(port.port());
		List<RouteModel.TcpMatch> match = rule.match().isEmpty()
				? List.of(new RouteModel.TcpMatch(number, List.of(), List.of()))
				: rule.match()
					.stream()
					.filter((each) -> holds(each.port(), port))
					.map((each) -> new RouteModel.TcpMatch(number, each.destinationSubnets(), each.sources()))
					.toList();
		return match.isEmpty() ? Optional.empty() : Optional
			.of(new RouteModel.Tcp(rule.name(), rule.mesh(), rule.gateway(), match, split(rule.split(), port)));
	}

	private static boolean follow(Stream<Target> targets, List<Port> called) {
		return called.size() > 1 && targets.anyMatch((target) -> target.port().isEmpty());
	}

	private List<Port> ports(Set<Protocol> protocols) {
		return this.ports.stream().filter((port) -> protocols.contains(port.protocol())).toList();
	}

	private static boolean holds(Optional<Integer> matched, Port port) {
		return matched.map((number) -> number == port.port()).orElse(true);
	}

	private static List<RouteModel.Split> split(List<RouteModel.Split> split, Port port) {
		return split.stream()
			.map((part) -> new RouteModel.Split(target(part.target(), port), part.weight(), part.headers()))
			.toList();
	}

	private static Target target(Target target, Port port) {
		return new Target(target.service(), target.host(), target.version(),
				target.port().or(() -> Optional.of(port.port())), target.deployments());
	}

}
