package dev.meshwright.provider.istio;

import java.util.List;
import java.util.Map;

import dev.meshwright.model.routing.HttpRule;
import org.jspecify.annotations.Nullable;

/** What an HTTP route says beside where requests go: retries, faults, CORS. */
final class HttpPolicies {

	/**
	 * Istio's built-in conditions. Said explicitly, because a mesh may have been
	 * configured to others.
	 */
	private static final List<String> RETRY_ON = List.of("connect-failure", "refused-stream", "unavailable",
			"cancelled");

	private HttpPolicies() {
	}

	/** Always explicit: a route that says nothing is retried twice by Istio. */
	static Tree retries(HttpRule.@Nullable Retries retries) {
		if (retries == null || retries.attempts() == 0) {
			return Tree.of("attempts", 0);
		}
		List<String> retryOn = (retries.retryOn() == null || retries.retryOn().isEmpty()) ? RETRY_ON
				: retries.retryOn();
		return Tree.of("attempts", retries.attempts())
			.with("perTryTimeout", Values.limit(retries.perTryTimeout()))
			.with("retryOn", String.join(",", retryOn))
			.with("backoff", Values.limit(retries.backoff()))
			.with("retryRemoteLocalities", retries.retryRemoteLocalities());
	}

	/** Percentages are always said: left out, Istio would read them as none. */
	static Tree fault(HttpRule.@Nullable Fault fault) {
		return (fault == null) ? new Tree()
				: Tree.of("delay", delay(fault.delay())).with("abort", abort(fault.abort()));
	}

	private static Tree delay(HttpRule.Fault.@Nullable Delay delay) {
		return (delay == null) ? new Tree() : Tree.of("fixedDelay", Values.duration(delay.fixedDelay()))
			.with("percentage", Values.percentage(delay.percentage()));
	}

	private static Tree abort(HttpRule.Fault.@Nullable Abort abort) {
		return (abort == null) ? new Tree()
				: Tree.of("httpStatus", abort.httpStatus())
					.with("grpcStatus", abort.grpcStatus())
					.with("percentage", Values.percentage(abort.percentage()));
	}

	static Tree cors(HttpRule.@Nullable Cors cors) {
		if (cors == null) {
			return new Tree();
		}
		List<@Nullable Map<String, Object>> origins = cors.allowOrigins().stream().map(Values::match).toList();
		return Tree.of("allowOrigins", origins)
			.with("allowMethods", cors.allowMethods())
			.with("allowHeaders", cors.allowHeaders())
			.with("exposeHeaders", cors.exposeHeaders())
			.with("maxAge", Values.limit(cors.maxAge()))
			.with("allowCredentials", cors.allowCredentials())
			.with("unmatchedPreflights",
					(cors.unmatchedPreflights() == null) ? null : cors.unmatchedPreflights().name());
	}

}
