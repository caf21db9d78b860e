package dev.meshwright.compile;

import java.util.List;
import java.util.Objects;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.PolicyTarget.Level;
import dev.meshwright.model.Resource;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.RoutingPolicySpec;

/** What callers of a service do when parts of it fail. */
final class FailoverChecks implements Check {

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		List<Resource<FailoverPolicySpec>> own = subject.failover()
			.stream()
			.filter((policy) -> PolicyTarget.of(policy).orElseThrow().level() == Level.SERVICE)
			.toList();
		for (Resource<FailoverPolicySpec> policy : own) {
			Names.object(policy.id().name(), findings.name(policy.id()));
			FailoverFieldChecks.check(policy.spec(), findings.spec(policy.id()));
			http(policy.spec(), subject, findings.spec(policy.id()));
			findings.spec(policy.id())
				.given("rateLimit", policy.spec().rateLimit(), (limit, at) -> RateLimitChecks.own(limit, subject, at));
			BackupChecks.check(policy.spec(), subject, findings.spec(policy.id()));
		}
		own.stream()
			.skip(1)
			.forEach((extra) -> findings.spec(extra.id())
				.at("service")
				.report(DiagnosticCode.ALREADY_CLAIMED, subject.ref() + " already has " + own.getFirst().id(),
						"a service has one failover policy: change that one"));
		FailoverLayers layers = subject.failoverLayers();
		if (!layers.policies().isEmpty()) {
			FailoverLayerChecks.check(layers, findings);
			EjectionChecks.check(subject, layers, findings);
			ejectedIsReady(layers, findings);
			subject.policy().ifPresent((policy) -> rules(policy, RuleDefaults.of(layers.merged()), findings));
		}
	}

	/** The two look at different things, which the names do not tell. */
	private static void ejectedIsReady(FailoverLayers layers, Findings findings) {
		if (layers.merged().backup() != null && FailoverLayerChecks.detects(layers.merged().outlierDetection())) {
			layers.at(findings, FailoverPolicySpec::backup, "backup")
				.report(DiagnosticCode.EJECTED_IS_READY,
						"outlierDetection ejects endpoints that Kubernetes goes on to call ready");
		}
	}

	private static void http(FailoverPolicySpec policy, ServiceSubject subject, At at) {
		if (Layer.HTTP.of(subject.ports()).isEmpty() && !subject.ports().isEmpty()) {
			at.given("timeout", policy.timeout(), (_, place) -> notHttp(place));
			at.given("retries", policy.retries(), (_, place) -> notHttp(place));
		}
	}

	private static void notHttp(At at) {
		at.report(DiagnosticCode.PORT_NOT_ROUTABLE, "the service has no port that speaks HTTP", Layer.HTTP.text());
	}

	/** Warns of a rule whose own half does not fit to the half that it inherits. */
	private static void rules(Resource<RoutingPolicySpec> policy, RuleDefaults defaults, Findings findings) {
		findings.spec(policy.id()).each("rules", policy.spec().rules(), (rule, at) -> {
			HttpRule filled = defaults.fill(rule);
			boolean mixed = !Objects.equals(filled, rule) && (rule.timeout() != null || rule.retries() != null);
			if (mixed && filled.retries() != null) {
				HttpResilienceChecks.fit(filled.timeout(), filled.retries(),
						(rule.retries() != null) ? at.at("retries") : at.at("timeout"));
			}
		});
	}

}
