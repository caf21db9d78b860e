package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.StringMatch;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import dev.meshwright.model.service.ServiceSpec.Port;

/** Rules that can never take effect, and requests that no rule takes. */
final class RuleOrderChecks implements Check {

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		subject.policy().ifPresent((policy) -> {
			At at = findings.spec(policy.id()).at("rules");
			List<HttpRule> rules = Given.list(policy.spec().rules());
			List<Port> ports = Layer.HTTP.of(subject.ports());
			for (int index = 0; index < rules.size(); index++) {
				covered(rules.get(index), rules.subList(0, index), ports, at.at(index));
			}
			noDefault(rules, AppliesTo.MESH, ports, at);
			if (subject.spec().exposure() != null) {
				noDefault(rules, AppliesTo.GATEWAY, ports, at);
			}
		});
	}

	private static void covered(HttpRule rule, List<HttpRule> earlier, List<Port> ports, At at) {
		List<HttpRule> covering = earlier.stream()
			.filter((other) -> other.appliesTo() == null || other.appliesTo() == rule.appliesTo())
			.toList();
		if (covering.stream().anyMatch((other) -> isDefault(other, ports))) {
			at.report(DiagnosticCode.UNREACHABLE_RULE, "a rule before it matches every request");
			return;
		}
		Set<HttpMatch> seen = new HashSet<>();
		covering.forEach((other) -> seen.addAll(Given.list(other.match())));
		List<HttpMatch> matches = Given.list(rule.match());
		if (!matches.isEmpty() && seen.containsAll(matches)) {
			at.report(DiagnosticCode.UNREACHABLE_RULE, "rules before it have all its matches");
			return;
		}
		at.each("match", rule.match(), (match, place) -> {
			if (!seen.add(match)) {
				place.report(DiagnosticCode.DUPLICATE_MATCH, "the same match is given before");
			}
		});
	}

	private static void noDefault(List<HttpRule> rules, AppliesTo side, List<Port> ports, At at) {
		List<HttpRule> holding = rules.stream().filter((rule) -> RoutingChecks.holds(rule.appliesTo(), side)).toList();
		if (!holding.isEmpty() && holding.stream().noneMatch((rule) -> isDefault(rule, ports))) {
			at.report(DiagnosticCode.NO_DEFAULT_RULE, "no rule matches all requests "
					+ ((side == AppliesTo.MESH) ? "inside the mesh" : "through the gateway"));
		}
	}

	private static boolean isDefault(HttpRule rule, List<Port> ports) {
		return rule.match() == null || rule.match().stream().anyMatch((match) -> matchesAll(match, ports));
	}

	private static boolean matchesAll(HttpMatch match, List<Port> ports) {
		boolean anyPort = match.port() == null || (ports.size() == 1 && ports.getFirst().name().equals(match.port()));
		StringMatch path = match.path();
		boolean anyPath = path == null || "/".equals(path.prefix()) || ".*".equals(path.regex())
				|| "/.*".equals(path.regex());
		return anyPort && anyPath
				&& Given.count(match.method(), match.host(), match.scheme(), match.grpc(), match.source()) == 0
				&& Given.map(match.headers()).isEmpty() && Given.map(match.withoutHeaders()).isEmpty()
				&& Given.map(match.query()).isEmpty() && Given.map(match.claims()).isEmpty();
	}

}
