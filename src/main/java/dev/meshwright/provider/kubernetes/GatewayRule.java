package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.Optional;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;

/**
 * An HTTP rule as far as it holds for requests through the gateway.
 *
 * @param name its name
 * @param match alternatives, at least one; a match that says nothing takes every request
 * @param split where requests go; empty with a redirect
 * @param mirrors where copies go
 * @param declared the rule as declared
 */
record GatewayRule(String name, List<HttpMatch> match, List<RouteModel.Split> split, List<RouteModel.Mirror> mirrors,
		HttpRule declared) {

	private static final HttpMatch EVERY_REQUEST = new HttpMatch(null, null, null, null, null, null, null, null, null,
			null, null, null);

	/**
	 * Whether rules are about the gateway at all; otherwise everything goes to the
	 * service as a whole.
	 */
	static boolean any(ServiceModel service) {
		return service.routing().http().stream().anyMatch(RouteModel.Http::gateway);
	}

	/**
	 * The rules that hold at the gateway, in order. Alternatives for callers inside the
	 * mesh, or for a port that the gateway does not call, hold for no request there; when
	 * nothing is left although {@link #any} holds, every request is answered with 404.
	 */
	static List<GatewayRule> of(ServiceModel service, Exposure exposure) {
		return service.routing()
			.http()
			.stream()
			.filter(RouteModel.Http::gateway)
			.map((rule) -> of(rule, exposure))
			.flatMap(Optional::stream)
			.toList();
	}

	private static Optional<GatewayRule> of(RouteModel.Http rule, Exposure exposure) {
		List<HttpMatch> match = rule.match()
			.stream()
			.filter((alternative) -> alternative.sources().isEmpty())
			.filter((alternative) -> alternative.port().map((port) -> port == exposure.port().port()).orElse(true))
			.map(RouteModel.Match::declared)
			.toList();
		if (match.isEmpty() && !rule.match().isEmpty()) {
			return Optional.empty();
		}
		return Optional.of(new GatewayRule(rule.name(), match.isEmpty() ? List.of(EVERY_REQUEST) : match, rule.split(),
				rule.mirrors(), rule.rule()));
	}

	/** Whether both rules do the same with a request, however it was matched. */
	boolean actsLike(GatewayRule other) {
		return this.split.equals(other.split) && this.mirrors.equals(other.mirrors) && !dependsOnMatch()
				&& !other.dependsOnMatch() && action().equals(other.action());
	}

	/** Whether what is done with a request depends on the path that was matched. */
	boolean dependsOnMatch() {
		HttpRule.Rewrite rewrite = this.declared.rewrite();
		HttpRule.Redirect redirect = this.declared.redirect();
		return (rewrite != null && rewrite.uri() != null) || (redirect != null && redirect.prefixRewrite() != null);
	}

	private HttpRule action() {
		HttpRule rule = this.declared;
		return new HttpRule(null, null, null, null, rule.redirect(), rule.directResponse(), rule.rewrite(),
				rule.timeout(), rule.retries(), null, rule.fault(), rule.cors(), rule.headers());
	}

}
