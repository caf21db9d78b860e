package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.service.ServiceSpec;

/**
 * The listeners of an exposure's Gateway: one for each host and port, so that no other
 * host is answered.
 */
final class Listeners {

	private static final int HTTP_PORT = 80;

	private static final int HTTPS_PORT = 443;

	private final Exposure exposure;

	Listeners(Exposure exposure) {
		this.exposure = exposure;
	}

	/**
	 * One listener.
	 *
	 * @param port the gateway's port
	 * @param host the host
	 * @param secure whether TLS ends here
	 */
	record Listener(int port, String host, boolean secure) {

		/** Unique in the Gateway and the same as long as host and port are. */
		String name() {
			String wildcard = this.host.startsWith("*.") ? "-wildcard." + this.host.substring(2) : "." + this.host;
			return (this.secure ? "https-" : "http-") + this.port + wildcard;
		}

	}

	/** Listeners for plain HTTP. */
	List<Listener> plain() {
		return of(ports(GatewayEntry.Protocol.HTTP, HTTP_PORT), false);
	}

	/** Listeners for HTTPS; none without TLS. */
	List<Listener> secure() {
		return this.exposure.tls().isEmpty() ? List.of() : of(ports(GatewayEntry.Protocol.HTTPS, HTTPS_PORT), true);
	}

	List<Listener> all() {
		List<Listener> all = new ArrayList<>(plain());
		all.addAll(secure());
		return all;
	}

	/** Whether plain HTTP requests are sent to HTTPS. */
	boolean redirects() {
		return this.exposure.tls().map(ServiceSpec.Exposure.Tls::httpsRedirect).orElse(false) && !plain().isEmpty();
	}

	/** Listeners whose requests follow the routing rules. */
	List<Listener> routed() {
		return redirects() ? secure() : all();
	}

	private List<Listener> of(List<Integer> ports, boolean secure) {
		return ports.stream()
			.flatMap((port) -> this.exposure.hosts().stream().map((host) -> new Listener(port, host, secure)))
			.toList();
	}

	private List<Integer> ports(GatewayEntry.Protocol protocol, int otherwise) {
		List<GatewayEntry.Listener> declared = this.exposure.gateway().ports();
		return (declared == null) ? List.of(otherwise)
				: declared.stream()
					.filter((listener) -> listener.protocol() == protocol)
					.map(GatewayEntry.Listener::port)
					.toList();
	}

}
