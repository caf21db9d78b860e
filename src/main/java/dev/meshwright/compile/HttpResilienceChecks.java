package dev.meshwright.compile;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Durations;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.Cors;
import dev.meshwright.model.routing.HttpRule.Fault;
import dev.meshwright.model.routing.HttpRule.Retries;
import org.jspecify.annotations.Nullable;

/** Timeout, retries, faults and CORS of a rule. */
final class HttpResilienceChecks {

	/** Envoy's x-envoy-retry-on and x-envoy-retry-grpc-on. */
	private static final Set<String> RETRY_ON = Set.of("5xx", "gateway-error", "reset", "reset-before-request",
			"connect-failure", "envoy-ratelimited", "retriable-4xx", "refused-stream", "retriable-status-codes",
			"retriable-headers", "http3-post-connect-failure", "cancelled", "deadline-exceeded", "internal",
			"resource-exhausted", "unavailable");

	private static final Set<String> GRPC_STATUS = Set.of("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT",
			"DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
			"FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
			"UNAUTHENTICATED");

	/** The statuses that have a name; Istio refuses to retry on others. */
	private static final Pattern STATUS = Pattern
		.compile("10[0-3]|20[0-8]|226|30[0-5]|30[78]|40[0-9]|41[0-8]|42[1-689]|431|451|50[0-8]|51[01]");

	/** Istio knows no others in an answer to a preflight. */
	private static final Set<String> CORS_METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT",
			"OPTIONS", "TRACE", "*");

	private static final int MOST_ATTEMPTS = 1000;

	private HttpResilienceChecks() {
	}

	static void check(HttpRule rule, At at) {
		Values.durationOrZero(rule.timeout(), at.at("timeout"));
		at.given("retries", rule.retries(), (retries, place) -> retries(retries, rule, place));
		at.given("fault", rule.fault(), HttpResilienceChecks::fault);
		if (rule.fault() != null && (rule.timeout() != null || rule.retries() != null)) {
			at.at("fault").report(DiagnosticCode.FAULT_WITH_TIMEOUT, "the rule has a fault and timeout or retries");
		}
		at.given("cors", rule.cors(), (cors, place) -> cors(cors, rule, place));
	}

	private static void retries(Retries retries, HttpRule rule, At at) {
		Values.range(retries.attempts(), 0, MOST_ATTEMPTS, at.at("attempts"));
		Values.duration(retries.perTryTimeout(), at.at("perTryTimeout"));
		Values.duration(retries.backoff(), at.at("backoff"));
		at.each("retryOn", retries.retryOn(), (condition, place) -> {
			if (!RETRY_ON.contains(condition) && !STATUS.matcher(condition).matches()) {
				place.report(DiagnosticCode.INVALID_VALUE, "'" + condition + "' is no retry condition",
						"one of Envoy's conditions, such as connect-failure, or a registered HTTP status"
								+ Names.nearest(condition, RETRY_ON));
			}
		});
		Duration timeout = rule.timeout();
		Duration each = retries.perTryTimeout();
		if (timeout == null || each == null || !timeout.isPositive() || !each.isPositive()) {
			return;
		}
		if (each.compareTo(timeout) > 0) {
			at.at("perTryTimeout")
				.report(DiagnosticCode.PER_TRY_TIMEOUT_EXCEEDS_TIMEOUT,
						Durations.format(each) + " a try is longer than the timeout " + Durations.format(timeout));
		}
		else if (retries.attempts() > 0 && retries.attempts() <= MOST_ATTEMPTS
				&& each.multipliedBy(retries.attempts() + 1L).compareTo(timeout) > 0) {
			at.report(DiagnosticCode.RETRIES_EXCEED_TIMEOUT, (retries.attempts() + 1) + " tries of "
					+ Durations.format(each) + " take longer than the timeout " + Durations.format(timeout));
		}
	}

	private static void fault(Fault fault, At at) {
		Values.atLeastOne(at, "delay and abort", fault.delay(), fault.abort());
		at.given("delay", fault.delay(), (delay, place) -> {
			Values.duration(delay.fixedDelay(), place.at("fixedDelay"));
			Values.percentage(delay.percentage(), place.at("percentage"));
		});
		at.given("abort", fault.abort(), (abort, place) -> {
			Values.exactlyOne(place, "httpStatus and grpcStatus", abort.httpStatus(), abort.grpcStatus());
			Values.range(abort.httpStatus(), 200, 599, place.at("httpStatus"));
			Values.percentage(abort.percentage(), place.at("percentage"));
			if (abort.grpcStatus() != null && !GRPC_STATUS.contains(abort.grpcStatus())) {
				place.at("grpcStatus")
					.report(DiagnosticCode.INVALID_VALUE, "'" + abort.grpcStatus() + "' is no gRPC status",
							"a status such as UNAVAILABLE" + Names.nearest(abort.grpcStatus(), GRPC_STATUS));
			}
		});
	}

	private static void cors(Cors cors, HttpRule rule, At at) {
		if (cors.allowOrigins().isEmpty()) {
			at.at("allowOrigins").report(DiagnosticCode.REQUIRED_FIELD, "no origin is allowed", "at least one origin");
		}
		at.each("allowOrigins", cors.allowOrigins(), (origin, place) -> {
			HttpMatchChecks.text(origin, place);
			place.given("exact", origin.exact(), HttpMatchChecks::filled);
		});
		at.each("allowMethods", cors.allowMethods(), (method, place) -> {
			if (!CORS_METHODS.contains(method)) {
				place.report(DiagnosticCode.INVALID_VALUE, "'" + method + "' is no method that a preflight asks for",
						String.join(", ", new TreeSet<>(CORS_METHODS)) + Names.nearest(method, CORS_METHODS));
			}
		});
		at.each("allowHeaders", cors.allowHeaders(), HeaderChecks::name);
		at.each("exposeHeaders", cors.exposeHeaders(), HeaderChecks::name);
		at.given("maxAge", cors.maxAge(), (age, place) -> {
			if (age.compareTo(Duration.ofSeconds(1)) < 0 || age.getNano() != 0) {
				place.report(DiagnosticCode.INVALID_DURATION, Durations.format(age) + " is not possible here",
						"at least 1s, in whole seconds");
			}
		});
		boolean methods = rule.match() != null && !rule.match().isEmpty()
				&& rule.match().stream().map(HttpMatch::method).noneMatch(HttpResilienceChecks::passesOptions);
		if (methods) {
			at.report(DiagnosticCode.CORS_WITHOUT_OPTIONS, "no alternative of the rule matches OPTIONS");
		}
	}

	private static boolean passesOptions(@Nullable String method) {
		return method == null || method.equals("OPTIONS");
	}

}
