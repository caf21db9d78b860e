package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.meshwright.store.PushState;

/** How long to wait before the next attempt. */
final class Backoff {

	private static final Duration LONGEST = Duration.ofMinutes(5);

	private Backoff() {
	}

	/**
	 * After failures: from half a second, doubled with each attempt up to five minutes,
	 * with jitter, and never shorter than the cluster asks for.
	 */
	static Duration after(List<Outcome.Failed> failures, int attempts) {
		Duration exponential = Duration.ofMillis(500).multipliedBy(1L << Math.min(attempts, 10));
		Duration capped = (exponential.compareTo(LONGEST) > 0) ? LONGEST : exponential;
		Duration jittered = Duration
			.ofMillis(ThreadLocalRandom.current().nextLong(capped.toMillis() / 2, capped.toMillis() + 1));
		return failures.stream()
			.flatMap((failure) -> failure.retryAfter().stream())
			.filter((asked) -> asked.compareTo(jittered) > 0)
			.max(Duration::compareTo)
			.orElse(jittered);
	}

	/** While a Deployment has no replica: a quarter of the wait so far, 1 s to 5 s. */
	static Duration poll(PushState state) {
		Instant since = (state.madeAt() != null) ? state.madeAt() : state.now();
		long millis = Duration.between(since, state.now()).toMillis() / 4;
		return Duration.ofMillis(Math.clamp(millis, 1000, 5000));
	}

}
