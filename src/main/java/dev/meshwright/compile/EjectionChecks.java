package dev.meshwright.compile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.failover.FailoverPolicySpec.OutlierDetection;
import dev.meshwright.model.routing.Destination;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.routing.TcpRule;
import dev.meshwright.model.routing.TlsRule;
import dev.meshwright.model.service.ServiceSpec.Version;
import dev.meshwright.model.service.Workload;

/**
 * Whether outlier detection can do anything with the few replicas there are. The proxy
 * counts the endpoints of a version where rules name versions, those of the service
 * otherwise, on one cluster as well as on all of them in proportion.
 */
final class EjectionChecks {

	private EjectionChecks() {
	}

	static void check(ServiceSubject subject, FailoverLayers layers, Findings findings) {
		OutlierDetection detection = layers.merged().outlierDetection();
		if (detection == null || !FailoverLayerChecks.detects(detection)) {
			return;
		}
		int percent = Given.or(detection.maxEjectionPercent(), FailoverLayerChecks.MAX_EJECTION_PERCENT);
		int healthy = Given.or(detection.minHealthPercent(), 0);
		At at = layers.at(findings, FailoverPolicySpec::outlierDetection, "outlierDetection");
		pools(subject).forEach((pool, replicas) -> {
			if (replicas * percent < 100L) {
				at.report(
						DiagnosticCode.EJECTION_HAS_NO_EFFECT, "of the " + replicas + " replicas of " + pool
								+ " none can be ejected: maxEjectionPercent " + percent + " rounds down to 0",
						"at least " + -Math.floorDiv(-100, replicas));
			}
			else if ((replicas - 1) * 100L < (long) healthy * replicas) {
				at.report(DiagnosticCode.EJECTION_HAS_NO_EFFECT,
						"of the " + replicas + " replicas of " + pool
								+ " all get requests again once one is ejected: fewer than minHealthPercent " + healthy
								+ " would be left",
						"a minHealthPercent of at most " + (replicas - 1) * 100 / replicas);
			}
		});
	}

	/** How many endpoints requests choose from, where that is known. */
	private static Map<String, Integer> pools(ServiceSubject subject) {
		Map<String, Integer> pools = new LinkedHashMap<>();
		Set<String> routed = subject.policy().map((policy) -> versions(policy.spec())).orElse(Set.of());
		int all = 0;
		boolean known = !subject.versions().isEmpty();
		for (Version version : subject.versions()) {
			Optional<Integer> replicas = replicas(version);
			known &= replicas.isPresent();
			all += replicas.orElse(0);
			if (routed.contains(version.name())) {
				replicas.filter((count) -> count > 0)
					.ifPresent((count) -> pools.put("version " + version.name() + " of " + subject.ref(), count));
			}
		}
		if (routed.isEmpty() && known && all > 0) {
			pools.put(subject.ref().toString(), all);
		}
		return pools;
	}

	/** The versions that rules name. */
	static Set<String> versions(RoutingPolicySpec policy) {
		return Stream
			.of(Given.list(policy.rules()).stream().map(HttpRule::split),
					Given.list(policy.tls()).stream().map(TlsRule::split),
					Given.list(policy.tcp()).stream().map(TcpRule::split))
			.flatMap((splits) -> splits)
			.flatMap((split) -> Given.list(split).stream())
			.filter((destination) -> destination.service() == null)
			.map(Destination::version)
			.filter(Objects::nonNull)
			.collect(Collectors.toSet());
	}

	/** The fewest pods of a managed version. */
	static Optional<Integer> replicas(Version version) {
		Workload workload = version.workload();
		if (workload == null) {
			return Optional.empty();
		}
		return Optional.of((workload.autoscaling() != null) ? Given.or(workload.autoscaling().minReplicas(), 1)
				: Given.or(workload.replicas(), 1));
	}

}
