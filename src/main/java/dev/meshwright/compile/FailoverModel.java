package dev.meshwright.compile;

import java.util.Optional;

import dev.meshwright.model.failover.ConnectionPool;
import dev.meshwright.model.failover.FailoverPolicySpec.OutlierDetection;
import dev.meshwright.model.failover.FailoverPolicySpec.RetryBudget;
import dev.meshwright.model.failover.Locality;
import dev.meshwright.model.failover.RateLimit;

/**
 * What callers of a service do on a cluster when parts of it fail, merged over all
 * levels. Timeouts and retries are in the routing rules already.
 *
 * @param outlierDetection when an endpoint is ejected, if ever
 * @param connectionPool how much may be under way
 * @param retryBudget how much of it may be retries
 * @param rateLimit how many requests each pod takes
 * @param locality to which localities requests go
 * @param mesh what holds for callers inside the mesh where a rule says nothing
 * @param gateway what holds for requests through the gateway where a rule says nothing
 */
public record FailoverModel(Optional<OutlierDetection> outlierDetection, Optional<ConnectionPool> connectionPool,
		Optional<RetryBudget> retryBudget, Optional<RateLimit> rateLimit, Optional<Locality> locality,
		RuleDefaults mesh, RuleDefaults gateway) {

	/** Nothing is declared. */
	public static final FailoverModel NONE = new FailoverModel(Optional.empty(), Optional.empty(), Optional.empty(),
			Optional.empty(), Optional.empty(), RuleDefaults.NONE, RuleDefaults.NONE);

	/** The same with other localities. */
	FailoverModel with(Optional<Locality> localities) {
		return new FailoverModel(this.outlierDetection, this.connectionPool, this.retryBudget, this.rateLimit,
				localities, this.mesh, this.gateway);
	}

}
