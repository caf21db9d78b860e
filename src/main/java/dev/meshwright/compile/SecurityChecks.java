package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.compile.SecurityModel.Action;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.NetworkRules;
import dev.meshwright.model.security.NetworkRules.Peers;
import dev.meshwright.model.security.SecurityPolicySpec;
import dev.meshwright.model.security.SecurityPolicySpec.Access;
import dev.meshwright.model.security.SecurityPolicySpec.Mode;
import org.jspecify.annotations.Nullable;

/** Security policies by themselves, whatever level they are for. */
final class SecurityChecks {

	private final CompilerSettings settings;

	SecurityChecks(CompilerSettings settings) {
		this.settings = settings;
	}

	/**
	 * Checks the policies of all levels that hold for a service, and what they make
	 * together.
	 */
	void check(ServiceSubject subject, Findings findings) {
		subject.security().forEach((policy) -> check(policy, findings));
		new SecurityReferences(subject, SecurityMerge.of(subject.security()), findings).check();
	}

	void check(Resource<SecurityPolicySpec> policy, Findings findings) {
		SecurityPolicySpec spec = policy.spec();
		At at = findings.spec(policy.id());
		Names.object(policy.id().name(), findings.name(policy.id()));
		if (spec.service() != null && policy.id().namespace().isEmpty()) {
			at.at("service")
				.report(DiagnosticCode.EXCLUSIVE_FIELDS, "a policy of the platform names a service",
						"service only in a policy of the service's namespace");
		}
		at.given("mutualTLS", spec.mutualTLS(), (mutualTls, place) -> {
			Values.atLeastOne(place, "mode and ports", mutualTls.mode(), mutualTls.ports());
			if (mutualTls.ports() != null && spec.service() == null) {
				place.at("ports")
					.report(DiagnosticCode.SERVICE_LEVEL_ONLY, "the ports of services have different names");
			}
		});
		new JwtChecks(this.settings).check(spec.jwt(), at);
		at.given("access", spec.access(), SecurityChecks::access);
		if (spec.access() != null && spec.access().custom() != null && spec.mode() == Mode.OBSERVE) {
			at.at("access")
				.at("custom")
				.report(DiagnosticCode.EXCLUSIVE_FIELDS, "the policy is only observed, and an authorizer cannot be",
						"custom only in a policy with mode enforce");
		}
		new RbacChecks(this.settings.workloadRights()).check(spec.rbac(), at);
		at.given("networkPolicy", spec.networkPolicy(), SecurityChecks::network);
	}

	private static void access(Access access, At at) {
		rules("allow", access.allow(), Action.ALLOW, at);
		rules("deny", access.deny(), Action.DENY, at);
		rules("audit", access.audit(), Action.AUDIT, at);
		at.given("custom", access.custom(), (custom, place) -> {
			Names.extensionProvider(custom.provider(), place.at("provider"));
			rules("rules", custom.rules(), Action.CUSTOM, place);
		});
	}

	private static void rules(String field, @Nullable List<AccessRule> rules, Action action, At at) {
		Set<String> names = new HashSet<>();
		AccessRuleChecks checks = new AccessRuleChecks(action);
		at.each(field, rules, (rule, place) -> {
			checks.check(rule, place);
			if (rule.name() != null) {
				Names.rfc1123(rule.name(), place.at("name"));
				if (!names.add(rule.name())) {
					place.at("name").report(DiagnosticCode.DUPLICATE_NAME, "two rules are named '" + rule.name() + "'");
				}
			}
		});
	}

	private static void network(NetworkRules rules, At at) {
		at.each("ingress", rules.ingress(), (peers, place) -> {
			peers(peers, place);
			place.each("ports", peers.ports(), (port, field) -> port(port, true, field));
		});
		at.each("egress", rules.egress(), (peers, place) -> {
			peers(peers, place);
			place.each("ports", peers.ports(), (port, field) -> port(port, false, field));
			if (peers.gateways() != null) {
				place.at("gateways")
					.report(DiagnosticCode.EXCLUSIVE_FIELDS, "gateways call services, not the other way",
							"namespaces or ipBlocks for what lies behind a gateway");
			}
		});
	}

	private static void peers(Peers peers, At at) {
		Values.atLeastOne(at, "services, namespaces, gateways, ipBlocks and ports", peers.services(),
				peers.namespaces(), peers.gateways(), peers.ipBlocks(), peers.ports());
		at.each("services", peers.services(), (text, place) -> {
			if (!Declarations.isReference(ServiceRef.parse(text, "home"))) {
				place.report(DiagnosticCode.INVALID_REFERENCE, "'" + text + "' names no service");
			}
		});
		at.each("namespaces", peers.namespaces(), Names::rfc1123);
		at.each("gateways", peers.gateways(), Names::rfc1123);
		at.each("ipBlocks", peers.ipBlocks(), Hosts::cidr);
	}

	private static void port(IntOrString port, boolean named, At at) {
		if (port.numeric()) {
			Values.range(Long.parseLong(port.text()), 1, 65_535, at);
		}
		else if (named) {
			Names.rfc1123(port.text(), at);
		}
		else {
			at.report(DiagnosticCode.INVALID_VALUE, "'" + port.text() + "' names a port of another's pods",
					"the number of a pod's port");
		}
	}

}
