package dev.meshwright.compile;

import java.util.List;
import java.util.function.Function;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.routing.TcpRule;
import dev.meshwright.model.routing.TlsRule;
import org.jspecify.annotations.Nullable;

/**
 * A policy in an ambient namespace: callers have no proxy of their own there, so a
 * waypoint keeps it or nobody does.
 */
final class AmbientChecks {

	private final NamespaceModel namespace;

	AmbientChecks(NamespaceModel namespace) {
		this.namespace = namespace;
	}

	void check(RoutingPolicySpec policy, At at) {
		boolean rules = Given.list(policy.rules())
			.stream()
			.anyMatch((rule) -> RoutingChecks.holds(rule.appliesTo(), AppliesTo.MESH));
		needsWaypoint(rules, at.at("rules"));
		needsWaypoint(!Given.list(policy.tls()).isEmpty(), at.at("tls"));
		needsWaypoint(!Given.list(policy.tcp()).isEmpty(), at.at("tcp"));
		needsWaypoint(policy.loadBalancing() != null, at.at("loadBalancing"));
		needsWaypoint(!Given.map(policy.portLoadBalancing()).isEmpty(), at.at("portLoadBalancing"));
		at.each("rules", policy.rules(), (rule, place) -> sources(rule.match(), HttpMatch::source, place));
		at.each("tls", policy.tls(), (rule, place) -> sources(rule.match(), TlsRule.TlsMatch::source, place));
		at.each("tcp", policy.tcp(), (rule, place) -> sources(rule.match(), TcpRule.TcpMatch::source, place));
	}

	private void needsWaypoint(boolean needed, At at) {
		if (needed && this.namespace.waypoint().isEmpty()) {
			at.report(DiagnosticCode.WAYPOINT_REQUIRED,
					"Namespace " + this.namespace.name() + " is ambient and names no waypoint");
		}
	}

	private <M> void sources(@Nullable List<M> matches, Function<M, HttpMatch.@Nullable Source> source, At at) {
		at.each("match", matches, (match, place) -> {
			if (source.apply(match) != null) {
				place.at("source")
					.report(DiagnosticCode.SOURCE_UNKNOWN_AT_WAYPOINT,
							"Namespace " + this.namespace.name() + " is ambient, so its waypoint is who calls");
			}
		});
	}

}
