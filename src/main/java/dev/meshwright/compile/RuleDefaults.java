package dev.meshwright.compile;

import java.time.Duration;

import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.Retries;
import org.jspecify.annotations.Nullable;

/**
 * What holds for requests where a routing rule says nothing.
 *
 * @param timeout the timeout; zero means without limit
 * @param retries the retries
 */
public record RuleDefaults(@Nullable Duration timeout, @Nullable Retries retries) {

	/** Nothing is declared. */
	public static final RuleDefaults NONE = new RuleDefaults(null, null);

	static RuleDefaults of(FailoverPolicySpec policy) {
		return new RuleDefaults(policy.timeout(), policy.retries());
	}

	boolean isEmpty() {
		return this.timeout == null && this.retries == null;
	}

	/** Whether something else holds than for a rule that says nothing at all. */
	boolean limits() {
		return (this.timeout != null && this.timeout.isPositive())
				|| (this.retries != null && this.retries.attempts() > 0);
	}

	/**
	 * The rule with what it leaves out; the same where it answers itself and so has
	 * nobody to wait for.
	 */
	HttpRule fill(HttpRule rule) {
		if (isEmpty() || rule.redirect() != null || rule.directResponse() != null) {
			return rule;
		}
		return new HttpRule(rule.name(), rule.appliesTo(), rule.match(), rule.split(), null, null, rule.rewrite(),
				(rule.timeout() != null) ? rule.timeout() : this.timeout,
				(rule.retries() != null) ? rule.retries() : this.retries, rule.mirror(), rule.fault(), rule.cors(),
				rule.headers());
	}

}
