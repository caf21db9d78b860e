package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.compile.SecurityModel.Access;
import dev.meshwright.compile.SecurityModel.Identity;
import dev.meshwright.compile.SecurityModel.Operation;
import dev.meshwright.compile.SecurityModel.Rule;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.security.SecurityPolicySpec.MutualTlsMode;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/** Makes the model of a checked service's merged security on a cluster. */
final class SecurityResolver {

	private final ServiceSubject subject;

	private final MergedSecurity merged;

	private final ClusterModel cluster;

	private final Callers callers;

	/** What is looked up again here was reported before. */
	private final Findings reported = new Findings();

	SecurityResolver(ServiceSubject subject, MergedSecurity merged, ClusterModel cluster) {
		this.subject = subject;
		this.merged = merged;
		this.cluster = cluster;
		this.callers = new Callers(subject);
	}

	SecurityModel resolve() {
		if (this.merged.isEmpty() || this.subject.spec().external() != null) {
			return SecurityModel.NONE;
		}
		SortedMap<Integer, MutualTlsMode> ports = new TreeMap<>();
		this.merged.ports()
			.forEach((name, said) -> this.subject.ports()
				.stream()
				.filter((port) -> port.name().equals(name))
				.forEach((port) -> ports.put(podPort(port), said.value())));
		boolean cors = this.subject.policy()
			.stream()
			.flatMap((policy) -> Given.list(policy.spec().rules()).stream())
			.anyMatch((rule) -> rule.cors() != null);
		Access enforced = access(this.merged.enforced());
		return new SecurityModel(this.merged.mutualTls().map(Said::value), ports,
				this.merged.jwt().stream().map(Said::value).toList(), cors, enforced,
				this.merged.observed().map(this::access), rules(this.merged.audit()),
				this.merged.custom()
					.map((custom) -> new SecurityModel.Custom(custom.provider(), rules(custom.rules()))),
				this.merged.network()
					.map((network) -> new NetworkResolver(this, this.subject).resolve(network, enforced)),
				Callers.notOwn(this.subject).isPresent() ? List.of()
						: this.merged.rbac().stream().map(Said::value).toList());
	}

	/** The namespaces of the services that allow rules name, which must see this one. */
	static SortedSet<String> namedNamespaces(MergedSecurity merged) {
		SortedSet<String> namespaces = new TreeSet<>();
		merged.enforced()
			.allow()
			.forEach((rule) -> Given.list(rule.value().from())
				.forEach((source) -> Given.list(source.services())
					.forEach((text) -> namespaces
						.add(dev.meshwright.model.ServiceRef.parse(text, rule.resource().namespace()).namespace()))));
		return namespaces;
	}

	private Access access(MergedSecurity.Access access) {
		return new Access(access.denies(), access.denies() ? rules(access.allow()) : List.of(), rules(access.deny()));
	}

	private List<Rule> rules(List<Said<AccessRule>> rules) {
		List<Rule> resolved = new ArrayList<>();
		rules.forEach((rule) -> rule(rule).ifPresent(resolved::add));
		return resolved;
	}

	/** A rule, or nothing when it is only about ports that this service does not have. */
	private Optional<Rule> rule(Said<AccessRule> said) {
		AccessRule rule = said.value();
		At at = said.at(this.reported);
		List<Operation> operations = new ArrayList<>();
		for (AccessRule.Operation operation : Given.list(rule.to())) {
			List<Port> ports = this.subject.ports()
				.stream()
				.filter((port) -> Given.list(operation.ports()).contains(port.name()))
				.toList();
			if (operation.ports() == null || !ports.isEmpty()) {
				operations.add(new Operation(Given.list(operation.hosts()), Given.list(operation.methods()),
						Given.list(operation.paths()), ports));
			}
		}
		if (rule.to() != null && operations.isEmpty()) {
			return Optional.empty();
		}
		List<SecurityModel.Source> sources = new ArrayList<>();
		at.each("from", rule.from(), (source, place) -> sources.add(source(source, place)));
		List<SecurityModel.Condition> conditions = Given.list(rule.when())
			.stream()
			.map((condition) -> new SecurityModel.Condition(condition.header(), Given.list(condition.values()),
					Given.list(condition.notValues())))
			.toList();
		return Optional
			.of(new Rule(Given.or(rule.name(), "rule-" + said.pointer().substring(said.pointer().lastIndexOf('/') + 1)),
					List.copyOf(sources), List.copyOf(operations), conditions));
	}

	private SecurityModel.Source source(AccessRule.Source source, At at) {
		List<Identity> identities = new ArrayList<>(services(source.services(), at.at("services")));
		Given.list(source.principals())
			.forEach((principal) -> identities
				.add(new Identity(Optional.of(principal), principal.split("/")[2], List.of())));
		identities.addAll(gateways(source.gateways()));
		List<String> notPrincipals = new ArrayList<>(Given.list(source.notPrincipals()));
		services(source.notServices(), at.at("notServices"))
			.forEach((identity) -> notPrincipals.add(identity.principal().orElseThrow()));
		List<SecurityModel.Claim> claims = Given.list(source.claims())
			.stream()
			.map((claim) -> new SecurityModel.Claim(issuer(claim.issuer()), claim.claim(), claim.values()))
			.toList();
		return new SecurityModel.Source(List.copyOf(identities), Given.list(source.namespaces()),
				Given.list(source.ipBlocks()), Given.list(source.remoteIpBlocks()), claims, notPrincipals,
				Given.list(source.notNamespaces()), Given.list(source.notIpBlocks()),
				Given.list(source.notRemoteIpBlocks()));
	}

	private String issuer(String name) {
		return this.merged.jwt()
			.stream()
			.map(Said::value)
			.filter((issuer) -> issuer.name().equals(name))
			.map(JwtIssuer::issuer)
			.findFirst()
			.orElseThrow();
	}

	/** Services as identities. */
	List<Identity> services(@Nullable List<String> services, At at) {
		List<Identity> identities = new ArrayList<>();
		for (String text : Given.list(services)) {
			this.callers.named(text, at)
				.ifPresent((caller) -> this.callers.accounts(caller)
					.forEach((account) -> identities.add(new Identity(
							Optional
								.of(this.cluster.trustDomain() + "/ns/" + caller.ref().namespace() + "/sa/" + account),
							caller.ref().namespace(), caller.pods()))));
		}
		return identities;
	}

	/** Gateways as identities: the Cluster does not say under which account they run. */
	List<Identity> gateways(@Nullable List<String> gateways) {
		List<Identity> identities = new ArrayList<>();
		for (String name : Given.list(gateways)) {
			this.cluster.gateway(name)
				.filter((entry) -> entry.namespace() != null)
				.ifPresent((entry) -> identities.add(new Identity(Optional.empty(),
						java.util.Objects.requireNonNull(entry.namespace()), pods(entry))));
		}
		return identities;
	}

	private static List<Map<String, String>> pods(GatewayEntry entry) {
		return (entry.selector() == null || entry.selector().isEmpty()) ? List.of()
				: List.of(new TreeMap<>(entry.selector()));
	}

	/** The findings of look-ups that were made before. */
	Findings reported() {
		return this.reported;
	}

	/** The number on which pods listen for a service port. */
	static int podPort(Port port) {
		return (port.targetPort() != null && port.targetPort().numeric()) ? Integer.parseInt(port.targetPort().text())
				: port.port();
	}

}
