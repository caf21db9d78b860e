package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.provider.istio.HttpMatches.Alternative;
import org.jspecify.annotations.Nullable;

/**
 * HTTP rules as Istio's HTTPRoutes. A rule that replaces a path prefix becomes several,
 * because Istio's replacement belongs to the route while ours depends on the alternative.
 */
final class HttpRoutes {

	private HttpRoutes() {
	}

	/** The routes of a rule, in order; empty when the rule never holds on this side. */
	static List<Map<String, Object>> of(RouteModel.Http rule, Destinations destinations) {
		List<Group> groups = groups(rule.rule(), HttpMatches.of(rule, destinations.side()));
		List<Map<String, Object>> routes = new ArrayList<>();
		for (Group group : groups) {
			String name = (groups.size() == 1) ? rule.name() : rule.name() + "." + (routes.size() + 1);
			routes.add(route(name, rule, group, destinations));
		}
		return routes;
	}

	private static Map<String, Object> route(String name, RouteModel.Http rule, Group group,
			Destinations destinations) {
		HttpRule declared = rule.rule();
		Tree route = Tree.of("name", name).with("match", group.match());
		if (declared.redirect() != null) {
			route.with("redirect", redirect(declared.redirect(), group.form()));
		}
		else if (declared.directResponse() != null) {
			route.with("directResponse", directResponse(declared.directResponse()));
		}
		else {
			route.with("rewrite", rewrite(declared.rewrite(), group.form()))
				.with("route", destinations.weighted(rule.split()))
				.with("timeout", Values.limit(declared.timeout()))
				.with("retries", HttpPolicies.retries(declared.retries()))
				.with("mirrors", destinations.mirrors(rule.mirrors()))
				.with("fault", HttpPolicies.fault(declared.fault()));
		}
		return route.with("corsPolicy", HttpPolicies.cors(declared.cors()))
			.with("headers", Destinations.headers(declared.headers()))
			.map();
	}

	private static Tree redirect(HttpRule.Redirect redirect, PathForm form) {
		String prefix = redirect.prefixRewrite();
		boolean below = prefix != null && form == PathForm.BELOW;
		String uri = (prefix != null && !below) ? form.replacement(prefix) : redirect.uri();
		return Tree.of("uri", uri)
			.with("prefixRewrite", below ? form.replacement(prefix) : null)
			.with("authority", redirect.authority())
			.with("port", redirect.port())
			.with("scheme", redirect.scheme())
			.with("redirectCode", (redirect.redirectCode() == null) ? 302 : redirect.redirectCode());
	}

	private static Tree directResponse(HttpRule.DirectResponse response) {
		Tree body = Tree.of("string", response.body());
		return Tree.of("status", response.status()).with("body", body);
	}

	private static Tree rewrite(HttpRule.@Nullable Rewrite rewrite, PathForm form) {
		if (rewrite == null) {
			return new Tree();
		}
		HttpRule.RegexRewrite regex = rewrite.uriRegexRewrite();
		return Tree.of("uri", (rewrite.uri() == null) ? null : form.replacement(rewrite.uri()))
			.with("authority", rewrite.authority())
			.with("uriRegexRewrite",
					(regex == null) ? null : Tree.of("match", regex.match()).with("rewrite", regex.rewrite()));
	}

	/**
	 * Neighbouring alternatives whose path is replaced alike; all in one where nothing is
	 * replaced. Their order stays, so the first alternative that holds still decides.
	 */
	private static List<Group> groups(HttpRule rule, List<Alternative> alternatives) {
		boolean replaces = (rule.rewrite() != null && rule.rewrite().uri() != null)
				|| (rule.redirect() != null && rule.redirect().prefixRewrite() != null);
		List<Group> groups = new ArrayList<>();
		for (Alternative alternative : alternatives) {
			if (groups.isEmpty() || (replaces && groups.getLast().form() != alternative.form())) {
				groups.add(new Group(alternative.form(), new ArrayList<>()));
			}
			groups.getLast().alternatives().add(alternative);
		}
		return groups;
	}

	/** Alternatives that share one route. */
	private record Group(PathForm form, List<Alternative> alternatives) {

		/** The matches; none when one of them takes every request. */
		List<Map<String, Object>> match() {
			List<Map<String, Object>> matches = this.alternatives.stream().map(Alternative::match).toList();
			return matches.stream().anyMatch(Map::isEmpty) ? List.of() : matches;
		}

	}

}
