package dev.meshwright.provider.istio;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.ServiceModel.Exposure;

/** TLS and TCP rules as Istio's routes of connections. */
final class ConnectionRoutes {

	private ConnectionRoutes() {
	}

	/**
	 * A TLS rule, or nothing when it never holds.
	 * @param rule the rule
	 * @param hosts the VirtualService's hosts; other server names never arrive there
	 * @param destinations where connections go
	 */
	static Optional<Map<String, Object>> tls(RouteModel.Tls rule, List<String> hosts, Destinations destinations) {
		List<Map<String, Object>> matches = rule.match()
			.stream()
			.filter((match) -> destinations.side().canMatch(match.port(), match.sources()))
			.flatMap((match) -> tlsMatches(match, hosts, destinations.side()))
			.toList();
		return matches.isEmpty() ? Optional.empty()
				: Optional.of(Tree.of("match", matches).with("route", destinations.weighted(rule.split())).map());
	}

	private static Stream<Map<String, Object>> tlsMatches(RouteModel.TlsMatch match, List<String> hosts, Side side) {
		List<String> sni = match.sni().stream().filter((name) -> Hosts.covers(hosts, name)).toList();
		return sni.isEmpty() ? Stream.empty()
				: bySource(match.sources(),
						(source) -> withSource(
								Tree.of("sniHosts", sni).with("port", side.portMatch(match.port()).orElse(null)),
								source));
	}

	/** A TCP rule for callers inside the mesh. */
	static Map<String, Object> tcp(RouteModel.Tcp rule, Destinations destinations) {
		List<Map<String, Object>> matches = rule.match()
			.stream()
			.flatMap((match) -> bySource(match.sources(),
					(source) -> withSource(Tree.of("destinationSubnets", match.destinationSubnets())
						.with("port", match.port().orElse(null)), source)))
			.toList();
		return Tree.of("match", matches.stream().anyMatch(Map::isEmpty) ? List.of() : matches)
			.with("route", destinations.weighted(rule.split()))
			.map();
	}

	/** Everything that asks for one of the exposed hosts goes to the exposed port. */
	static Map<String, Object> passthrough(Exposure exposure, String host) {
		Tree destination = Tree.of("host", host).with("port", Tree.of("number", exposure.port().port()));
		return Tree.of("match", List.of(Tree.of("sniHosts", exposure.hosts()).map()))
			.with("route", List.of(Tree.of("destination", destination).map()))
			.map();
	}

	private static Stream<Map<String, Object>> bySource(List<RouteModel.Source> sources,
			Function<Optional<RouteModel.Source>, Map<String, Object>> match) {
		return sources.isEmpty() ? Stream.of(match.apply(Optional.empty()))
				: sources.stream().map((source) -> match.apply(Optional.of(source)));
	}

	private static Map<String, Object> withSource(Tree match, Optional<RouteModel.Source> source) {
		return match.with("sourceLabels", source.map((caller) -> Values.sorted(caller.labels())).orElse(null))
			.with("sourceNamespace", source.flatMap(RouteModel.Source::namespace).orElse(null))
			.map();
	}

}
