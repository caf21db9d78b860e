package dev.meshwright.compile;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Durations;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.failover.RateLimit;
import dev.meshwright.model.failover.RateLimit.OnLimit;
import dev.meshwright.model.failover.RateLimit.Rule;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/** Limits of requests: each level's by itself, and what they come to together. */
final class RateLimitChecks {

	/** Envoy adds to a bucket no oftener. */
	private static final Duration LEAST = Duration.ofMillis(50);

	/** A proxy looks through the rules for each request. */
	private static final int MOST_RULES = 64;

	private static final int MOST = Integer.MAX_VALUE;

	/** The statuses that Envoy knows and that say a request failed. */
	private static final Set<Integer> STATUSES = Set.copyOf(IntStream
		.concat(IntStream.concat(IntStream.rangeClosed(400, 417), IntStream.rangeClosed(421, 424)),
				IntStream.concat(IntStream.of(426, 428, 429, 431, 510, 511), IntStream.rangeClosed(500, 508)))
		.boxed()
		.toList());

	private RateLimitChecks() {
	}

	static void check(RateLimit limit, At at) {
		Values.range(limit.requests(), 1, MOST, at.at("requests"));
		interval(limit.interval(), at.at("interval"));
		Values.range(limit.burst(), 1, MOST, at.at("burst"));
		Set<String> names = new HashSet<>();
		at.each("rules", limit.rules(), (rule, place) -> {
			Names.rfc1123(rule.name(), place.at("name"));
			if (!names.add(rule.name())) {
				place.at("name").report(DiagnosticCode.DUPLICATE_NAME, "two rules are named '" + rule.name() + "'");
			}
			AccessRuleChecks.operation(rule.match(), place.at("match"));
			Values.range(rule.requests(), 1, MOST, place.at("requests"));
			interval(rule.interval(), place.at("interval"));
			burst(rule.requests(), rule.burst(), place.at("burst"));
		});
		if (Given.list(limit.rules()).size() > MOST_RULES) {
			at.at("rules")
				.report(DiagnosticCode.OUT_OF_RANGE, limit.rules().size() + " rules are given",
						"at most " + MOST_RULES + " rules");
		}
		at.given("onLimit", limit.onLimit(), RateLimitChecks::answer);
	}

	private static void interval(@Nullable Duration interval, At at) {
		if (interval != null && (interval.compareTo(LEAST) < 0 || interval.getNano() % 1_000_000 != 0)) {
			at.report(DiagnosticCode.INVALID_DURATION, Durations.format(interval) + " is not possible here",
					"at least 50ms, in whole milliseconds");
		}
	}

	/** What a bucket cannot hold is lost, so the limit would be another than declared. */
	private static void burst(@Nullable Integer requests, @Nullable Integer burst, At at) {
		if (requests != null && burst != null && burst < requests) {
			at.report(DiagnosticCode.OUT_OF_RANGE,
					"a burst of " + burst + " cannot hold the " + requests + " requests that an interval brings",
					"at least " + requests);
		}
	}

	private static void answer(OnLimit answer, At at) {
		if (answer.status() != null && !STATUSES.contains(answer.status())) {
			at.at("status")
				.report(DiagnosticCode.OUT_OF_RANGE, answer.status() + " is no status of a refused request",
						"a status that HTTP defines, from 400 to 511");
		}
		HeaderChecks.names(answer.headers(), at.at("headers"));
		at.entries("headers", answer.headers(), HeaderChecks::answer);
	}

	/** What the levels come to; each finding stands where its field was declared. */
	static void check(FailoverLayers layers, Findings findings) {
		RateLimit limit = layers.merged().rateLimit();
		if (limit == null) {
			return;
		}
		if (limit.requests() == null && limit.rules() == null) {
			layers.at(findings, FailoverPolicySpec::rateLimit, "rateLimit")
				.report(DiagnosticCode.REQUIRED_FIELD, "no level says how many requests", "requests or rules");
		}
		if (limit.burst() != null && limit.requests() == null) {
			layers.at(findings, RateLimitChecks::burst, "rateLimit", "burst")
				.report(DiagnosticCode.REQUIRED_FIELD, "a burst has no meaning without requests", "requests");
		}
		else if (limit.burst() != null) {
			burst(limit.requests(), limit.burst(), layers.at(findings, RateLimitChecks::burst, "rateLimit", "burst"));
		}
		if (limit.rules() != null) {
			long base = Given.or(limit.interval(), RateLimit.INTERVAL).toMillis();
			layers.at(findings, RateLimitChecks::rules, "rateLimit")
				.each("rules", limit.rules(), (rule, at) -> multiple(rule, base, at.at("interval")));
		}
	}

	/** The proxy fills all its buckets by one timer. */
	private static void multiple(Rule rule, long base, At at) {
		if (rule.interval() != null && base > 0 && rule.interval().toMillis() % base != 0) {
			at.report(DiagnosticCode.OUT_OF_RANGE,
					Durations.format(rule.interval()) + " is no whole multiple of the interval of all requests, "
							+ Durations.format(Duration.ofMillis(base)),
					"a multiple of it, or a shorter interval there");
		}
	}

	/** A limit of one service, and its rules against the service's ports and hosts. */
	static void own(RateLimit limit, ServiceSubject subject, At at) {
		List<Port> ports = Layer.HTTP.of(subject.ports());
		if (subject.spec().external() != null) {
			at.report(DiagnosticCode.POLICY_ON_EXTERNAL_SERVICE, subject.ref() + " is external");
		}
		else if (ports.isEmpty() && !subject.ports().isEmpty()) {
			at.report(DiagnosticCode.PORT_NOT_ROUTABLE, "the service has no port that speaks HTTP", Layer.HTTP.text());
		}
		else {
			at.each("rules", limit.rules(), (rule, place) -> {
				new AccessHosts(subject).check(rule.match(), place.at("match"));
				place.at("match").each("ports", rule.match().ports(), (name, field) -> port(name, subject, field));
			});
		}
	}

	private static void port(String name, ServiceSubject subject, At at) {
		if (subject.ports().stream().noneMatch((port) -> port.name().equals(name))) {
			at.report(DiagnosticCode.PORT_NOT_FOUND, "there is no port '" + name + "'",
					subject.ports().stream().map(Port::name).toList());
		}
		else if (Layer.HTTP.of(subject.ports()).stream().noneMatch((port) -> port.name().equals(name))) {
			at.report(DiagnosticCode.PORT_NOT_ROUTABLE, "port '" + name + "' takes no HTTP requests",
					Layer.HTTP.text());
		}
	}

	private static @Nullable Object burst(FailoverPolicySpec policy) {
		return (policy.rateLimit() != null) ? policy.rateLimit().burst() : null;
	}

	private static @Nullable Object rules(FailoverPolicySpec policy) {
		return (policy.rateLimit() != null) ? policy.rateLimit().rules() : null;
	}

}
