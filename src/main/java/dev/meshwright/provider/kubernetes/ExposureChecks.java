package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.meshwright.compile.Objection;
import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.ServiceSpec.Exposure.MinProtocolVersion;
import dev.meshwright.model.service.ServiceSpec.Exposure.Mode;

/** What neither Ingress nor Gateway API can say. */
final class ExposureChecks {

	private final ServiceModel service;

	private final Exposure exposure;

	private final List<Objection> objections = new ArrayList<>();

	ExposureChecks(ServiceModel service, Exposure exposure) {
		this.service = service;
		this.exposure = exposure;
	}

	List<Objection> objections() {
		if (this.service.external().isPresent()) {
			refuse("/spec/exposure", "it sends requests to Services only, and an external service has none",
					"expose it at a gateway whose api is istio");
		}
		this.exposure.tls().ifPresent(this::checkTls);
		List<GatewayRule> rules = GatewayRule.of(this.service, this.exposure);
		RuleOrder.swap(rules).ifPresent(this::refuseOrder);
		rules.forEach(this::checkTargets);
		return this.objections;
	}

	private void checkTls(ServiceSpec.Exposure.Tls tls) {
		if (tls.mode() == Mode.PASSTHROUGH || tls.mode() == Mode.MUTUAL) {
			refuse("/spec/exposure/tls/mode", "it cannot do TLS mode " + tls.mode(),
					"use mode SIMPLE, or a gateway whose api is istio");
		}
		if (tls.minProtocolVersion() == MinProtocolVersion.TLSV1_3) {
			refuse("/spec/exposure/tls/minProtocolVersion", "it cannot ask for a lowest TLS version",
					"leave minProtocolVersion out and set it where the gateway is installed");
		}
	}

	private void refuseOrder(RuleOrder.Swap swap) {
		this.objections.add(Objection.toRule(DiagnosticCode.RULE_ORDER_NOT_KEPT, swap.later().name(), "/match",
				gateway() + " sorts rules by how specific they are: rule " + swap.later().name()
						+ " would take requests that the order gives to rule " + swap.first().name(),
				"declare the more specific rule first, or narrow the match of " + swap.first().name()));
	}

	private void checkTargets(GatewayRule rule) {
		Backends backends = new Backends(this.service, this.exposure);
		Stream
			.concat(rule.split().stream().map(RouteModel.Split::target),
					rule.mirrors().stream().map(RouteModel.Mirror::target))
			.filter((target) -> !backends.obstacle(target).isEmpty())
			.findFirst()
			.ifPresent((target) -> this.objections
				.add(Objection.toRule(DiagnosticCode.NOT_EXPRESSIBLE_AT_GATEWAY, rule.name(), "",
						gateway() + " cannot send requests to " + target.service()
								+ target.version().map((version) -> " " + version).orElse("") + ", which "
								+ backends.obstacle(target),
						"let the rule hold inside the mesh only (appliesTo: mesh), or use a gateway whose api is"
								+ " istio")));
	}

	private void refuse(String pointer, String reason, String remedy) {
		this.objections.add(Objection.toService(DiagnosticCode.NOT_EXPRESSIBLE_AT_GATEWAY, pointer,
				gateway() + ": " + reason, remedy));
	}

	private String gateway() {
		return "gateway " + this.exposure.gateway().name() + " of cluster " + this.service.cluster().name() + " (api "
				+ this.exposure.gateway().api() + ")";
	}

}
