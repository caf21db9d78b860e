package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.meshwright.compile.SecurityModel.Action;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.AccessRule.Operation;
import dev.meshwright.model.security.AccessRule.Source;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.security.NetworkRules.Peers;
import dev.meshwright.model.security.SecurityPolicySpec;
import dev.meshwright.model.security.SecurityPolicySpec.DefaultAction;
import dev.meshwright.model.security.SecurityPolicySpec.MutualTlsMode;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/**
 * The merged security of a service against what it refers to: ports, callers, issuers,
 * and whether callers are known where a rule depends on it. Needs no cluster.
 */
final class SecurityReferences {

	private final ServiceSubject subject;

	private final MergedSecurity merged;

	private final Callers callers;

	private final Findings findings;

	SecurityReferences(ServiceSubject subject, MergedSecurity merged, Findings findings) {
		this.subject = subject;
		this.merged = merged;
		this.callers = new Callers(subject);
		this.findings = findings;
	}

	void check() {
		if (this.subject.spec().external() != null) {
			this.subject.security()
				.stream()
				.filter((policy) -> policy.spec().service() != null)
				.forEach((policy) -> this.findings.spec(policy.id())
					.at("service")
					.report(DiagnosticCode.POLICY_ON_EXTERNAL_SERVICE, this.subject.ref() + " is external"));
			return;
		}
		this.merged.weakenings()
			.forEach((weakening) -> weakening.said()
				.at(this.findings)
				.report(DiagnosticCode.WEAKENS_POLICY_ABOVE, weakening.said().value() + " is given, but "
						+ weakening.above().resource() + " demands " + weakening.above().value()));
		issuers();
		this.merged.ports().forEach((name, said) -> port(name, said.at(this.findings)));
		this.merged.enforced().deny().forEach((rule) -> rule(rule, Action.DENY));
		this.merged.enforced().allow().forEach((rule) -> rule(rule, Action.ALLOW));
		this.merged.observed().ifPresent((observed) -> {
			observed.deny().forEach((rule) -> rule(rule, Action.DENY));
			observed.allow().forEach((rule) -> rule(rule, Action.ALLOW));
		});
		this.merged.audit().forEach((rule) -> rule(rule, Action.AUDIT));
		this.merged.custom().ifPresent((custom) -> {
			authorizer(custom);
			custom.rules().forEach((rule) -> rule(rule, Action.CUSTOM));
		});
		allowWithoutEffect(this.merged.enforced());
		this.merged.observed().ifPresent(this::allowWithoutEffect);
		nobody();
		this.merged.network().ifPresent((network) -> {
			network.ingress().forEach((peers) -> peers(peers, true));
			network.egress().ifPresent((egress) -> egress.forEach((peers) -> peers(peers, false)));
		});
		sharedPorts();
		RbacChecks.account(this.subject, this.merged.rbac(), this.findings);
	}

	private void issuers() {
		List<Said<JwtIssuer>> issuers = this.merged.jwt();
		for (int index = 0; index < issuers.size(); index++) {
			for (Said<JwtIssuer> before : issuers.subList(0, index)) {
				Said<JwtIssuer> entry = issuers.get(index);
				if (!before.resource().equals(entry.resource())
						&& JwtChecks.isConfusable(before.value().issuer(), entry.value().issuer())) {
					entry.at(this.findings)
						.at("issuer")
						.report(DiagnosticCode.DUPLICATE_ISSUER,
								"'" + entry.value().issuer() + "' cannot be told from that of " + before.resource());
				}
			}
		}
	}

	private void allowWithoutEffect(MergedSecurity.Access access) {
		if (!access.denies() && !access.allow().isEmpty()) {
			access.allow()
				.getFirst()
				.at(this.findings)
				.report(DiagnosticCode.ALLOW_WITHOUT_EFFECT, "everything is allowed by "
						+ access.byDefault().map((said) -> said.resource() + said.pointer()).orElse("default"));
		}
	}

	/** An empty list of allow rules says it aloud; none at all may be forgotten. */
	private void nobody() {
		this.merged.enforced()
			.byDefault()
			.filter((said) -> said.value() == DefaultAction.DENY && said.pointer().endsWith("/default")
					&& isOwn(said.resource()) && this.merged.enforced().allow().isEmpty())
			.filter((_) -> this.subject.security()
				.stream()
				.allMatch((level) -> level.spec().access() == null || level.spec().access().allow() == null))
			.ifPresent((said) -> said.at(this.findings)
				.report(DiagnosticCode.NOBODY_ALLOWED, "no level has an allow rule for " + this.subject.ref()));
	}

	/** A proxy asks one authorizer, and refuses everything where several are named. */
	private void authorizer(MergedSecurity.Custom custom) {
		custom.providers()
			.stream()
			.filter((said) -> !said.value().equals(custom.provider()))
			.forEach((said) -> said.at(this.findings)
				.report(DiagnosticCode.AUTHORIZERS_DIFFER, "'" + said.value() + "' is named, but "
						+ custom.providers().getFirst().resource() + " names '" + custom.provider() + "'"));
	}

	private void rule(Said<AccessRule> said, Action action) {
		At at = said.at(this.findings);
		AccessRule rule = said.value();
		at.each("from", rule.from(), (source, place) -> {
			place.each("services", source.services(), this::caller);
			place.each("notServices", source.notServices(), this::caller);
			place.each("principals", source.principals(), this.callers::principal);
			place.each("notPrincipals", source.notPrincipals(), this.callers::principal);
			place.each("claims", source.claims(), (claim, field) -> {
				List<String> known = this.merged.jwt().stream().map((entry) -> entry.value().name()).toList();
				if (!known.contains(claim.issuer())) {
					field.at("issuer")
						.report(DiagnosticCode.ISSUER_NOT_FOUND, "there is no issuer '" + claim.issuer() + "'", known);
				}
			});
			identity(source, rule, action == Action.DENY, place);
		});
		if (isOwn(said.resource())) {
			new AccessHosts(this.subject).check(rule, at);
			at.each("to", rule.to(), (operation, place) -> {
				place.each("ports", operation.ports(), this::port);
				spoken(rule, action, operation, place);
			});
			if ((action == Action.CUSTOM || isHttp(rule)) && Layer.HTTP.of(this.subject.ports()).isEmpty()) {
				at.report(DiagnosticCode.PORT_NOT_ROUTABLE, "the rule looks at HTTP requests, which no port takes",
						Layer.HTTP.text());
			}
		}
		numbers(rule, action, at);
	}

	private void caller(String text, At at) {
		this.callers.named(text, at).ifPresent((caller) -> this.callers.ownsAccount(caller, at));
	}

	private void identity(Source source, AccessRule rule, boolean denies, At at) {
		boolean not = Given.count(source.notServices(), source.notPrincipals(), source.notNamespaces()) > 0;
		boolean named = Given.count(source.services(), source.principals(), source.gateways(), source.namespaces()) > 0;
		if (not || (denies && named)) {
			Set<String> open = new LinkedHashSet<>();
			covered(rule, rule.when() != null || source.claims() != null)
				.filter((port) -> this.merged.modeOf(port.name()).orElse(null) != MutualTlsMode.STRICT)
				.forEach((port) -> open.add(port.name()));
			if (!open.isEmpty()) {
				at.report(DiagnosticCode.IDENTITY_NEEDS_MUTUAL_TLS,
						"mutual TLS is not STRICT on " + open + " of " + this.subject.ref());
			}
		}
	}

	/**
	 * The ports on which a rule may match.
	 * @param http whether it looks at HTTP requests whatever they are to
	 */
	private Stream<Port> covered(AccessRule rule, boolean http) {
		List<Operation> operations = Given.list(rule.to());
		return this.subject.ports()
			.stream()
			.filter((port) -> (!http || Layer.HTTP.fits(port))
					&& (operations.isEmpty() || operations.stream().anyMatch((operation) -> covers(operation, port))));
	}

	private static boolean covers(Operation operation, Port port) {
		return (operation.ports() == null || operation.ports().contains(port.name()))
				&& (!isHttp(operation) || Layer.HTTP.fits(port));
	}

	private static boolean isHttp(Operation operation) {
		return Given.count(operation.hosts(), operation.methods(), operation.paths()) > 0;
	}

	private static boolean isHttp(AccessRule rule) {
		return rule.when() != null || Given.list(rule.from()).stream().anyMatch((source) -> source.claims() != null)
				|| Given.list(rule.to())
					.stream()
					.anyMatch(
							(operation) -> Given.count(operation.hosts(), operation.methods(), operation.paths()) > 0);
	}

	/** What looks at requests matches nothing on a port that takes none. */
	private void spoken(AccessRule rule, Action action, Operation operation, At at) {
		List<Port> ports = this.subject.ports()
			.stream()
			.filter((port) -> Given.list(operation.ports()).contains(port.name()))
			.toList();
		boolean requests = action == Action.CUSTOM || isHttp(operation) || rule.when() != null;
		if (requests && !ports.isEmpty() && ports.stream().noneMatch(Layer.HTTP::fits)
				&& !Layer.HTTP.of(this.subject.ports()).isEmpty()) {
			at.at("ports")
				.report(DiagnosticCode.PORT_NOT_ROUTABLE,
						"the rule looks at HTTP requests, which " + operation.ports() + " do not take",
						Layer.HTTP.text());
		}
	}

	/** The proxy compares numbers of pod ports. */
	private void numbers(AccessRule rule, Action action, At at) {
		boolean byPort = Given.list(rule.to()).stream().anyMatch((operation) -> operation.ports() != null);
		boolean asked = action == Action.CUSTOM;
		if (byPort || asked || (action == Action.DENY && isHttp(rule))) {
			covered(rule, asked || rule.when() != null).filter(SecurityReferences::isNamed)
				.forEach((port) -> at.report(DiagnosticCode.TARGET_PORT_NOT_NUMERIC,
						"the targetPort '" + port.targetPort() + "' of port " + port.name() + " is a name"));
		}
	}

	static boolean isNamed(Port port) {
		return port.targetPort() != null && !port.targetPort().numeric();
	}

	private void port(String name, At at) {
		if (this.subject.ports().stream().noneMatch((port) -> port.name().equals(name))) {
			at.report(DiagnosticCode.PORT_NOT_FOUND, "there is no port '" + name + "'",
					this.subject.ports().stream().map(Port::name).toList());
		}
	}

	private void peers(Said<Peers> said, boolean ingress) {
		At at = said.at(this.findings);
		at.each("services", said.value().services(), this.callers::named);
		if (ingress && isOwn(said.resource())) {
			at.each("ports", said.value().ports(), (port, place) -> {
				if (!port.numeric()) {
					port(port.text(), place);
				}
			});
		}
	}

	/** Whether a declaration is for this service alone. */
	private boolean isOwn(ResourceId policy) {
		return this.subject.security()
			.stream()
			.filter((level) -> level.id().equals(policy))
			.map(Resource::spec)
			.map(SecurityPolicySpec::service)
			.anyMatch(this.subject.ref().name()::equals);
	}

	private void sharedPorts() {
		Map<String, List<Port>> byTarget = new HashMap<>();
		for (Port port : this.subject.ports()) {
			byTarget.computeIfAbsent(target(port), (_) -> new ArrayList<>()).add(port);
		}
		byTarget.values().stream().filter((ports) -> ports.size() > 1).forEach((ports) -> {
			List<String> names = ports.stream().map(Port::name).toList();
			Set<@Nullable MutualTlsMode> modes = new HashSet<>();
			names.forEach((name) -> modes.add(this.merged.modeOf(name).orElse(null)));
			if (modes.size() > 1) {
				this.merged.ports().forEach((name, said) -> {
					if (names.contains(name)) {
						said.at(this.findings)
							.report(DiagnosticCode.SHARED_TARGET_PORT, names + " lead to the same port of the pods");
					}
				});
			}
			Stream
				.of(this.merged.enforced().allow(), this.merged.enforced().deny(), this.merged.audit(),
						this.merged.custom().map(MergedSecurity.Custom::rules).orElse(List.of()),
						this.merged.observed().map(MergedSecurity.Access::allow).orElse(List.of()),
						this.merged.observed().map(MergedSecurity.Access::deny).orElse(List.of()))
				.flatMap(List::stream)
				.forEach((rule) -> shared(rule, names));
		});
	}

	private void shared(Said<AccessRule> rule, List<String> names) {
		rule.at(this.findings).each("to", rule.value().to(), (operation, place) -> {
			List<String> named = Given.list(operation.ports()).stream().filter(names::contains).distinct().toList();
			if (!named.isEmpty() && named.size() < names.size()) {
				place.at("ports")
					.report(DiagnosticCode.SHARED_TARGET_PORT,
							"the rule is for " + named + ", but " + names + " lead to the same port of the pods");
			}
		});
	}

	private static String target(Port port) {
		IntOrString target = port.targetPort();
		return (target != null) ? target.text() : Integer.toString(port.port());
	}

}
