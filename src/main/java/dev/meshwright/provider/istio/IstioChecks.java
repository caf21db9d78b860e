package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
		boolean shaped = Stream
			.concat(service.routing().loadBalancing().stream(), service.routing().portLoadBalancing().values().stream())
			.map(LoadBalancing::warmup)
			.anyMatch((warmup) -> warmup != null && (warmup.minimumPercent() != null || warmup.aggression() != null));
		if (shaped && MeshVersion.WARMUP.isNewerThanThatOf(service.cluster())) {
			objections.add(Objection.toService(DiagnosticCode.MESH_VERSION_TOO_OLD, "/spec",
					tooOld(service, "warmup with minimumPercent or aggression", MeshVersion.WARMUP),
					"Leave both out of the routing policy, or upgrade the mesh and its meshVersion."));
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
		service.routing()
			.tls()
			.stream()
			.flatMap((rule) -> rule.match().stream())
			.flatMap((match) -> match.sni().stream())
			.filter((sni) -> !Hosts.covers(known, sni))
			.distinct()
			.forEach((sni) -> objections.add(Objection.toService(DiagnosticCode.SNI_NOT_OF_SERVICE, "/spec",
					"A TLS rule matches the server name " + sni + ", which is none of the service's own: "
							+ String.join(", ", known) + ".",
					"Match one of these names, or expose the service under " + sni + ".")));
	}

}
