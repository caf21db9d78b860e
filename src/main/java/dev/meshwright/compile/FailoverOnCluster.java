package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

import dev.meshwright.model.Diagnostic.Severity;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.PolicyTarget.Level;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.failover.Locality;
import dev.meshwright.model.failover.RateLimit;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.routing.HttpRule.Retries;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Version;
import org.jspecify.annotations.Nullable;

/**
 * What of the failover policies can be had on a cluster. What cannot is refused, but
 * where only the platform's default asks for it that is a warning: a default for all does
 * not forbid services on clusters that cannot express it.
 */
final class FailoverOnCluster {

	private final ServiceSubject subject;

	private final NamespaceModel namespace;

	private final FeatureCheck features;

	private final Findings findings;

	private final FailoverLayers layers;

	FailoverOnCluster(ServiceSubject subject, NamespaceModel namespace, FeatureCheck features, Findings findings) {
		this.subject = subject;
		this.namespace = namespace;
		this.features = features;
		this.findings = findings;
		this.layers = subject.failoverLayers();
	}

	/** What holds here. */
	FailoverModel resolve() {
		FailoverPolicySpec merged = this.layers.merged();
		if (this.layers.policies().isEmpty()) {
			return FailoverModel.NONE;
		}
		if (kept(Feature.BACKUP, FailoverPolicySpec::backup, "backup") != null) {
			backup();
		}
		boolean http = !Layer.HTTP.of(this.subject.ports()).isEmpty();
		RuleDefaults mesh = http ? new RuleDefaults(
				isLimit(merged) ? kept(Feature.TIMEOUT, FailoverPolicySpec::timeout, "timeout") : merged.timeout(),
				isRetried(merged) ? kept(Feature.RETRIES, FailoverPolicySpec::retries, "retries") : merged.retries())
				: RuleDefaults.NONE;
		return new FailoverModel(
				Optional.ofNullable(
						kept(Feature.OUTLIER_DETECTION, FailoverPolicySpec::outlierDetection, "outlierDetection")),
				Optional
					.ofNullable(kept(Feature.CONNECTION_POOL, FailoverPolicySpec::connectionPool, "connectionPool")),
				Optional.ofNullable(kept(Feature.RETRY_BUDGET, FailoverPolicySpec::retryBudget, "retryBudget")),
				rateLimit(),
				Optional.ofNullable(kept(Feature.LOCALITY_FAILOVER, FailoverPolicySpec::locality, "locality")), mesh,
				atGateway(mesh));
	}

	private static boolean isLimit(FailoverPolicySpec policy) {
		return policy.timeout() != null && !policy.timeout().isZero();
	}

	private static boolean isRetried(FailoverPolicySpec policy) {
		return policy.retries() != null && policy.retries().attempts() > 0;
	}

	private <T> @Nullable T kept(Feature feature, Function<FailoverPolicySpec, @Nullable T> field, String name) {
		T value = field.apply(this.layers.merged());
		if (value == null) {
			return null;
		}
		if (!this.features.offers(feature)) {
			refuse(field, name, DiagnosticCode.UNSUPPORTED_BY_PROVIDER, this.features.lacks(feature, ""));
			return null;
		}
		if (this.namespace.injection() == Injection.AMBIENT && this.namespace.waypoint().isEmpty()) {
			refuse(field, name, DiagnosticCode.WAYPOINT_REQUIRED,
					"Namespace " + this.namespace.name() + " is ambient and names no waypoint");
			return null;
		}
		return value;
	}

	/** The pods' own proxies count, so they must have some, and each port a number. */
	private Optional<RateLimit> rateLimit() {
		List<Port> ports = Layer.HTTP.of(this.subject.ports());
		if (this.layers.merged().rateLimit() == null || this.subject.spec().external() != null || ports.isEmpty()) {
			return Optional.empty();
		}
		RateLimit limit = kept(Feature.RATE_LIMIT, FailoverPolicySpec::rateLimit, "rateLimit");
		if (limit == null) {
			return Optional.empty();
		}
		String home = "Namespace " + this.namespace.name();
		String cluster = "cluster " + this.namespace.cluster().name();
		Optional<Port> named = ports.stream().filter(SecurityReferences::isNamed).findFirst();
		if (this.namespace.injection() == Injection.AMBIENT) {
			rateLimit(DiagnosticCode.UNSUPPORTED_BY_PROVIDER, cluster + " cannot express " + Feature.RATE_LIMIT.text()
					+ " in ambient namespaces such as " + home);
		}
		else if (this.namespace.injection() == Injection.NONE) {
			rateLimit(DiagnosticCode.NOT_IN_MESH, home + " does not join the mesh of " + cluster);
		}
		else if (!this.namespace.cluster().envoyFilters()) {
			rateLimit(DiagnosticCode.ENVOY_FILTER_NOT_ALLOWED, cluster + " does not say envoyFilters: true");
		}
		else if (named.isPresent()) {
			rateLimit(DiagnosticCode.TARGET_PORT_NOT_NUMERIC, "the targetPort '" + named.get().targetPort()
					+ "' of port " + named.get().name() + " is a name, and the proxy knows numbers");
		}
		else {
			return Optional.of(limit);
		}
		return Optional.empty();
	}

	private void rateLimit(DiagnosticCode code, String message) {
		refuse(FailoverPolicySpec::rateLimit, "rateLimit", code, message);
	}

	/** Refused now what could not be done when it is needed. */
	private void backup() {
		Optional.ofNullable(this.subject.spec().exposure())
			.flatMap((exposure) -> this.namespace.cluster().gateway(exposure.gateway()))
			.filter((gateway) -> !this.features.offersAt(gateway, Feature.BACKUP))
			.ifPresent((gateway) -> refuse(FailoverPolicySpec::backup, "backup", DiagnosticCode.UNSUPPORTED_BY_PROVIDER,
					this.features.lacks(Feature.BACKUP, " at gateway " + gateway.name() + " (" + gateway.api() + ")")));
	}

	/** A gateway of another API may be able to say less than the mesh. */
	private RuleDefaults atGateway(RuleDefaults mesh) {
		Optional<GatewayEntry> gateway = Optional.ofNullable(this.subject.spec().exposure())
			.flatMap((exposure) -> this.namespace.cluster().gateway(exposure.gateway()));
		if (gateway.isEmpty()) {
			return mesh;
		}
		FailoverPolicySpec merged = this.layers.merged();
		boolean timeout = !isLimit(merged) || this.features.offersAt(gateway.get(), Feature.TIMEOUT);
		boolean retries = !isRetried(merged) || this.features.offersAt(gateway.get(), Feature.RETRIES);
		String where = " at gateway " + gateway.get().name() + " (" + gateway.get().api() + ")";
		if (!timeout && mesh.timeout() != null) {
			refuse(FailoverPolicySpec::timeout, "timeout", DiagnosticCode.UNSUPPORTED_BY_PROVIDER,
					this.features.lacks(Feature.TIMEOUT, where));
		}
		if (!retries && mesh.retries() != null) {
			refuse(FailoverPolicySpec::retries, "retries", DiagnosticCode.UNSUPPORTED_BY_PROVIDER,
					this.features.lacks(Feature.RETRIES, where));
		}
		@Nullable Retries kept = retries ? mesh.retries() : null;
		return new RuleDefaults(timeout ? mesh.timeout() : null, kept);
	}

	private void refuse(Function<FailoverPolicySpec, ? extends @Nullable Object> field, String name,
			DiagnosticCode code, String message) {
		boolean declared = this.layers.policies()
			.stream()
			.filter((policy) -> PolicyTarget.of(policy).orElseThrow().level() != Level.PLATFORM)
			.anyMatch((policy) -> field.apply(policy.spec()) != null);
		this.layers.at(this.findings, field::apply, name)
			.report(code, declared ? Severity.ERROR : Severity.WARNING, message);
	}

	/**
	 * Warns of regions that take requests over although nothing of the service runs
	 * there. Only clusters that say their region are counted on.
	 */
	void checkReach(PlacementResolver placements) {
		Locality locality = this.layers.merged().locality();
		if (locality == null || locality.failover() == null || this.subject.namespace().isEmpty()) {
			return;
		}
		SortedSet<String> regions = new TreeSet<>();
		for (String cluster : placements.clusters(this.subject.namespace().get().spec())) {
			@Nullable String region = this.subject.declarations()
				.cluster(cluster)
				.map((found) -> found.spec().region())
				.orElse(null);
			if (region == null) {
				return;
			}
			regions.add(region);
		}
		At at = this.layers.at(this.findings,
				(policy) -> (policy.locality() != null) ? policy.locality().failover() : null, "locality");
		at.each("failover", locality.failover(), (failover, place) -> {
			if (!regions.contains(failover.to())) {
				place.at("to")
					.report(DiagnosticCode.FAILOVER_TARGET_WITHOUT_PODS, this.subject.ref()
							+ " is on no cluster in region " + failover.to() + ", but in " + regions);
			}
		});
		this.subject.policy()
			.map((policy) -> EjectionChecks.versions(policy.spec()))
			.ifPresent((routed) -> this.subject.versions()
				.stream()
				.filter((version) -> routed.contains(version.name())
						&& EjectionChecks.replicas(version).filter((count) -> count == 0).isPresent())
				.map(Version::name)
				.forEach((version) -> at.at("failover")
					.report(DiagnosticCode.FAILOVER_TARGET_WITHOUT_PODS, "requests stay within a version, and version "
							+ version + " of " + this.subject.ref() + " has no pods anywhere")));
	}

}
