package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Diagnostic.Severity;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.cluster.ClusterSpec.ExternalAuthorizer;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.cluster.ClusterSpec.PathNormalization;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.AccessRule.Source;

/** What can be said of a service's security only on a certain cluster. */
final class SecurityOnCluster {

	private final ServiceSubject subject;

	private final MergedSecurity merged;

	private final NamespaceModel namespace;

	private final FeatureCheck features;

	private final Findings findings;

	SecurityOnCluster(ServiceSubject subject, MergedSecurity merged, NamespaceModel namespace, FeatureCheck features,
			Findings findings) {
		this.subject = subject;
		this.merged = merged;
		this.namespace = namespace;
		this.features = features;
		this.findings = findings;
	}

	void check() {
		if (this.subject.spec().external() != null) {
			return;
		}
		List<Said<?>> mesh = new ArrayList<>();
		this.merged.mutualTls().ifPresent((said) -> demand(said, Feature.MUTUAL_TLS, mesh));
		this.merged.ports().values().forEach((said) -> demand(said, Feature.MUTUAL_TLS, mesh));
		this.merged.jwt().forEach((said) -> demand(said, Feature.JWT, mesh));
		this.merged.network()
			.ifPresent((network) -> this.features.demand(Feature.NETWORK_POLICY, network.origin().at(this.findings)));
		this.merged.rbac()
			.stream()
			.findFirst()
			.ifPresent((rule) -> this.features.demand(Feature.WORKLOAD_RBAC, rule.at(this.findings)));
		if (this.features.offers(Feature.ACCESS)) {
			Stream.concat(this.merged.enforced().byDefault().stream(), rules()).forEach(mesh::add);
			joined(mesh);
			rules().forEach(this::rule);
			normalized();
			exposed();
			this.merged.custom().ifPresent(this::authorizer);
		}
		else {
			withoutMesh();
		}
		gateways();
	}

	/** Every rule that has an effect, or would have one. */
	private Stream<Said<AccessRule>> rules() {
		Set<Said<AccessRule>> rules = new LinkedHashSet<>();
		this.merged.enforced().effective().forEach(rules::add);
		this.merged.observed().ifPresent((observed) -> observed.effective().forEach(rules::add));
		rules.addAll(this.merged.audit());
		this.merged.custom().ifPresent((custom) -> rules.addAll(custom.rules()));
		return rules.stream();
	}

	private void demand(Said<?> said, Feature feature, List<Said<?>> mesh) {
		this.features.demand(feature, said.at(this.findings));
		if (this.features.offers(feature)) {
			mesh.add(said);
		}
	}

	/** Whether the pods have the proxies that are to keep all this. */
	private void joined(List<Said<?>> mesh) {
		for (Said<?> said : mesh) {
			At at = said.at(this.findings);
			if (this.namespace.injection() == Injection.NONE) {
				String message = "Namespace " + this.namespace.name() + " does not join the mesh of cluster "
						+ this.namespace.cluster().name();
				if (said.resource().namespace().isEmpty()) {
					this.findings.add(new Diagnostic(DiagnosticCode.NOT_IN_MESH, Severity.WARNING, said.resource(),
							at.pointer(), message, DiagnosticCode.NOT_IN_MESH.remedy()));
				}
				else {
					at.report(DiagnosticCode.NOT_IN_MESH, message);
				}
			}
			else if (this.namespace.injection() == Injection.AMBIENT && this.namespace.waypoint().isEmpty()
					&& !said.pointer().startsWith("/spec/mutualTLS")) {
				at.report(DiagnosticCode.WAYPOINT_REQUIRED,
						"Namespace " + this.namespace.name() + " is ambient and names no waypoint");
			}
		}
	}

	private void rule(Said<AccessRule> said) {
		At at = said.at(this.findings);
		if (isOwn(said.resource())) {
			new CallerNamespaces(this.subject, this.namespace.cluster()).check(said.value(), at);
			new AccessHosts(this.subject).checkOn(this.namespace.cluster(), said.value(), at);
		}
		at.each("to", said.value().to(), (operation, place) -> {
			place.each("paths", operation.paths(), (path, field) -> {
				if (path.regex() != null) {
					this.features.demand(Feature.ACCESS_REGEX, field.at("regex"));
				}
			});
		});
		at.each("from", said.value().from(), (source, place) -> {
			place.each("principals", source.principals(), this::foreign);
			place.each("notPrincipals", source.notPrincipals(), this::foreign);
		});
		if (gateway().isPresent()) {
			at.each("from", said.value().from(), (source, place) -> {
				if (source.gateways() == null && source.namespaces() == null && source.services() == null
						&& source.principals() == null && Given.count(source.ipBlocks(), source.notIpBlocks()) > 0) {
					place.at((source.ipBlocks() != null) ? "ipBlocks" : "notIpBlocks")
						.report(DiagnosticCode.ADDRESS_OF_GATEWAY, this.subject.ref()
								+ " is exposed at a gateway of cluster " + this.namespace.cluster().name());
				}
			});
		}
	}

	/** The account may exist here, but who runs under it proves another name. */
	private void foreign(String principal, At at) {
		if (AccessRuleChecks.isPrincipal(principal)
				&& !principal.startsWith(this.namespace.cluster().trustDomain() + "/")) {
			at.report(DiagnosticCode.PRINCIPAL_NOT_CHECKED, "'" + principal + "' is not of the trust domain "
					+ this.namespace.cluster().trustDomain() + " of cluster " + this.namespace.cluster().name());
		}
	}

	private boolean isOwn(ResourceId policy) {
		return this.subject.security()
			.stream()
			.anyMatch((level) -> level.id().equals(policy) && level.spec().service() != null);
	}

	private void normalized() {
		if (this.namespace.cluster().pathNormalization() != PathNormalization.DECODE_AND_MERGE_SLASHES) {
			rules().filter(
					(rule) -> Given.list(rule.value().to()).stream().anyMatch((operation) -> operation.paths() != null))
				.forEach((rule) -> rule.at(this.findings)
					.at("to")
					.report(DiagnosticCode.PATHS_NOT_NORMALIZED, "pathNormalization of cluster "
							+ this.namespace.cluster().name() + " is " + this.namespace.cluster().pathNormalization()));
		}
	}

	private Optional<GatewayEntry> gateway() {
		return Optional.ofNullable(this.subject.spec().exposure())
			.flatMap((exposure) -> this.namespace.cluster().gateway(exposure.gateway()));
	}

	private void exposed() {
		if (!this.merged.enforced().denies()) {
			return;
		}
		gateway().ifPresent((gateway) -> {
			boolean open = this.merged.enforced()
				.allow()
				.stream()
				.anyMatch((rule) -> rule.value().from() == null
						|| rule.value().from().stream().anyMatch((source) -> admits(source, gateway)));
			if (!open) {
				this.findings.spec(this.subject.service().id())
					.at("exposure")
					.report(DiagnosticCode.EXPOSED_BUT_DENIED,
							"no allow rule that holds for " + this.subject.ref() + " lets gateway " + gateway.name()
									+ " of cluster " + this.namespace.cluster().name() + " in",
							gateway.name());
			}
		});
	}

	/** Whether a source may be a gateway. */
	private static boolean admits(Source source, GatewayEntry gateway) {
		String home = Given.or(gateway.namespace(), "");
		boolean named = Given.list(source.gateways()).contains(gateway.name()) || Given.list(source.principals())
			.stream()
			.anyMatch((principal) -> principal.contains("/ns/" + home + "/sa/"));
		boolean anybody = source.gateways() == null && source.principals() == null && source.services() == null;
		boolean inside = source.namespaces() == null || source.namespaces().contains(home);
		return (named || anybody) && inside && !Given.list(source.notNamespaces()).contains(home);
	}

	/** Where the mesh does not know the authorizer, its proxies refuse everything. */
	private void authorizer(MergedSecurity.Custom custom) {
		List<String> known = this.namespace.cluster()
			.externalAuthorizers()
			.stream()
			.filter((authorizer) -> authorizer.allowedNamespaces() == null
					|| authorizer.allowedNamespaces().contains(this.namespace.name()))
			.map(ExternalAuthorizer::name)
			.toList();
		custom.providers()
			.stream()
			.filter((said) -> !known.contains(said.value()))
			.forEach((said) -> said.at(this.findings)
				.report(DiagnosticCode.AUTHORIZER_NOT_FOUND,
						"cluster " + this.namespace.cluster().name() + " has no external authorizer '" + said.value()
								+ "' that Namespace " + this.namespace.name() + " may have asked, but " + known));
	}

	private void gateways() {
		rules().forEach((rule) -> rule.at(this.findings)
			.each("from", rule.value().from(),
					(source, place) -> place.each("gateways", source.gateways(), this::gateway)));
		this.merged.network()
			.ifPresent((network) -> network.ingress()
				.forEach((peers) -> peers.at(this.findings).each("gateways", peers.value().gateways(), this::gateway)));
	}

	private void gateway(String name, At at) {
		Optional<GatewayEntry> entry = this.namespace.cluster().gateway(name);
		if (entry.filter((found) -> found.namespace() != null).isEmpty()) {
			List<String> known = this.namespace.cluster().gateways().stream().map(GatewayEntry::name).toList();
			at.report(DiagnosticCode.GATEWAY_NOT_FOUND,
					"cluster " + this.namespace.cluster().name() + " has no gateway '" + name
							+ "' whose namespace is known, but " + known,
					entry.isPresent() ? "" : Names.nearest(name, known));
		}
	}

	/** Only what pods, namespaces, addresses and ports can say is left. */
	private void withoutMesh() {
		String where = "cluster " + this.namespace.cluster().name() + " (mesh " + this.namespace.cluster().mesh() + ")";
		this.merged.observed()
			.ifPresent((observed) -> observed.effective()
				.forEach((rule) -> refuse(rule.at(this.findings),
						where + " cannot express rules that are only observed")));
		this.merged.audit().forEach((rule) -> refuse(rule.at(this.findings), where + " cannot express audit rules"));
		this.merged.enforced()
			.deny()
			.forEach((rule) -> refuse(rule.at(this.findings), where + " cannot express deny rules"));
		this.merged.custom()
			.ifPresent((custom) -> custom.providers()
				.forEach((said) -> this.features.demand(Feature.EXTERNAL_AUTHORIZATION, said.at(this.findings))));
		if (!this.merged.enforced().denies()) {
			return;
		}
		if (this.merged.network().isEmpty()) {
			Stream.concat(this.merged.enforced().byDefault().stream(), this.merged.enforced().allow().stream())
				.forEach((said) -> this.findings
					.add(new Diagnostic(DiagnosticCode.UNSUPPORTED_BY_PROVIDER, Severity.ERROR, said.resource(),
							said.pointer(), where + " cannot express " + Feature.ACCESS.text(),
							"add networkPolicy: {}, by which the network keeps addresses, namespaces and ports")));
		}
		this.merged.enforced().allow().forEach((rule) -> {
			At at = rule.at(this.findings);
			at.given("when", rule.value().when(),
					(_, place) -> refuse(place, where + " cannot express conditions on requests"));
			at.each("to", rule.value().to(), (operation, place) -> {
				place.given("hosts", operation.hosts(), (_, field) -> refuse(field, where + " cannot express hosts"));
				place.given("methods", operation.methods(),
						(_, field) -> refuse(field, where + " cannot express methods"));
				place.given("paths", operation.paths(), (_, field) -> refuse(field, where + " cannot express paths"));
			});
			at.each("from", rule.value().from(), (source, place) -> source(source, place, where));
		});
	}

	private static void source(Source source, At at, String where) {
		at.given("principals", source.principals(), (_, field) -> refuse(field, where + " cannot express principals"));
		at.given("claims", source.claims(), (_, field) -> refuse(field, where + " cannot express claims"));
		at.given("remoteIpBlocks", source.remoteIpBlocks(),
				(_, field) -> refuse(field, where + " cannot express original addresses"));
		at.given("notRemoteIpBlocks", source.notRemoteIpBlocks(),
				(_, field) -> refuse(field, where + " cannot express original addresses"));
		at.given("notServices", source.notServices(),
				(_, field) -> refuse(field, where + " cannot express services that must not call"));
		at.given("notPrincipals", source.notPrincipals(),
				(_, field) -> refuse(field, where + " cannot express principals"));
		at.given("notNamespaces", source.notNamespaces(),
				(_, field) -> refuse(field, where + " cannot express namespaces that must not call"));
		at.given("notIpBlocks", source.notIpBlocks(),
				(_, field) -> refuse(field, where + " cannot express addresses that must not call"));
		boolean who = Given.count(source.services(), source.gateways(), source.namespaces()) > 0;
		if (source.ipBlocks() != null && who) {
			refuse(at.at("ipBlocks"), where + " cannot express an address and an identity at once");
		}
	}

	private static void refuse(At at, String message) {
		at.report(DiagnosticCode.UNSUPPORTED_BY_PROVIDER, message);
	}

}
