package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

import dev.meshwright.store.PushState;

/** How long to wait before the next attempt. */
final class Backoff {

	private static final Duration LONGEST = Duration.ofMinutes(5);

	/**
	 * Nobody tells us when a webhook changes its mind, a right is granted, a CRD is
	 * installed, a finalizer is done or a label is put back, so we ask.
	 */
	private static final Duration LONGEST_FOR_NEIGHBOURS = Duration.ofSeconds(45);

	private static final Set<String> UP_TO_NEIGHBOURS = Set.of(Failures.ADMISSION, Failures.FORBIDDEN,
			Failures.KIND_NOT_SERVED, Failures.NAMESPACE_MISSING, Failures.TERMINATING, Failures.ORPHANED);

	/** A conflict is settled by people; asking often annoys only the API server. */
	private static final Duration SHORTEST_FOR_CONFLICTS = Duration.ofSeconds(30);

	private Backoff() {
	}

	/**
	 * After failures: from half a second, doubled with each attempt up to five minutes,
	 * with jitter, and never shorter than the cluster asks for. Where nothing is left but
	 * conflicts, at least half a minute; where nothing is left but fights, until the
	 * first of their own pauses is over, however often somebody looked meanwhile.
	 */
	static Duration after(List<Outcome.Failed> failures, int attempts) {
		if (onlyOf(failures, Fight.FIGHTING)) {
			return failures.stream()
				.flatMap((fight) -> fight.retryAfter().stream())
				.min(Duration::compareTo)
				.orElse(LONGEST);
		}
		Duration exponential = Duration.ofMillis(500).multipliedBy(1L << Math.min(attempts, 10));
		Duration longest = longest(failures);
		Duration capped = (exponential.compareTo(longest) > 0) ? longest : exponential;
		Duration jittered = Duration
			.ofMillis(ThreadLocalRandom.current().nextLong(capped.toMillis() / 2, capped.toMillis() + 1));
		return Stream.concat(failures.stream().flatMap((failure) -> failure.retryAfter().stream()), atLeast(failures))
			.filter((asked) -> asked.compareTo(jittered) > 0)
			.max(Duration::compareTo)
			.orElse(jittered);
	}

	private static Duration longest(List<Outcome.Failed> failures) {
		return failures.stream().anyMatch((failure) -> UP_TO_NEIGHBOURS.contains(failure.reason()))
				? LONGEST_FOR_NEIGHBOURS : LONGEST;
	}

	private static Stream<Duration> atLeast(List<Outcome.Failed> failures) {
		return onlyOf(failures, Failures.CONFLICT) ? Stream.of(SHORTEST_FOR_CONFLICTS) : Stream.empty();
	}

	private static boolean onlyOf(List<Outcome.Failed> failures, String reason) {
		return !failures.isEmpty() && failures.stream().allMatch((failure) -> failure.reason().equals(reason));
	}

	/**
	 * While a Deployment has no replica: a quarter of the wait so far, 1 s to 5 s. The
	 * watches tell sooner, where there are any.
	 */
	static Duration poll(PushState state) {
		Instant since = (state.madeAt() != null) ? state.madeAt() : state.now();
		long millis = Duration.between(since, state.now()).toMillis() / 4;
		return Duration.ofMillis(Math.clamp(millis, 1000, 5000));
	}

}
