package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.meshwright.compile.SecurityModel;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.security.JwtIssuer.ClaimToHeader;
import dev.meshwright.model.security.JwtIssuer.TokenHeader;

/**
 * The mutual TLS and the token issuers of a service, and what selects its pods: labels
 * where each pod has its proxy, a reference to the Service where a waypoint has it.
 */
final class SecurityObjects {

	private SecurityObjects() {
	}

	static List<Manifest> of(ServiceModel service) {
		List<Manifest> manifests = new ArrayList<>();
		SecurityModel security = service.security();
		if (security.mutualTls().isPresent() || !security.portMutualTls().isEmpty()) {
			manifests.add(peerAuthentication(service));
		}
		if (!security.jwt().isEmpty()) {
			manifests.add(requestAuthentication(service));
		}
		manifests.addAll(AuthorizationPolicies.of(service));
		return manifests;
	}

	private static Manifest peerAuthentication(ServiceModel service) {
		Map<String, Object> ports = new LinkedHashMap<>();
		service.security()
			.portMutualTls()
			.forEach((port, mode) -> ports.put(Integer.toString(port), Map.of("mode", mode.name())));
		ObjectRef ref = IstioObjects.ref(ObjectKind.PEER_AUTHENTICATION, service, service.ref().name());
		return Manifest.make(ref,
				IstioObjects.body(ref, service, Tree.of("selector", pods(service))
					.with("mtls",
							service.security().mutualTls().map((mode) -> Map.of("mode", mode.name())).orElse(null))
					.with("portLevelMtls", ports)));
	}

	private static Manifest requestAuthentication(ServiceModel service) {
		ObjectRef ref = IstioObjects.ref(ObjectKind.REQUEST_AUTHENTICATION, service, service.ref().name());
		List<Map<String, Object>> rules = service.security().jwt().stream().map(SecurityObjects::jwtRule).toList();
		return Manifest.make(ref, IstioObjects.body(ref, service, target(service).with("jwtRules", rules)));
	}

	private static Map<String, Object> jwtRule(JwtIssuer issuer) {
		List<TokenHeader> headers = (issuer.fromHeaders() != null) ? issuer.fromHeaders() : List.of();
		List<ClaimToHeader> outputs = (issuer.outputClaimToHeaders() != null) ? issuer.outputClaimToHeaders()
				: List.of();
		return Tree.of("issuer", issuer.issuer())
			.with("audiences", issuer.audiences())
			.with("jwksUri", issuer.jwksUri())
			.with("jwks", issuer.jwks())
			.with("fromHeaders",
					headers.stream()
						.map((header) -> Tree.of("name", header.name()).with("prefix", header.prefix()).map())
						.toList())
			.with("fromParams", issuer.fromParams())
			.with("fromCookies", issuer.fromCookies())
			.with("forwardOriginalToken", Boolean.TRUE.equals(issuer.forwardOriginalToken()) ? true : null)
			.with("outputClaimToHeaders", outputs.stream().map(SecurityObjects::output).toList())
			.with("outputPayloadToHeader", issuer.outputPayloadToHeader())
			.map();
	}

	private static Map<String, Object> output(ClaimToHeader output) {
		return Tree.of("header", output.header()).with("claim", output.claim()).map();
	}

	/** To what a policy about requests is attached. */
	static Tree target(ServiceModel service) {
		return isAmbient(service)
				? Tree.of("targetRefs", List.of(Tree.of("kind", "Service").with("name", service.ref().name()).map()))
				: Tree.of("selector", pods(service));
	}

	static boolean isAmbient(ServiceModel service) {
		return service.namespace().injection() == Injection.AMBIENT;
	}

	/** The labels that all pods of the service have in common. */
	static Tree pods(ServiceModel service) {
		return Tree.of("matchLabels", podLabels(service));
	}

	static Map<String, String> podLabels(ServiceModel service) {
		Map<String, String> common = new LinkedHashMap<>();
		if (service.managedVersions().size() == service.versions().size()) {
			common.put("app.kubernetes.io/name", service.ref().name());
		}
		else {
			common.putAll(Values.sorted(service.versions().getFirst().labels()));
			service.versions().forEach((version) -> common.entrySet().retainAll(version.labels().entrySet()));
		}
		return common;
	}

}
