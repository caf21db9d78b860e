package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.service.ServiceSpec.Exposure.Mode;

/**
 * The VirtualServices of a service: one for callers inside the mesh, one for requests
 * through its gateway. They are two because their hosts, and with them who may be routed,
 * are different. A side about which no rule speaks is not routed by the policy: its
 * requests go to the service as a whole.
 */
final class VirtualServices {

	private VirtualServices() {
	}

	static List<Manifest> of(ServiceModel service) {
		List<Manifest> manifests = new ArrayList<>();
		List<String> hosts = Hosts.ofCallee(service);
		for (int index = 0; index < hosts.size(); index++) {
			String name = IstioRenderer.numbered(service.ref().name(), index);
			mesh(service, name, hosts.get(index)).ifPresent(manifests::add);
		}
		Hosts.exposure(service).flatMap((exposure) -> gateway(service, exposure)).ifPresent(manifests::add);
		return manifests;
	}

	private static Optional<Manifest> mesh(ServiceModel service, String name, String host) {
		Destinations destinations = new Destinations(service.ref(), host, Side.mesh());
		Rules rules = Rules.of(service.routing(), destinations.side()).on(new FollowedPorts(service.ports()));
		List<String> hosts = new ArrayList<>(List.of(host));
		if (service.external().isEmpty()) {
			rules.serverNames()
				.filter((sni) -> !Hosts.covers(hosts, sni) && Hosts.covers(Hosts.serverNames(service), sni))
				.forEach(hosts::add);
		}
		Tree routes = Tree.of("http", http(rules, destinations))
			.with("tls", tls(rules, hosts, destinations))
			.with("tcp", rules.tcp().stream().map((rule) -> ConnectionRoutes.tcp(rule, destinations)).toList());
		return manifest(service, name, Tree.of("hosts", hosts), routes, rules.awaited(), rules.needed(service));
	}

	private static Optional<Manifest> gateway(ServiceModel service, Exposure exposure) {
		String host = Hosts.ofCallee(service).getFirst();
		Destinations destinations = new Destinations(service.ref(), host, Side.gateway(exposure));
		Rules rules = Rules.of(service.routing(), destinations.side());
		boolean passthrough = exposure.tls().filter((tls) -> tls.mode() == Mode.PASSTHROUGH).isPresent();
		Tree routes = new Tree();
		if (passthrough) {
			routes.with("tls", rules.speaksOfTls() ? tls(rules, exposure.hosts(), destinations)
					: List.of(ConnectionRoutes.passthrough(exposure, host)));
		}
		else {
			routes.with("http",
					rules.speaksOfHttp() ? http(rules, destinations) : List.of(defaultRoute(exposure, host)));
		}
		boolean whole = passthrough ? !rules.speaksOfTls() : !rules.speaksOfHttp();
		Tree head = Tree.of("hosts", exposure.hosts())
			.with("gateways", List.of(service.ref().namespace() + "/" + service.ref().name()));
		return manifest(service, service.ref().name() + "-gateway", head, routes,
				whole ? IstioObjects.deployments(service) : rules.awaited(), whole ? Set.of() : rules.needed(service));
	}

	private static Optional<Manifest> manifest(ServiceModel service, String name, Tree head, Tree routes,
			Set<ObjectRef> awaits, Set<Manifest.Need> needs) {
		if (routes.isEmpty()) {
			return Optional.empty();
		}
		ObjectRef ref = IstioObjects.ref(ObjectKind.VIRTUAL_SERVICE, service, name);
		Tree spec = head.with("exportTo", Hosts.exportTo(service));
		routes.map().forEach(spec::with);
		return Optional.of(new Manifest(ref, IstioObjects.body(ref, service, spec), Manifest.Phase.SWITCH, List.of(),
				awaits, Set.of(), needs));
	}

	private static List<Map<String, Object>> http(Rules rules, Destinations destinations) {
		return rules.http().stream().flatMap((rule) -> HttpRoutes.of(rule, destinations).stream()).toList();
	}

	private static List<Map<String, Object>> tls(Rules rules, List<String> hosts, Destinations destinations) {
		return rules.tls()
			.stream()
			.flatMap((rule) -> ConnectionRoutes.tls(rule, hosts, destinations).stream())
			.toList();
	}

	private static Map<String, Object> defaultRoute(Exposure exposure, String host) {
		Tree destination = Tree.of("host", host).with("port", Tree.of("number", exposure.port().port()));
		return Tree.of("name", "default")
			.with("route", List.of(Tree.of("destination", destination).map()))
			.with("retries", HttpPolicies.retries(null))
			.map();
	}

	/**
	 * The rules that can hold on one side.
	 *
	 * @param speaksOfHttp whether HTTP rules are about this side, even if none of them
	 * can hold there
	 * @param speaksOfTls the same of TLS rules
	 */
	private record Rules(List<RouteModel.Http> http, List<RouteModel.Tls> tls, List<RouteModel.Tcp> tcp,
			boolean speaksOfHttp, boolean speaksOfTls) {

		static Rules of(ServiceModel.Routing routing, Side side) {
			List<RouteModel.Http> http = routing.http()
				.stream()
				.filter((rule) -> side.isMeant(rule.mesh(), rule.gateway()))
				.toList();
			List<RouteModel.Tls> tls = routing.tls()
				.stream()
				.filter((rule) -> side.isMeant(rule.mesh(), rule.gateway()))
				.toList();
			List<RouteModel.Tcp> tcp = side.isGateway() ? List.of()
					: routing.tcp().stream().filter(RouteModel.Tcp::mesh).toList();
			return new Rules(http.stream().filter((rule) -> !HttpMatches.of(rule, side).isEmpty()).toList(), tls, tcp,
					!http.isEmpty(), !tls.isEmpty());
		}

		/** The same rules, with a port wherever they go. */
		Rules on(FollowedPorts ports) {
			return new Rules(this.http.stream().flatMap(ports::http).toList(),
					this.tls.stream().flatMap(ports::tls).toList(), this.tcp.stream().flatMap(ports::tcp).toList(),
					this.speaksOfHttp, this.speaksOfTls);
		}

		Stream<String> serverNames() {
			return this.tls.stream().flatMap((rule) -> rule.match().stream()).flatMap((match) -> match.sni().stream());
		}

		private Stream<RouteModel.Split> splits() {
			return Stream
				.of(this.http.stream().map(RouteModel.Http::split), this.tls.stream().map(RouteModel.Tls::split),
						this.tcp.stream().map(RouteModel.Tcp::split))
				.flatMap((lists) -> lists)
				.flatMap(List::stream);
		}

		/** The Services and subsets of other services that the rules lead to. */
		Set<Manifest.Need> needed(ServiceModel service) {
			Set<Manifest.Need> needs = new TreeSet<>();
			Stream
				.concat(splits().map(RouteModel.Split::target),
						this.http.stream().flatMap((rule) -> rule.mirrors().stream()).map(RouteModel.Mirror::target))
				.filter((target) -> !target.service().equals(service.ref()))
				.forEach((target) -> needs.addAll(Destinations.needed(target, service.cluster())));
			return needs;
		}

		Set<ObjectRef> awaited() {
			return Destinations.awaited(splits(), this.http.stream().flatMap((rule) -> rule.mirrors().stream()));
		}

	}

}
