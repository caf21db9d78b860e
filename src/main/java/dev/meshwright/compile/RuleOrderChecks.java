package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import dev.meshwright.model.service.ServiceSpec.Exposure;
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
			Exposure exposure = subject.spec().exposure();
			if (exposure != null && ExposureChecks.layer(exposure) == Layer.HTTP) {
				noDefault(rules, AppliesTo.GATEWAY, ExposureChecks.exposed(exposure, ports).stream().toList(), at);
			}
		});
	}

	private static void covered(HttpRule rule, List<HttpRule> earlier, List<Port> ports, At at) {
		List<HttpRule> covering = earlier.stream()
			.filter((other) -> other.appliesTo() == null || other.appliesTo() == rule.appliesTo())
			.toList();
		if (takesEverything(covering, ports)) {
			at.report(DiagnosticCode.UNREACHABLE_RULE, "the rules before it match every request");
			return;
		}
		List<HttpMatch> seen = new ArrayList<>();
		covering.forEach((other) -> seen.addAll(Given.list(other.match())));
		List<HttpMatch> matches = Given.list(rule.match());
		if (!matches.isEmpty() && matches.stream().allMatch((match) -> isCovered(match, seen))) {
			at.report(DiagnosticCode.UNREACHABLE_RULE, "rules before it take all that its matches take");
			return;
		}
		at.each("match", rule.match(), (match, place) -> {
			if (isCovered(match, seen)) {
				place.report(DiagnosticCode.DUPLICATE_MATCH, "a match before takes all that this one takes");
			}
			seen.add(match);
		});
	}

	private static boolean isCovered(HttpMatch match, List<HttpMatch> earlier) {
		return earlier.stream().anyMatch((other) -> Coverage.covers(other, match));
	}

	private static void noDefault(List<HttpRule> rules, AppliesTo side, List<Port> ports, At at) {
		List<HttpRule> holding = rules.stream().filter((rule) -> RoutingChecks.holds(rule.appliesTo(), side)).toList();
		if (!holding.isEmpty() && !ports.isEmpty() && !takesEverything(holding, ports)) {
			boolean mesh = side == AppliesTo.MESH;
			at.report(DiagnosticCode.NO_DEFAULT_RULE,
					(mesh ? "a request inside the mesh" : "a request through the gateway")
							+ " that none of the rules matches is answered with 404",
					mesh ? "" : " (appliesTo: gateway if only requests from outside are meant)");
		}
	}

	/** Whether the rules together take every request on every port. */
	private static boolean takesEverything(List<HttpRule> rules, List<Port> ports) {
		return !ports.isEmpty() && ports.stream()
			.allMatch((port) -> rules.stream()
				.anyMatch((rule) -> rule.match() == null
						|| rule.match().stream().anyMatch((match) -> takesAll(match, port))));
	}

	private static boolean takesAll(HttpMatch match, Port port) {
		boolean here = match.port() == null || match.port().equals(port.name());
		return here && Coverage.covers(match, Coverage.anyRequest(match.port()));
	}

}
