package dev.meshwright.compile;

import java.time.Duration;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Durations;
import dev.meshwright.model.failover.ConnectionPool;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.failover.FailoverPolicySpec.OutlierDetection;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.Retries;
import org.jspecify.annotations.Nullable;

/** The fields of one failover policy, of any level, each by itself. */
final class FailoverFieldChecks {

	private static final int MOST = Integer.MAX_VALUE;

	private FailoverFieldChecks() {
	}

	static void check(FailoverPolicySpec policy, At at) {
		at.given("outlierDetection", policy.outlierDetection(), FailoverFieldChecks::detection);
		at.given("connectionPool", policy.connectionPool(), (pool, place) -> {
			place.given("tcp", pool.tcp(), FailoverFieldChecks::tcp);
			place.given("http", pool.http(), FailoverFieldChecks::http);
		});
		HttpResilienceChecks.check(rule(policy.timeout(), policy.retries()), at);
		at.given("retryBudget", policy.retryBudget(), (budget, place) -> {
			Values.percentage(budget.percent(), place.at("percent"));
			Values.range(budget.minRetryConcurrency(), 0, MOST, place.at("minRetryConcurrency"));
		});
		at.given("rateLimit", policy.rateLimit(), RateLimitChecks::check);
		at.given("locality", policy.locality(), LocalityChecks::check);
		at.given("backup", policy.backup(), (backup, place) -> {
			Values.durationOrZero(backup.after(), place.at("after"));
			Values.durationOrZero(backup.minimumHealthy(), place.at("minimumHealthy"));
			place.given("failback", backup.failback(),
					(failback, field) -> Values.durationOrZero(failback.holdDown(), field.at("holdDown")));
		});
	}

	/** A rule that says nothing but this. */
	static HttpRule rule(@Nullable Duration timeout, @Nullable Retries retries) {
		return new HttpRule(null, null, null, null, null, null, null, timeout, retries, null, null, null, null);
	}

	private static void detection(OutlierDetection detection, At at) {
		Values.range(detection.consecutive5xxErrors(), 0, MOST, at.at("consecutive5xxErrors"));
		Values.range(detection.consecutiveGatewayErrors(), 0, MOST, at.at("consecutiveGatewayErrors"));
		Values.range(detection.consecutiveLocalOriginFailures(), 0, MOST, at.at("consecutiveLocalOriginFailures"));
		Values.duration(detection.interval(), at.at("interval"));
		Values.duration(detection.baseEjectionTime(), at.at("baseEjectionTime"));
		// Istio reads 0 as absent, and so as 10
		Values.range(detection.maxEjectionPercent(), 1, 100, at.at("maxEjectionPercent"));
		Values.range(detection.minHealthPercent(), 0, 100, at.at("minHealthPercent"));
	}

	/** Istio reads 0 as absent, so it is refused where it would mean something else. */
	private static void tcp(ConnectionPool.Tcp tcp, At at) {
		Values.range(tcp.maxConnections(), 1, MOST, at.at("maxConnections"));
		Values.duration(tcp.connectTimeout(), at.at("connectTimeout"));
		Values.duration(tcp.maxConnectionDuration(), at.at("maxConnectionDuration"));
		Values.durationOrZero(tcp.idleTimeout(), at.at("idleTimeout"));
		at.given("tcpKeepalive", tcp.tcpKeepalive(), (keepalive, place) -> {
			Values.range(keepalive.probes(), 1, MOST, place.at("probes"));
			place.given("time", keepalive.time(), FailoverFieldChecks::seconds);
			place.given("interval", keepalive.interval(), FailoverFieldChecks::seconds);
		});
	}

	private static void seconds(Duration duration, At at) {
		if (duration.getNano() != 0 || !duration.isPositive()) {
			at.report(DiagnosticCode.OUT_OF_RANGE, Durations.format(duration) + " is not possible here",
					"whole seconds, at least 1s");
		}
	}

	private static void http(ConnectionPool.Http http, At at) {
		Values.range(http.http1MaxPendingRequests(), 1, MOST, at.at("http1MaxPendingRequests"));
		Values.range(http.http2MaxRequests(), 1, MOST, at.at("http2MaxRequests"));
		Values.range(http.maxRequestsPerConnection(), 0, MOST, at.at("maxRequestsPerConnection"));
		Values.range(http.maxRetries(), 1, MOST, at.at("maxRetries"));
		Values.duration(http.idleTimeout(), at.at("idleTimeout"));
		Values.range(http.maxConcurrentStreams(), 1, MOST, at.at("maxConcurrentStreams"));
	}

}
