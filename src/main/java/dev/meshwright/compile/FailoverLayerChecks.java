package dev.meshwright.compile;

import java.util.List;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.failover.FailoverPolicySpec.OutlierDetection;
import dev.meshwright.model.failover.Locality;
import dev.meshwright.model.routing.HttpRule.Retries;
import org.jspecify.annotations.Nullable;

/**
 * What the failover policies of several levels come to together. Each finding stands
 * where the field at fault was declared.
 */
final class FailoverLayerChecks {

	/** What a live proxy answers or does for an application that is dead behind it. */
	private static final Set<String> MEETS_DEAD_APPLICATION = Set.of("5xx", "gateway-error", "503", "reset");

	/** What a locality that takes half of the endpoints with it needs. */
	private static final int HALF = 50;

	/** Envoy's default. */
	static final int MAX_EJECTION_PERCENT = 10;

	private FailoverLayerChecks() {
	}

	static void check(FailoverLayers layers, Findings findings) {
		FailoverPolicySpec merged = layers.merged();
		Locality locality = merged.locality();
		OutlierDetection detection = merged.outlierDetection();
		if (locality != null && locality.failover() != null) {
			failover("failover", detection, layers, findings);
		}
		else if (locality != null && locality.failoverPriority() != null) {
			failover("failoverPriority", detection, layers, findings);
		}
		else if (detects(detection)
				&& (locality == null || (locality.enabled() == null && locality.distribute() == null))) {
			layers.at(findings, FailoverPolicySpec::outlierDetection, "outlierDetection")
				.report(DiagnosticCode.DETECTION_TURNS_LOCALITY_FAILOVER_ON,
						"requests prefer the caller's zone and region and leave them when endpoints there are ejected");
		}
		if (detects(detection)) {
			panic(detection, layers, findings);
		}
		RateLimitChecks.check(layers, findings);
		if (detection != null && Given.or(detection.consecutiveLocalOriginFailures(), 0) > 0
				&& !Boolean.TRUE.equals(detection.splitExternalLocalOriginErrors())) {
			layers
				.at(findings, FailoverLayerChecks::localOriginFailures, "outlierDetection",
						"consecutiveLocalOriginFailures")
				.report(DiagnosticCode.LOCAL_ORIGIN_ERRORS_NOT_SPLIT,
						"consecutiveLocalOriginFailures is given, but failed connections are not counted apart");
		}
		if (merged.retries() != null && missesDeadApplication(merged.retries())) {
			layers.at(findings, FailoverPolicySpec::retries, "retries", "retryOn")
				.report(DiagnosticCode.RETRY_MISSES_DEAD_APPLICATION,
						"connections go to the proxy, which takes them while the application behind it is dead and answers 503");
		}
		if (merged.retryBudget() != null && maxRetries(merged) != null) {
			layers.at(findings, FailoverLayerChecks::maxRetries, "connectionPool", "http", "maxRetries")
				.report(DiagnosticCode.RETRY_BUDGET_REPLACES_MAX_RETRIES, "a retryBudget holds, too");
		}
	}

	private static void failover(String field, @Nullable OutlierDetection detection, FailoverLayers layers,
			Findings findings) {
		if (!detects(detection)) {
			layers.at(findings, FailoverLayerChecks::choice, "locality", field)
				.report(DiagnosticCode.FAILOVER_WITHOUT_DETECTION,
						(detection == null) ? "no outlierDetection holds" : "outlierDetection detects nothing");
			return;
		}
		int percent = Given.or(detection.maxEjectionPercent(), MAX_EJECTION_PERCENT);
		if (percent < HALF) {
			layers.at(findings, FailoverPolicySpec::outlierDetection, "outlierDetection")
				.report(DiagnosticCode.EJECTION_LEAVES_FAILED_ENDPOINTS, "at most " + percent
						+ "% of the endpoints of all localities together are ejected, so requests stay in a locality that fails");
		}
	}

	/**
	 * What a panic threshold comes to beside the share of endpoints that may be ejected
	 * at all.
	 */
	private static void panic(OutlierDetection detection, FailoverLayers layers, Findings findings) {
		int threshold = Given.or(detection.minHealthPercent(), 0);
		int ejected = Given.or(detection.maxEjectionPercent(), MAX_EJECTION_PERCENT);
		if (threshold <= 0 || threshold > 100 || ejected > 100) {
			return;
		}
		At at = layers.at(findings, FailoverLayerChecks::minHealthPercent, "outlierDetection", "minHealthPercent");
		if (100 - ejected >= threshold) {
			at.report(DiagnosticCode.PANIC_THRESHOLD_NOT_REACHED,
					"at most " + ejected + "% are ejected, so never fewer than " + threshold + "% are left",
					100 - ejected);
		}
		else {
			at.report(DiagnosticCode.PANIC_THRESHOLD_ENDS_EJECTION, "once more than " + (100 - threshold)
					+ "% are ejected, all endpoints get requests again, those that fail, too");
		}
	}

	private static boolean missesDeadApplication(Retries retries) {
		List<String> conditions = Given.list(retries.retryOn());
		return retries.attempts() > 0 && (conditions.isEmpty() || conditions.contains("connect-failure"))
				&& conditions.stream().noneMatch(MEETS_DEAD_APPLICATION::contains);
	}

	/** Whether anything is ever ejected. */
	static boolean detects(@Nullable OutlierDetection detection) {
		return detection != null && (Given.or(detection.consecutive5xxErrors(), 5) > 0
				|| Given.or(detection.consecutiveGatewayErrors(), 0) > 0
				|| (Boolean.TRUE.equals(detection.splitExternalLocalOriginErrors())
						&& Given.or(detection.consecutiveLocalOriginFailures(), 5) > 0));
	}

	private static @Nullable Object choice(FailoverPolicySpec policy) {
		return (policy.locality() != null && policy.locality().chooses()) ? policy.locality() : null;
	}

	private static @Nullable Object localOriginFailures(FailoverPolicySpec policy) {
		return (policy.outlierDetection() != null) ? policy.outlierDetection().consecutiveLocalOriginFailures() : null;
	}

	private static @Nullable Integer minHealthPercent(FailoverPolicySpec policy) {
		return (policy.outlierDetection() != null) ? policy.outlierDetection().minHealthPercent() : null;
	}

	private static @Nullable Integer maxRetries(FailoverPolicySpec policy) {
		return (policy.connectionPool() != null && policy.connectionPool().http() != null)
				? policy.connectionPool().http().maxRetries() : null;
	}

}
