package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.meshwright.compile.SecurityModel.Action;
import dev.meshwright.compile.SecurityModel.Claim;
import dev.meshwright.compile.SecurityModel.Condition;
import dev.meshwright.compile.SecurityModel.Identity;
import dev.meshwright.compile.SecurityModel.Operation;
import dev.meshwright.compile.SecurityModel.Rule;
import dev.meshwright.compile.SecurityModel.Source;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.StringMatch;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.service.ServiceSpec.Port;

/**
 * The rules of AuthorizationPolicies. What is declared literally is compared literally: a
 * {@code *} in a rule stands only where Istio reads it as we mean it.
 */
final class AuthorizationRules {

	private final ServiceModel service;

	AuthorizationRules(ServiceModel service) {
		this.service = service;
	}

	/**
	 * Renders rules.
	 * @param rules the rules
	 * @param action what becomes of a call. Where they restrict, those that look at HTTP
	 * requests are held to the ports that take some, for on others Istio would drop what
	 * it cannot look at and restrict everything; an authorizer is asked about HTTP
	 * requests and nothing else
	 */
	List<Map<String, Object>> of(List<Rule> rules, Action action) {
		return rules.stream().flatMap((rule) -> rule(rule, action)).distinct().toList();
	}

	/**
	 * Conditions hold for all sources of an Istio rule, so a source with claims gets a
	 * rule of its own.
	 */
	private Stream<Map<String, Object>> rule(Rule rule, Action action) {
		List<Map<String, Object>> conditions = rule.when().stream().map(AuthorizationRules::condition).toList();
		if (rule.from().isEmpty()) {
			return rule(List.of(), rule, conditions, action);
		}
		List<Map<String, Object>> plain = rule.from()
			.stream()
			.filter((source) -> source.claims().isEmpty())
			.flatMap((source) -> sources(source, action))
			.toList();
		Stream<Map<String, Object>> rules = plain.isEmpty() ? Stream.empty() : rule(plain, rule, conditions, action);
		for (Source source : rule.from()) {
			List<Map<String, Object>> from = sources(source, action).toList();
			if (!source.claims().isEmpty() && !from.isEmpty()) {
				List<Map<String, Object>> all = new ArrayList<>(conditions);
				source.claims().forEach((claim) -> all.add(claim(claim)));
				rules = Stream.concat(rules, rule(from, rule, all, action));
			}
		}
		return rules;
	}

	/** One Istio rule, or none when no port takes what it looks at. */
	private Stream<Map<String, Object>> rule(List<Map<String, Object>> from, Rule rule, List<Map<String, Object>> when,
			Action action) {
		boolean scoped = action == Action.CUSTOM || (action.restricts() && !when.isEmpty());
		if (rule.to().isEmpty() && !scoped) {
			return Stream.of(rule(from, List.of(), when));
		}
		List<Map<String, Object>> to = operations(rule.to(), action, scoped);
		return to.isEmpty() ? Stream.empty() : Stream.of(rule(from, to, when));
	}

	private static Map<String, Object> rule(List<Map<String, Object>> from, List<Map<String, Object>> to,
			List<Map<String, Object>> when) {
		return Tree.of("from", from).with("to", to).with("when", when).map();
	}

	/**
	 * A source as Istio has it, where accounts and namespaces must both hold: callers
	 * that are known by their namespace only are a source of their own. None when nobody
	 * can be what is asked for.
	 */
	private static Stream<Map<String, Object>> sources(Source source, Action action) {
		List<String> principals = source.identities()
			.stream()
			.flatMap((identity) -> identity.principal().stream())
			.toList();
		List<String> homes = source.identities()
			.stream()
			.filter((identity) -> identity.principal().isEmpty())
			.map(Identity::namespace)
			.filter((home) -> source.namespaces().isEmpty() || source.namespaces().contains(home))
			.distinct()
			.toList();
		List<Map<String, Object>> sources = new ArrayList<>();
		if (source.identities().isEmpty()) {
			boolean not = !source.notPrincipals().isEmpty() || !source.notNamespaces().isEmpty();
			boolean proven = not && !action.restricts() && source.namespaces().isEmpty();
			sources.add(source(source, proven ? List.of("*") : List.of(), source.namespaces()));
		}
		if (!principals.isEmpty()) {
			sources.add(source(source, principals, source.namespaces()));
		}
		if (!homes.isEmpty()) {
			sources.add(source(source, List.of(), homes));
		}
		return sources.stream();
	}

	private static Map<String, Object> source(Source source, List<String> principals, List<String> namespaces) {
		List<String> issuers = source.claims().stream().map(Claim::issuer).distinct().map((it) -> it + "/*").toList();
		return Map.of("source",
				Tree.of("principals", principals)
					.with("notPrincipals", source.notPrincipals())
					.with("requestPrincipals", issuers)
					.with("namespaces", namespaces)
					.with("notNamespaces", source.notNamespaces())
					.with("ipBlocks", source.ipBlocks())
					.with("notIpBlocks", source.notIpBlocks())
					.with("remoteIpBlocks", source.remoteIpBlocks())
					.with("notRemoteIpBlocks", source.notRemoteIpBlocks())
					.map());
	}

	/**
	 * Operations, held to HTTP ports where they restrict by what only HTTP requests have.
	 * @param scoped whether the rule looks at HTTP requests whatever they are to
	 */
	private List<Map<String, Object>> operations(List<Operation> operations, Action action, boolean scoped) {
		List<Operation> alternatives = operations.isEmpty()
				? List.of(new Operation(List.of(), List.of(), List.of(), List.of())) : operations;
		List<Map<String, Object>> rendered = new ArrayList<>();
		for (Operation operation : alternatives) {
			boolean http = scoped || (action.restricts() && operation.isHttp());
			List<Port> ports = !http ? operation.ports() : operation.ports().isEmpty() ? httpPorts()
					: operation.ports().stream().filter((port) -> port.protocol().isHttp()).toList();
			if (!http || !ports.isEmpty()) {
				rendered.add(operation(operation.hosts(), operation.methods(), operation.paths(), numbers(ports)));
			}
		}
		return rendered;
	}

	private static Map<String, Object> operation(List<String> hosts, List<String> methods, List<StringMatch> paths,
			List<String> ports) {
		return Map.of("operation",
				Tree.of("hosts", hosts.stream().flatMap((host) -> Stream.of(host, host + ":*")).toList())
					.with("ports", ports)
					.with("methods", methods)
					.with("paths", paths.stream().flatMap(AuthorizationRules::path).distinct().toList())
					.map());
	}

	/** Istio's prefix is by string: ours is the segment itself and what lies below it. */
	private static Stream<String> path(StringMatch path) {
		if (path.exact() != null) {
			return Stream.of(path.exact());
		}
		if (path.prefix() == null) {
			throw new IllegalArgumentException("Istio has no regular expressions for paths here: " + path);
		}
		String segment = PathForm.trimmed(path.prefix());
		return segment.equals("/") ? Stream.of("/*") : Stream.of(segment, segment + "/*");
	}

	private static Map<String, Object> condition(Condition condition) {
		return Tree.of("key", "request.headers[" + condition.header() + "]")
			.with("values", condition.values())
			.with("notValues", condition.notValues())
			.map();
	}

	private static Map<String, Object> claim(Claim claim) {
		return Tree.of("key", "request.auth.claims[" + claim.claim() + "]").with("values", claim.values()).map();
	}

	/**
	 * Denies requests without a token of a required issuer. Where a route answers
	 * preflights, which carry no token, these pass: OPTIONS with the header by which a
	 * browser asks.
	 */
	List<Map<String, Object>> missingTokens() {
		List<String> issuers = this.service.security()
			.jwt()
			.stream()
			.filter((issuer) -> Boolean.TRUE.equals(issuer.required()))
			.map(JwtIssuer::issuer)
			.map((issuer) -> issuer + "/*")
			.toList();
		List<String> ports = numbers(httpPorts());
		if (issuers.isEmpty() || ports.isEmpty()) {
			return List.of();
		}
		List<Map<String, Object>> from = List.of(Map.of("source", Map.of("notRequestPrincipals", issuers)));
		if (!this.service.security().preflights()) {
			return List.of(rule(from, List.of(Map.of("operation", Map.of("ports", ports))), List.of()));
		}
		Map<String, Object> others = Tree.of("ports", ports).with("notMethods", List.of("OPTIONS")).map();
		Map<String, Object> options = Tree.of("ports", ports).with("methods", List.of("OPTIONS")).map();
		Map<String, Object> plain = Tree.of("key", "request.headers[access-control-request-method]")
			.with("notValues", List.of("*"))
			.map();
		return List.of(rule(from, List.of(Map.of("operation", others)), List.of()),
				rule(from, List.of(Map.of("operation", options)), List.of(plain)));
	}

	private List<Port> httpPorts() {
		return this.service.ports().stream().filter((port) -> port.protocol().isHttp()).toList();
	}

	/** The number on which pods listen for a service port. */
	static int podPort(Port port) {
		return (port.targetPort() == null || !port.targetPort().numeric()) ? port.port()
				: Integer.parseInt(port.targetPort().text());
	}

	/**
	 * The ports as the proxy sees them: the pods' beside them, the Service's at a
	 * waypoint, where connections still go to the Service.
	 */
	private List<String> numbers(List<Port> ports) {
		boolean ambient = SecurityObjects.isAmbient(this.service);
		return ports.stream()
			.map((port) -> Integer.toString(ambient ? port.port() : podPort(port)))
			.distinct()
			.toList();
	}

}
