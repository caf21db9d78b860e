package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.provider.kubernetes.PathMatch.Type;

/**
 * The Ingress of an exposure at a gateway whose api is {@code ingress}. The certificate's
 * Secret is in the service's own namespace, as Ingress wants it.
 */
final class IngressObject {

	private final ServiceModel service;

	private final Exposure exposure;

	private final Backends backends;

	IngressObject(ServiceModel service, Exposure exposure) {
		this.service = service;
		this.exposure = exposure;
		this.backends = new Backends(service, exposure);
	}

	/** The Ingress, or empty when its rules let no request through. */
	Optional<Manifest> manifest() {
		ObjectRef ref = new ObjectRef(ObjectKind.INGRESS, this.service.ref().namespace(), this.service.ref().name());
		List<Map<String, Object>> paths = Tree.list(paths().toList());
		if (paths.isEmpty()) {
			return Optional.empty();
		}
		List<Tree> rules = this.exposure.hosts()
			.stream()
			.map((host) -> Tree.of("host", host).with("http", Tree.of("paths", paths)))
			.toList();
		Tree spec = Tree.of("ingressClassName", this.exposure.gateway().gatewayClass());
		this.exposure.tls()
			.ifPresent((tls) -> spec.with("tls",
					List.of(Tree.of("hosts", this.exposure.hosts()).with("secretName", tls.credentialName()).toMap())));
		Map<String, Object> body = ObjectBody.of(ref, Labels.ofService(ref.name()))
			.with("spec", spec.with("rules", Tree.list(rules)))
			.toMap();
		return Optional.of(new Manifest(ref, body, Phase.SWITCH, List.of(), this.backends.awaits()));
	}

	private Stream<Tree> paths() {
		List<GatewayRule> rules = GatewayRule.of(this.service, this.exposure);
		if (!GatewayRule.any(this.service)) {
			return Stream.of(path(new PathMatch(Type.PREFIX, "/"), this.backends.whole()));
		}
		return rules.stream()
			.flatMap((rule) -> rule.match()
				.stream()
				.map((match) -> path(PathMatch.of(match), this.backends.of(rule.split().getFirst().target()))));
	}

	private static Tree path(PathMatch match, Tree backend) {
		Map<String, Object> named = backend.toMap();
		Tree service = Tree.of("name", named.get("name")).with("port", Tree.of("number", named.get("port")));
		return Tree.of("path", match.value())
			.with("pathType", (match.type() == Type.EXACT) ? "Exact" : "Prefix")
			.with("backend", Tree.of("service", service));
	}

}
