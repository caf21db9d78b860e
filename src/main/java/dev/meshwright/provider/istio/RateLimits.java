package dev.meshwright.provider.istio;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.StringMatch;
import dev.meshwright.model.failover.RateLimit;
import dev.meshwright.model.failover.RateLimit.Rule;
import dev.meshwright.model.security.AccessRule.Operation;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/**
 * How many requests the proxy beside each pod takes, as an EnvoyFilter: Istio has no kind
 * of its own for it. The proxy's filter stands right before the router, so that only
 * requests that are let in are counted, at each HTTP port of the service and no other.
 */
final class RateLimits {

	private static final String FILTER = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";

	/** Proxies that know everything that is used here; the API is stable since. */
	private static final String PROXIES = "^1\\.(1[6-9]|[2-9][0-9])\\.";

	/** Rules and filter find each other by it, and filters of others do not see rules. */
	private static final int STAGE = 7;

	/** After what others insert without saying when. */
	private static final int PRIORITY = 10;

	/** As good as no limit, where only rules limit: the most that the field takes. */
	private static final long UNLIMITED = 4_294_967_295L;

	private final ServiceModel service;

	private final RateLimit limit;

	private final Duration interval;

	private final List<Rule> rules;

	private RateLimits(ServiceModel service, RateLimit limit) {
		this.service = service;
		this.limit = limit;
		this.interval = (limit.interval() != null) ? limit.interval() : RateLimit.INTERVAL;
		this.rules = (limit.rules() != null) ? limit.rules() : List.of();
	}

	static Optional<Manifest> of(ServiceModel service) {
		return service.failover().rateLimit().flatMap((limit) -> new RateLimits(service, limit).manifest());
	}

	private Optional<Manifest> manifest() {
		List<Map<String, Object>> patches = new ArrayList<>();
		for (Port port : this.service.ports()) {
			List<Rule> here = this.rules.stream().filter((rule) -> isAt(rule, port)).toList();
			if (port.protocol().isHttp() && (this.limit.requests() != null || !here.isEmpty())) {
				patches.add(filter(AuthorizationRules.podPort(port), here));
			}
		}
		if (patches.isEmpty()) {
			return Optional.empty();
		}
		if (!this.rules.isEmpty()) {
			patches.add(descriptors());
		}
		ObjectRef ref = IstioObjects.ref(ObjectKind.ENVOY_FILTER, this.service, this.service.ref().name());
		return Optional.of(Manifest.make(ref,
				IstioObjects.body(ref, this.service,
						Tree.of("workloadSelector", Map.of("labels", SecurityObjects.podLabels(this.service)))
							.with("priority", PRIORITY)
							.with("configPatches", patches.stream().distinct().toList()))));
	}

	private static boolean isAt(Rule rule, Port port) {
		return rule.match().ports() == null || rule.match().ports().contains(port.name());
	}

	/** Inserts the filter into what takes connections to a port of the pods. */
	private Map<String, Object> filter(int podPort, List<Rule> rules) {
		Tree manager = Tree.of("name", "envoy.filters.network.http_connection_manager")
			.with("subFilter", Map.of("name", "envoy.filters.http.router"));
		Tree chain = Tree.of("destinationPort", podPort).with("filter", manager);
		RateLimit.OnLimit answer = this.limit.onLimit();
		Tree config = Tree.of("@type", FILTER)
			.with("stat_prefix", "http_local_rate_limiter")
			.with("status",
					Map.of("code", (answer != null && answer.status() != null) ? answer.status() : RateLimit.STATUS))
			.with("token_bucket",
					(this.limit.requests() != null) ? bucket(this.limit.requests(), this.limit.burst(), this.interval)
							: bucket(UNLIMITED, null, this.interval))
			.with("filter_enabled", always("local_rate_limit_enabled"))
			.with("filter_enforced", always("local_rate_limit_enforced"))
			.with("response_headers_to_add", headers((answer != null) ? answer.headers() : null))
			.with("stage", STAGE)
			.with("descriptors", rules.stream().map(this::descriptor).toList());
		return patch("HTTP_FILTER", Tree.of("filterChain", chain), "INSERT_BEFORE",
				Tree.of("name", "envoy.filters.http.local_ratelimit").with("typed_config", config));
	}

	private Map<String, Object> descriptor(Rule rule) {
		return Tree.of("entries", List.of(Tree.of("key", "header_match").with("value", rule.name()).map()))
			.with("token_bucket",
					bucket(rule.requests(), rule.burst(), (rule.interval() != null) ? rule.interval() : this.interval))
			.map();
	}

	private static Tree bucket(long requests, @Nullable Integer burst, Duration interval) {
		BigDecimal seconds = BigDecimal.valueOf(interval.toMillis(), 3).stripTrailingZeros();
		return Tree.of("max_tokens", (burst != null) ? burst : number(requests))
			.with("tokens_per_fill", number(requests))
			.with("fill_interval", seconds.toPlainString() + "s");
	}

	/** As the API server returns it. */
	private static Number number(long value) {
		return (value <= Integer.MAX_VALUE) ? (Number) (int) value : (Number) value;
	}

	private static Tree always(String key) {
		return Tree.of("runtime_key", key)
			.with("default_value", Tree.of("numerator", 100).with("denominator", "HUNDRED"));
	}

	private static List<Map<String, Object>> headers(@Nullable Map<String, String> headers) {
		List<Map<String, Object>> added = new ArrayList<>();
		new TreeMap<>(Destinations.literal(headers)).forEach((name,
				value) -> added.add(Tree.of("header", Tree.of("key", name).with("value", value))
					.with("append_action", "OVERWRITE_IF_EXISTS_OR_ADD")
					.map()));
		return added;
	}

	/** Tells which rules a request meets, wherever the pods' proxies route it. */
	private Map<String, Object> descriptors() {
		List<Map<String, Object>> limits = this.rules.stream()
			.map((rule) -> Tree.of("stage", STAGE)
				.with("actions",
						List.of(Map.of("header_value_match",
								Tree.of("descriptor_value", rule.name()).with("headers", matches(rule.match())).map())))
				.map())
			.toList();
		return patch("VIRTUAL_HOST", null, "MERGE", Tree.of("rate_limits", limits));
	}

	private static Map<String, Object> patch(String applyTo, @Nullable Tree listener, String operation, Tree value) {
		return Tree.of("applyTo", applyTo)
			.with("match",
					Tree.of("context", "SIDECAR_INBOUND")
						.with("proxy", Map.of("proxyVersion", PROXIES))
						.with("listener", listener))
			.with("patch", Tree.of("operation", operation).with("value", value))
			.map();
	}

	/** A port alone matches whatever comes to it. */
	private static List<Map<String, Object>> matches(Operation match) {
		List<Map<String, Object>> headers = new ArrayList<>();
		if (match.hosts() != null) {
			headers.add(header(":authority",
					"(?i)" + anyOf(match.hosts().stream().map(Values::literal).toList()) + "(?::[0-9]+)?"));
		}
		if (match.methods() != null) {
			headers.add(header(":method", anyOf(match.methods())));
		}
		if (match.paths() != null || headers.isEmpty()) {
			List<StringMatch> paths = (match.paths() != null) ? match.paths() : List.of(StringMatch.prefix("/"));
			// the query is part of what the proxy compares here
			headers.add(header(":path", anyOf(paths.stream().map(RateLimits::path).toList()) + "(?:\\?.*)?"));
		}
		return headers;
	}

	private static String path(StringMatch path) {
		if (path.regex() != null) {
			return path.regex();
		}
		if (path.exact() != null) {
			return Values.literal(path.exact());
		}
		String segment = PathForm.trimmed(String.valueOf(path.prefix()));
		return segment.equals("/") ? "/[^?]*" : Values.literal(segment) + "(?:/[^?]*)?";
	}

	private static String anyOf(List<String> expressions) {
		return expressions.stream().collect(Collectors.joining("|", "(?:", ")"));
	}

	private static Map<String, Object> header(String name, String regex) {
		return Tree.of("name", name).with("string_match", Map.of("safe_regex", Map.of("regex", regex))).map();
	}

}
