package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.stream.Stream;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.HeaderOperations;
import dev.meshwright.model.routing.HttpMatch;

/** The rules of an HTTPRoute. */
final class HttpRouteRules {

	private final ServiceModel service;

	private final Exposure exposure;

	private final Backends backends;

	HttpRouteRules(ServiceModel service, Exposure exposure) {
		this.service = service;
		this.exposure = exposure;
		this.backends = new Backends(service, exposure);
	}

	/**
	 * The rules in order. A rule that rewrites the path it matched becomes one for each
	 * alternative, because Gateway API allows such a rule one match only.
	 */
	List<Tree> rules() {
		List<GatewayRule> rules = GatewayRule.of(this.service, this.exposure);
		if (!GatewayRule.any(this.service)) {
			return List.of(Tree.of("backendRefs", Tree.list(List.of(this.backends.whole()))));
		}
		return rules.stream().flatMap(this::written).toList();
	}

	private Stream<Tree> written(GatewayRule rule) {
		return rule.dependsOnMatch() ? rule.match().stream().map((match) -> rule(rule, List.of(match)))
				: Stream.of(rule(rule, rule.match()));
	}

	private Tree rule(GatewayRule rule, List<HttpMatch> match) {
		PathMatch path = PathMatch.of(match.getFirst());
		return Tree.of("matches", Tree.list(match.stream().map(HttpRouteMatch::of).toList()))
			.with("filters", Tree.list(new HttpRouteFilters(this.backends).of(rule, path)))
			.with("backendRefs", Tree.list(rule.split().stream().map(this::backend).toList()))
			.with("timeouts", timeouts(rule));
	}

	private Tree backend(RouteModel.Split split) {
		List<Tree> filters = HttpRouteFilters.headers(split.headers().orElse(new HeaderOperations(null, null)));
		return this.backends.of(split.target()).with("weight", split.weight()).with("filters", Tree.list(filters));
	}

	private static Tree timeouts(GatewayRule rule) {
		return (rule.declared().timeout() == null) ? Tree.empty()
				: Tree.of("request", GatewayDuration.text(rule.declared().timeout()));
	}

}
