package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.meshwright.compile.Objection;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.provider.kubernetes.PathMatch.Type;
import org.jspecify.annotations.Nullable;

/**
 * What the schemas of Gateway and HTTPRoute (v1) refuse, found before the API server
 * does.
 */
final class HttpRouteChecks {

	private static final int MOST_HOSTS = 16;

	private static final int MOST_LISTENERS = 64;

	private static final int MOST_PARENTS = 32;

	private static final int MOST_RULES = 16;

	private static final int MOST_ITEMS = 16;

	private static final int MOST_MATCHES = 64;

	private static final int MOST_MATCHES_IN_ALL = 128;

	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS",
			"TRACE", "PATCH");

	private static final Pattern HOST = Pattern
		.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

	private static final Pattern PATH = Pattern.compile("/([-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*");

	private static final Pattern BAD_SEGMENT = Pattern.compile("//|/\\.\\.?(/|$)|%2[fF]");

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+\\-.^_`|~]+");

	private final ServiceModel service;

	private final Exposure exposure;

	private final List<Objection> objections = new ArrayList<>();

	HttpRouteChecks(ServiceModel service, Exposure exposure) {
		this.service = service;
		this.exposure = exposure;
	}

	List<Objection> objections() {
		checkGateway();
		List<GatewayRule> rules = GatewayRule.of(this.service, this.exposure);
		int written = rules.stream().mapToInt((rule) -> rule.dependsOnMatch() ? rule.match().size() : 1).sum();
		if (written > MOST_RULES) {
			refuse(rules.getLast(), "", "would be one of " + written + " rules, and an HTTPRoute takes " + MOST_RULES);
		}
		if (rules.stream().mapToInt((rule) -> rule.match().size()).sum() > MOST_MATCHES_IN_ALL) {
			refuse(rules.getLast(), "/match", "is beyond the " + MOST_MATCHES_IN_ALL + " matches of an HTTPRoute");
		}
		rules.forEach(this::checkRule);
		return this.objections;
	}

	private void checkGateway() {
		Listeners listeners = new Listeners(this.exposure);
		if (this.exposure.gateway().gatewayClass() == null) {
			refuse("/spec/exposure/gateway", "names no gatewayClass", "name one in the cluster's gateways");
		}
		if (listeners.routed().isEmpty()) {
			refuse("/spec/exposure/gateway", "has no port for it",
					"add an HTTP port, or with TLS an HTTPS port, to the cluster's gateways");
		}
		if (this.exposure.hosts().size() > MOST_HOSTS) {
			refuse("/spec/exposure/hosts", "takes " + MOST_HOSTS + " hosts of one service", "use a wildcard host");
		}
		else if (listeners.all().size() > MOST_LISTENERS || listeners.routed().size() > MOST_PARENTS) {
			refuse("/spec/exposure/hosts", "takes " + MOST_PARENTS + " pairs of host and port for one service",
					"use a wildcard host");
		}
	}

	private void checkRule(GatewayRule rule) {
		if (rule.match().size() > MOST_MATCHES) {
			refuse(rule, "/match", "has more than " + MOST_MATCHES + " alternatives");
		}
		if (rule.split().size() > MOST_ITEMS) {
			refuse(rule, "/split", "has more than " + MOST_ITEMS + " targets");
		}
		rule.match().forEach((match) -> checkMatch(rule, match));
		checkAction(rule);
	}

	private void checkMatch(GatewayRule rule, HttpMatch match) {
		PathMatch path = PathMatch.of(match);
		if (path.type() != Type.REGEX && !isPath(path.value())) {
			refuse(rule, "/match", "matches the path " + path.value() + ", which is not a normalised path");
		}
		if (match.method() != null && !METHODS.contains(match.method())) {
			refuse(rule, "/match", "matches the method " + match.method() + ", which is not one of HTTP's own");
		}
		Stream.of(names(match.headers()), names(match.query()))
			.flatMap(Set::stream)
			.filter((name) -> !NAME.matcher(name).matches())
			.forEach((name) -> refuse(rule, "/match", "matches on the name " + name + ", which is not a token"));
		if (hasEmptyValue(match)) {
			refuse(rule, "/match", "matches on an empty value");
		}
		if (names(match.headers()).size() > MOST_ITEMS || names(match.query()).size() > MOST_ITEMS) {
			refuse(rule, "/match", "matches on more than " + MOST_ITEMS + " headers or parameters");
		}
	}

	private void checkAction(GatewayRule rule) {
		HttpRule.Redirect redirect = rule.declared().redirect();
		HttpRule.Rewrite rewrite = rule.declared().rewrite();
		if (redirect != null && redirect.authority() != null && !HOST.matcher(redirect.authority()).matches()) {
			refuse(rule, "/redirect/authority", "redirects to " + redirect.authority() + ", which is not a host name");
		}
		if (redirect != null && redirect.prefixRewrite() != null
				&& rule.match().stream().anyMatch((match) -> PathMatch.of(match).type() != Type.PREFIX)) {
			refuse(rule, "/redirect/prefixRewrite", "replaces a prefix, but does not match by prefix");
		}
		if (rewrite != null && rewrite.authority() != null && !HOST.matcher(rewrite.authority()).matches()) {
			refuse(rule, "/rewrite/authority", "rewrites the host to " + rewrite.authority() + ", which is not one");
		}
		if (rule.declared().timeout() != null && !GatewayDuration.canSay(rule.declared().timeout())) {
			refuse(rule, "/timeout", "has a timeout that is not in whole milliseconds");
		}
	}

	private static boolean hasEmptyValue(HttpMatch match) {
		return (match.headers() != null
				&& match.headers().values().stream().anyMatch((header) -> "".equals(header.exact())))
				|| (match.query() != null
						&& match.query().values().stream().anyMatch((parameter) -> "".equals(parameter.exact())));
	}

	private static boolean isPath(String path) {
		return PATH.matcher(path).matches() && !BAD_SEGMENT.matcher(path).find();
	}

	private static Set<String> names(@Nullable Map<String, ?> map) {
		return (map != null) ? map.keySet() : Set.of();
	}

	private void refuse(GatewayRule rule, String pointer, String reason) {
		this.objections.add(Objection.toRule(DiagnosticCode.NOT_EXPRESSIBLE_AT_GATEWAY, rule.name(), pointer,
				"Gateway API cannot say what rule " + rule.name() + " asks for at gateway "
						+ this.exposure.gateway().name() + ": it " + reason,
				"change the rule, or let it hold inside the mesh only (appliesTo: mesh)"));
	}

	private void refuse(String pointer, String reason, String remedy) {
		this.objections.add(Objection.toService(DiagnosticCode.NOT_EXPRESSIBLE_AT_GATEWAY, pointer, "gateway "
				+ this.exposure.gateway().name() + " of cluster " + this.service.cluster().name() + " " + reason,
				remedy));
	}

}
