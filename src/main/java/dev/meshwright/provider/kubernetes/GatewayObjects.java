package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.KeyedList;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.provider.kubernetes.Listeners.Listener;

/**
 * The Gateway API objects of an exposure: its own Gateway with exactly its hosts, the
 * HTTPRoute with its rules, and the HTTPRoute that sends plain HTTP to HTTPS. All of them
 * and the certificate's Secret are in the service's namespace, so that no namespace has
 * to trust another.
 */
final class GatewayObjects {

	private static final int DEFAULT_HTTPS_PORT = 443;

	private final ServiceModel service;

	private final Exposure exposure;

	private final Listeners listeners;

	GatewayObjects(ServiceModel service, Exposure exposure) {
		this.service = service;
		this.exposure = exposure;
		this.listeners = new Listeners(exposure);
	}

	List<Manifest> manifests() {
		List<Manifest> manifests = new ArrayList<>();
		manifests.add(gateway());
		route().ifPresent(manifests::add);
		if (this.listeners.redirects()) {
			manifests.add(redirect());
		}
		return manifests;
	}

	private Manifest gateway() {
		List<Tree> written = this.listeners.all().stream().map(this::listener).toList();
		Tree spec = Tree.of("gatewayClassName", this.exposure.gateway().gatewayClass())
			.with("listeners", Tree.list(written));
		ObjectRef ref = ref(ObjectKind.GATEWAY, this.service.ref().name());
		// The old listeners stay until nobody can be on his way to them any more.
		return new Manifest(ref, body(ref, spec), Phase.MAKE, List.of(new KeyedList("/spec/listeners", "name")),
				Set.of());
	}

	private Tree listener(Listener listener) {
		Tree written = Tree.of("name", listener.name())
			.with("hostname", listener.host())
			.with("port", listener.port())
			.with("protocol", listener.secure() ? "HTTPS" : "HTTP");
		if (listener.secure()) {
			String secret = this.exposure.tls().map(ServiceSpec.Exposure.Tls::credentialName).orElse(null);
			List<Tree> references = List.of(Tree.of("kind", "Secret").with("name", secret));
			written.with("tls", Tree.of("mode", "Terminate").with("certificateRefs", Tree.list(references)));
		}
		return written.with("allowedRoutes", Tree.of("namespaces", Tree.of("from", "Same")));
	}

	/** The HTTPRoute, or empty when its rules let no request through. */
	private Optional<Manifest> route() {
		Backends backends = new Backends(this.service, this.exposure);
		List<Tree> rules = new HttpRouteRules(this.service, this.exposure).rules();
		if (rules.isEmpty()) {
			return Optional.empty();
		}
		Tree spec = attachment(this.listeners.routed()).with("rules", Tree.list(rules));
		ObjectRef ref = ref(ObjectKind.HTTP_ROUTE, this.service.ref().name());
		return Optional.of(new Manifest(ref, body(ref, spec), Phase.SWITCH, List.of(), backends.awaits()));
	}

	private Manifest redirect() {
		int port = this.listeners.secure().getFirst().port();
		Tree redirect = Tree.of("scheme", "https")
			.with("port", (port != DEFAULT_HTTPS_PORT) ? port : null)
			.with("statusCode", 301);
		Tree filter = Tree.of("type", "RequestRedirect").with("requestRedirect", redirect);
		List<Tree> rules = List.of(Tree.of("filters", Tree.list(List.of(filter))));
		Tree spec = attachment(this.listeners.plain()).with("rules", Tree.list(rules));
		ObjectRef ref = ref(ObjectKind.HTTP_ROUTE, this.service.ref().name() + "-redirect");
		return new Manifest(ref, body(ref, spec), Phase.SWITCH, List.of(), Set.of());
	}

	private Tree attachment(List<Listener> to) {
		List<Tree> parents = to.stream()
			.map((listener) -> Tree.of("name", this.service.ref().name()).with("sectionName", listener.name()))
			.toList();
		return Tree.of("parentRefs", Tree.list(parents)).with("hostnames", this.exposure.hosts());
	}

	private Map<String, Object> body(ObjectRef ref, Tree spec) {
		return ObjectBody.of(ref, Labels.ofService(this.service.ref().name())).with("spec", spec).toMap();
	}

	private ObjectRef ref(ObjectKind kind, String name) {
		return new ObjectRef(kind, this.service.ref().namespace(), name);
	}

}
