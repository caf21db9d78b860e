package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.meshwright.compile.Objection;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.Diagnostic.Severity;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.service.ServiceSpec;

/** What Ingress cannot say: it knows hosts, paths and one backend for each. */
final class IngressChecks {

	private final ServiceModel service;

	private final Exposure exposure;

	IngressChecks(ServiceModel service, Exposure exposure) {
		this.service = service;
		this.exposure = exposure;
	}

	List<Objection> objections() {
		List<Objection> objections = new ArrayList<>();
		if (this.exposure.tls().map(ServiceSpec.Exposure.Tls::httpsRedirect).orElse(false)) {
			objections.add(new Objection(DiagnosticCode.NOT_EXPRESSIBLE_AT_GATEWAY, Severity.WARNING,
					Objection.About.SERVICE, Optional.empty(), "/spec/exposure/tls/httpsRedirect",
					"Ingress cannot say whether plain HTTP is sent to HTTPS: the Ingress controller decides",
					"see that the controller redirects, or set httpsRedirect: false"));
		}
		for (GatewayRule rule : GatewayRule.of(this.service, this.exposure)) {
			if (rule.split().size() != 1) {
				objections.add(refuse(rule, "/split", "has no single target"));
			}
			else if (!rule.match().stream().allMatch(IngressChecks::isPath)) {
				objections.add(refuse(rule, "/match", "matches on more than an exact path or a path prefix"));
			}
		}
		return objections;
	}

	private static boolean isPath(HttpMatch match) {
		HttpMatch pathOnly = new HttpMatch(match.path(), null, null, null, match.port(), null, null, null, null, null,
				null, null);
		return match.equals(pathOnly) && PathMatch.of(match).type() != PathMatch.Type.REGEX;
	}

	private static Objection refuse(GatewayRule rule, String pointer, String reason) {
		return Objection.toRule(DiagnosticCode.NOT_EXPRESSIBLE_AT_GATEWAY, rule.name(), pointer,
				"Ingress sends paths to one Service each, and rule " + rule.name() + " " + reason,
				"let the rule hold inside the mesh only (appliesTo: mesh), or use a gateway whose api is gatewayApi");
	}

}
