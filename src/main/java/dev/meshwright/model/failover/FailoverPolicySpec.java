package dev.meshwright.model.failover;

import java.time.Duration;

import dev.meshwright.model.LayeredPolicy;
import dev.meshwright.model.routing.HttpRule.Retries;
import org.jspecify.annotations.Nullable;

/**
 * What callers of a service do when parts of it fail, and how it is kept from failing.
 * What a level leaves out is inherited from the level above, field by field; lists
 * replace.
 *
 * @param service the service of the same namespace; absent for the default of the
 * namespace, or of the platform when the policy lives in no namespace
 * @param outlierDetection when an endpoint that fails is left out for a time; by itself
 * it also turns on that requests go to other localities when the own one fails
 * @param connectionPool how much may be under way to the service at once
 * @param timeout how long a request may take, retries included, where no routing rule
 * says; {@code 0s} means without limit, also against a default from above
 * @param retries when a failed request is tried again where no routing rule says;
 * {@code attempts: 0} means never, also against a default from above
 * @param retryBudget how much of all requests under way may be retries
 * @param rateLimit how many requests each pod takes; only where the Cluster says
 * {@code envoyFilters}, and not in ambient namespaces
 * @param locality to which localities requests go
 * @param backup the service that takes over when no endpoint is ready; only in the policy
 * of a service
 */
public record FailoverPolicySpec(@Nullable String service, @Nullable OutlierDetection outlierDetection,
		@Nullable ConnectionPool connectionPool, @Nullable Duration timeout, @Nullable Retries retries,
		@Nullable RetryBudget retryBudget, @Nullable RateLimit rateLimit, @Nullable Locality locality,
		@Nullable Backup backup) implements LayeredPolicy {

	/**
	 * When an endpoint is ejected: gets no requests for a time. Each caller's proxy
	 * decides by the answers that it sees itself.
	 *
	 * @param consecutive5xxErrors ejected after so many answers 5xx in a row; 0 turns it
	 * off; default 5
	 * @param consecutiveGatewayErrors ejected after so many answers 502, 503 or 504 in a
	 * row; 0 turns it off; default off
	 * @param consecutiveLocalOriginFailures ejected after so many connections in a row
	 * that failed or were reset; only with {@code splitExternalLocalOriginErrors};
	 * default 5
	 * @param splitExternalLocalOriginErrors whether failed connections are counted apart
	 * from answers; default false: they count as 5xx
	 * @param interval how long between two looks; default {@code 10s}
	 * @param baseEjectionTime how long the first ejection lasts, each further one so much
	 * longer; default {@code 30s}
	 * @param maxEjectionPercent the most of all endpoints that may be ejected at once,
	 * percent, rounded down; all localities count together; default 10
	 * @param minHealthPercent below so many healthy endpoints, percent, nobody is left
	 * out any more; default 0
	 */
	public record OutlierDetection(@Nullable Integer consecutive5xxErrors, @Nullable Integer consecutiveGatewayErrors,
			@Nullable Integer consecutiveLocalOriginFailures, @Nullable Boolean splitExternalLocalOriginErrors,
			@Nullable Duration interval, @Nullable Duration baseEjectionTime, @Nullable Integer maxEjectionPercent,
			@Nullable Integer minHealthPercent) {
	}

	/**
	 * The service that takes over when this one has no ready endpoint on any cluster
	 * where it is placed, as its EndpointSlices say. Endpoints that callers eject count
	 * as ready. While that is not known of a cluster, nothing is switched, either way.
	 *
	 * @param service the service that takes over, {@code name} or {@code namespace/name};
	 * of another namespace only where that grants it {@code as: [backup]}
	 * @param after how long no endpoint must have been ready; default {@code 30s}
	 * @param minimumHealthy how long an endpoint must have been ready before requests go
	 * back; default {@code 1m}
	 * @param failback how requests go back
	 */
	public record Backup(String service, @Nullable Duration after, @Nullable Duration minimumHealthy,
			@Nullable Failback failback) {

		/** How long no endpoint must have been ready where nothing is said. */
		public static final Duration AFTER = Duration.ofSeconds(30);

		/** How long an endpoint must have been ready where nothing is said. */
		public static final Duration MINIMUM_HEALTHY = Duration.ofMinutes(1);

		/** How long requests stay at the backup where nothing is said. */
		public static final Duration HOLD_DOWN = Duration.ofMinutes(5);

	}

	/**
	 * How requests go back from the backup.
	 *
	 * @param mode by itself, or when somebody deletes the Override; default
	 * {@code automatic}
	 * @param holdDown how long after the switch at the earliest; default {@code 5m}
	 */
	public record Failback(@Nullable FailbackMode mode, @Nullable Duration holdDown) {
	}

	/** Who decides that requests go back. */
	public enum FailbackMode {

		AUTOMATIC("automatic"), MANUAL("manual");

		private final String text;

		FailbackMode(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/**
	 * How much of all requests under way may be retries. The mesh's own limit then no
	 * longer holds.
	 *
	 * @param percent of the requests under way and waiting, 0 to 100; default 20
	 * @param minRetryConcurrency retries that may always be under way; default 3
	 */
	public record RetryBudget(@Nullable Double percent, @Nullable Integer minRetryConcurrency) {
	}

}
