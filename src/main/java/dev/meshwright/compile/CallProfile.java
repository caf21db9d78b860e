package dev.meshwright.compile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.ResourceId;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.routing.HttpRule;

/**
 * How long a call of a service may take and how often it is tried, over all its rules.
 *
 * @param shortest the shortest timeout, which some caller keeps to
 * @param longest the longest that a call may take, where every call is limited
 * @param tries the most tries of one call, at least 1
 * @param resource where the most tries were declared
 * @param pointer JSON pointer in that resource
 */
record CallProfile(Optional<Limit> shortest, Optional<Duration> longest, int tries, ResourceId resource,
		String pointer) {

	static CallProfile of(ServiceSubject subject) {
		FailoverLayers layers = subject.failoverLayers();
		RuleDefaults defaults = Layer.HTTP.of(subject.ports()).isEmpty() ? RuleDefaults.NONE
				: RuleDefaults.of(layers.merged());
		Builder builder = new Builder(subject.service().id());
		List<HttpRule> rules = subject.policy().map((policy) -> Given.list(policy.spec().rules())).orElse(List.of());
		for (int index = 0; index < rules.size(); index++) {
			HttpRule rule = rules.get(index);
			if (rule.redirect() == null && rule.directResponse() == null) {
				String at = "/spec/rules/" + index;
				builder.rule(defaults.fill(rule),
						(rule.timeout() != null) ? subject.policy().orElseThrow().id()
								: origin(layers, FailoverPolicySpec::timeout, subject),
						(rule.timeout() != null) ? at + "/timeout" : "/spec/timeout",
						(rule.retries() != null) ? subject.policy().orElseThrow().id()
								: origin(layers, FailoverPolicySpec::retries, subject),
						(rule.retries() != null) ? at + "/retries" : "/spec/retries");
			}
		}
		if (rules.isEmpty()) {
			builder.rule(defaults.fill(FailoverFieldChecks.rule(null, null)),
					origin(layers, FailoverPolicySpec::timeout, subject), "/spec/timeout",
					origin(layers, FailoverPolicySpec::retries, subject), "/spec/retries");
		}
		return builder.profile();
	}

	private static ResourceId origin(FailoverLayers layers,
			java.util.function.Function<FailoverPolicySpec, Object> field, ServiceSubject subject) {
		return layers.origin(field::apply).map((policy) -> policy.id()).orElse(subject.service().id());
	}

	At mostTries(Findings findings) {
		return new At(findings, this.resource, this.pointer);
	}

	/**
	 * A timeout.
	 *
	 * @param timeout how long
	 * @param resource where it was declared
	 * @param pointer JSON pointer in that resource
	 */
	record Limit(Duration timeout, ResourceId resource, String pointer) {

		At at(Findings findings) {
			return new At(findings, this.resource, this.pointer);
		}

	}

	private static final class Builder {

		private final List<Limit> limits = new ArrayList<>();

		private Optional<Duration> longest = Optional.of(Duration.ZERO);

		private int tries = 1;

		private ResourceId resource;

		private String pointer = "/spec";

		Builder(ResourceId service) {
			this.resource = service;
		}

		void rule(HttpRule rule, ResourceId timeout, String timeoutAt, ResourceId retries, String retriesAt) {
			int most = (rule.retries() != null) ? Math.clamp(rule.retries().attempts(), 0, 1000) + 1 : 1;
			if (most > this.tries) {
				this.tries = most;
				this.resource = retries;
				this.pointer = retriesAt;
			}
			Duration limit = rule.timeout();
			if (limit != null && limit.isPositive()) {
				this.limits.add(new Limit(limit, timeout, timeoutAt));
			}
			else {
				Duration each = (rule.retries() != null) ? rule.retries().perTryTimeout() : null;
				limit = (each != null && each.isPositive()) ? each.multipliedBy(most) : null;
			}
			Duration last = limit;
			this.longest = (last == null) ? Optional.empty()
					: this.longest.map((known) -> (known.compareTo(last) < 0) ? last : known);
		}

		CallProfile profile() {
			return new CallProfile(this.limits.stream().min(java.util.Comparator.comparing(Limit::timeout)),
					this.longest.filter(Duration::isPositive), this.tries, this.resource, this.pointer);
		}

	}

}
