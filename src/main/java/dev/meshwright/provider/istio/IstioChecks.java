package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.meshwright.compile.Objection;
import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.LoadBalancing;
import dev.meshwright.model.service.ServiceSpec.External.Resolution;

/**
 * What Istio would refuse, or silently not do, although the declaration is sound in
 * itself: fields that a release does not have, server names of others.
 */
final class IstioChecks {

	private IstioChecks() {
	}

	static List<Objection> of(ServiceModel service) {
		List<Objection> objections = new ArrayList<>();
		redirects(service, objections);
		warmup(service, objections);
		retryBudget(service, objections);
		rateLimit(service, objections);
		tokenCookies(service, objections);
		resolution(service, objections);
		serverNames(service, objections);
		return objections;
	}

	private static void redirects(ServiceModel service, List<Objection> objections) {
		if (MeshVersion.REDIRECT_PREFIX_REWRITE.isNewerThanThatOf(service.cluster())) {
			service.routing()
				.http()
				.stream()
				.filter(IstioChecks::rewritesPrefix)
				.forEach((rule) -> objections
					.add(Objection.toRule(DiagnosticCode.MESH_VERSION_TOO_OLD, rule.name(), "/redirect/prefixRewrite",
							tooOld(service, "a redirect with prefixRewrite", MeshVersion.REDIRECT_PREFIX_REWRITE),
							"Redirect to a whole path with uri, or upgrade the mesh and its meshVersion.")));
		}
	}

	private static boolean rewritesPrefix(RouteModel.Http rule) {
		HttpRule.Redirect redirect = rule.rule().redirect();
		return redirect != null && redirect.prefixRewrite() != null;
	}

	private static void warmup(ServiceModel service, List<Objection> objections) {
		if (!MeshVersion.WARMUP.isNewerThanThatOf(service.cluster())) {
			return;
		}
		service.routing()
			.loadBalancing()
			.filter(IstioChecks::shapesWarmup)
			.ifPresent((_) -> objections.add(warmup(service, "/spec/loadBalancing")));
		service.ports()
			.stream()
			.filter((port) -> Optional.ofNullable(service.routing().portLoadBalancing().get(port.port()))
				.filter(IstioChecks::shapesWarmup)
				.isPresent())
			.forEach((port) -> objections.add(warmup(service, "/spec/portLoadBalancing/" + port.name())));
	}

	private static boolean shapesWarmup(LoadBalancing balancing) {
		LoadBalancing.Warmup warmup = balancing.warmup();
		return warmup != null && (warmup.minimumPercent() != null || warmup.aggression() != null);
	}

	private static Objection warmup(ServiceModel service, String balancing) {
		return Objection.toPolicy(DiagnosticCode.MESH_VERSION_TOO_OLD, balancing + "/warmup",
				tooOld(service, "warmup with minimumPercent or aggression", MeshVersion.WARMUP),
				"Leave both out, or upgrade the mesh and its meshVersion.");
	}

	private static void retryBudget(ServiceModel service, List<Objection> objections) {
		if (service.failover().retryBudget().isPresent()
				&& MeshVersion.RETRY_BUDGET.isNewerThanThatOf(service.cluster())) {
			objections.add(Objection.toService(DiagnosticCode.MESH_VERSION_TOO_OLD, "/spec",
					tooOld(service, "a retryBudget", MeshVersion.RETRY_BUDGET),
					"Leave it out of the failover policies, or upgrade the mesh and its meshVersion."));
		}
	}

	private static void rateLimit(ServiceModel service, List<Objection> objections) {
		if (service.failover().rateLimit().isPresent() && MeshVersion.RATE_LIMIT.isNewerThanThatOf(service.cluster())) {
			objections.add(Objection.toService(DiagnosticCode.MESH_VERSION_TOO_OLD, "/spec",
					tooOld(service, "a rateLimit", MeshVersion.RATE_LIMIT),
					"Leave it out of the failover policies, or upgrade the mesh and its meshVersion."));
		}
	}

	private static void tokenCookies(ServiceModel service, List<Objection> objections) {
		if (service.security().jwt().stream().anyMatch((issuer) -> issuer.fromCookies() != null)
				&& MeshVersion.TOKEN_COOKIES.isNewerThanThatOf(service.cluster())) {
			objections.add(Objection.toService(DiagnosticCode.MESH_VERSION_TOO_OLD, "/spec",
					tooOld(service, "tokens fromCookies", MeshVersion.TOKEN_COOKIES),
					"Leave it out of the security policies, or upgrade the mesh and its meshVersion."));
		}
	}

	private static void resolution(ServiceModel service, List<Objection> objections) {
		if (service.external().filter((external) -> external.resolution() == Resolution.DYNAMIC_DNS).isPresent()
				&& MeshVersion.DYNAMIC_DNS.isNewerThanThatOf(service.cluster())) {
			objections.add(Objection.toService(DiagnosticCode.MESH_VERSION_TOO_OLD, "/spec/external/resolution",
					tooOld(service, "resolution DYNAMIC_DNS", MeshVersion.DYNAMIC_DNS),
					"Use another resolution, or upgrade the mesh and its meshVersion."));
		}
	}

	private static String tooOld(ServiceModel service, String what, MeshVersion since) {
		return "Istio has " + what + " since " + since + ", but cluster " + service.cluster().name() + " runs "
				+ service.cluster().meshVersion().orElse("an unknown version") + ".";
	}

	private static void serverNames(ServiceModel service, List<Objection> objections) {
		List<String> known = Hosts.serverNames(service);
		List<RouteModel.Tls> rules = service.routing().tls();
		for (int rule = 0; rule < rules.size(); rule++) {
			List<RouteModel.TlsMatch> matches = rules.get(rule).match();
			for (int match = 0; match < matches.size(); match++) {
				List<String> names = matches.get(match).sni();
				for (int name = 0; name < names.size(); name++) {
					if (!Hosts.covers(known, names.get(name))) {
						objections.add(foreign(names.get(name), known,
								"/spec/tls/" + rule + "/match/" + match + "/sni/" + name));
					}
				}
			}
		}
	}

	private static Objection foreign(String sni, List<String> known, String pointer) {
		return Objection.toPolicy(DiagnosticCode.SNI_NOT_OF_SERVICE, pointer,
				"A TLS rule matches the server name " + sni + ", which is none of the service's own: "
						+ String.join(", ", known) + ".",
				"Match one of these names, or expose the service under " + sni + ".");
	}

}
