package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Resource;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import dev.meshwright.model.routing.LoadBalancing;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/** The routing policy of a service. */
final class RoutingChecks implements Check {

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		subject.routing().stream().skip(1).forEach((extra) -> claimed(subject, findings.spec(extra.id())));
		for (Resource<RoutingPolicySpec> policy : subject.routing()) {
			Names.object(policy.id().name(), findings.name(policy.id()));
			policy(policy.spec(), subject, findings.spec(policy.id()));
		}
	}

	private static void claimed(ServiceSubject subject, At at) {
		at.at("service")
			.report(DiagnosticCode.ALREADY_CLAIMED, subject.ref() + " already has " + subject.routing().getFirst().id(),
					"a service has one routing policy: change that one");
	}

	private static void policy(RoutingPolicySpec policy, ServiceSubject subject, At at) {
		List<HttpRule> rules = Given.list(policy.rules());
		uniqueNames(IntStream.range(0, rules.size()).mapToObj((index) -> name(rules.get(index), index)).toList(),
				at.at("rules"));
		if (!rules.isEmpty() && Layer.HTTP.of(subject.ports()).isEmpty()) {
			at.at("rules")
				.report(DiagnosticCode.PORT_NOT_ROUTABLE, "the service has no port that speaks HTTP",
						Layer.HTTP.text());
		}
		HttpRuleChecks http = new HttpRuleChecks(subject);
		at.each("rules", rules, http::check);
		ConnectionRuleChecks connections = new ConnectionRuleChecks(subject);
		at.each("tls", policy.tls(), connections::tls);
		at.each("tcp", policy.tcp(), connections::tcp);
		at.given("loadBalancing", policy.loadBalancing(), LoadBalancingChecks::check);
		at.entries("portLoadBalancing", policy.portLoadBalancing(),
				(port, balancing, place) -> portBalancing(port, balancing, subject, place));
	}

	/** The name that shows in metrics and traces. */
	static String name(HttpRule rule, int index) {
		return name(rule.name(), index);
	}

	static String name(@Nullable String declared, int index) {
		return Given.or(declared, "rule-" + index);
	}

	/** Whether a rule that says so holds on a side. */
	static boolean holds(@Nullable AppliesTo declared, AppliesTo side) {
		return declared == null || declared == side;
	}

	private static void uniqueNames(List<String> names, At at) {
		Set<String> seen = new HashSet<>();
		for (int index = 0; index < names.size(); index++) {
			if (!seen.add(names.get(index))) {
				at.at(index)
					.at("name")
					.report(DiagnosticCode.DUPLICATE_NAME, "two rules are named '" + names.get(index) + "'");
			}
		}
	}

	private static void portBalancing(String name, LoadBalancing balancing, ServiceSubject subject, At at) {
		if (subject.ports().stream().noneMatch((port) -> port.name().equals(name))) {
			at.report(DiagnosticCode.PORT_NOT_FOUND, "there is no port '" + name + "'",
					subject.ports().stream().map(Port::name).toList());
		}
		LoadBalancingChecks.check(balancing, at);
	}

}
