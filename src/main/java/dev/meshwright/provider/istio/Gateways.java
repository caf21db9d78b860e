package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.KeyedList;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry.Listener;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry.Protocol;
import dev.meshwright.model.service.ServiceSpec.Exposure.Mode;
import dev.meshwright.model.service.ServiceSpec.Exposure.Tls;

/**
 * The Gateway of an exposed service, with exactly its hosts. It lives in the service's
 * namespace and binds only VirtualServices of that namespace.
 */
final class Gateways {

	private static final List<Listener> DEFAULT_LISTENERS = List.of(new Listener(80, Protocol.HTTP),
			new Listener(443, Protocol.HTTPS));

	/** Servers are named by their port, of which there is one each. */
	private static final List<KeyedList> WIDENED = List.of(new KeyedList("/spec/servers", "name"));

	private Gateways() {
	}

	static Optional<Manifest> of(ServiceModel service) {
		return Hosts.exposure(service).map((exposure) -> gateway(service, exposure));
	}

	private static Manifest gateway(ServiceModel service, Exposure exposure) {
		ObjectRef ref = IstioObjects.ref(ObjectKind.ISTIO_GATEWAY, service, service.ref().name());
		Tree spec = Tree.of("selector", Values.sorted(exposure.gateway().selector()))
			.with("servers", servers(exposure));
		return new Manifest(ref, IstioObjects.body(ref, service, spec), Manifest.Phase.MAKE, WIDENED, Set.of());
	}

	private static List<Map<String, Object>> servers(Exposure exposure) {
		List<Map<String, Object>> servers = new ArrayList<>();
		for (Listener listener : plain(exposure)) {
			servers.add(server(listener, "HTTP", exposure,
					exposure.tls().isPresent() && redirects(exposure) ? Tree.of("httpsRedirect", true) : new Tree()));
		}
		exposure.tls().ifPresent((tls) -> {
			for (Listener listener : encrypted(exposure)) {
				servers.add(server(listener, (tls.mode() == Mode.PASSTHROUGH) ? "TLS" : "HTTPS", exposure, tls(tls)));
			}
		});
		return servers;
	}

	private static Map<String, Object> server(Listener listener, String protocol, Exposure exposure, Tree tls) {
		String number = Integer.toString(listener.port());
		return Tree.of("name", "port-" + number)
			.with("port",
					Tree.of("number", listener.port())
						.with("name", protocol.toLowerCase(Locale.ROOT) + "-" + number)
						.with("protocol", protocol))
			.with("hosts", exposure.hosts().stream().map((host) -> "./" + host).toList())
			.with("tls", tls)
			.map();
	}

	private static Tree tls(Tls tls) {
		Mode mode = (tls.mode() == null) ? Mode.SIMPLE : tls.mode();
		return (mode == Mode.PASSTHROUGH) ? Tree.of("mode", mode.name()) : Tree.of("mode", mode.name())
			.with("credentialName", tls.credentialName())
			.with("minProtocolVersion", (tls.minProtocolVersion() == null) ? null : tls.minProtocolVersion().name());
	}

	/**
	 * The listeners that take plain HTTP; none when connections are passed through and
	 * plain requests are not sent to HTTPS, for nothing would serve them.
	 */
	private static List<Listener> plain(Exposure exposure) {
		boolean passthrough = exposure.tls().filter((tls) -> tls.mode() == Mode.PASSTHROUGH).isPresent();
		return (passthrough && !redirects(exposure)) ? List.of()
				: listeners(exposure).stream().filter((listener) -> listener.protocol() == Protocol.HTTP).toList();
	}

	/**
	 * The listeners that take TLS: where connections are passed through, those declared
	 * for TLS if there are any.
	 */
	private static List<Listener> encrypted(Exposure exposure) {
		boolean passthrough = exposure.tls().filter((tls) -> tls.mode() == Mode.PASSTHROUGH).isPresent();
		List<Listener> passing = listeners(exposure).stream()
			.filter((listener) -> passthrough && listener.protocol() == Protocol.TLS)
			.toList();
		return !passing.isEmpty() ? passing
				: listeners(exposure).stream().filter((listener) -> listener.protocol() == Protocol.HTTPS).toList();
	}

	private static List<Listener> listeners(Exposure exposure) {
		List<Listener> declared = exposure.gateway().ports();
		return (declared == null || declared.isEmpty()) ? DEFAULT_LISTENERS : declared;
	}

	private static boolean redirects(Exposure exposure) {
		return exposure.tls().filter((tls) -> !Boolean.FALSE.equals(tls.httpsRedirect())).isPresent();
	}

}
