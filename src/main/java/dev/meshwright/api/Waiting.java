package dev.meshwright.api;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Signals;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Waits until what was written is programmed, as {@code Prefer: wait} (RFC 7240) asks.
 */
@Component
class Waiting {

	private static final Pattern WAIT = Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,4})\"?\\s*(?:$|[,;])");

	private static final long MOST_SECONDS = 60;

	private final StatusViews statuses;

	private final Signals signals;

	Waiting(StatusViews statuses, Signals signals) {
		this.statuses = statuses;
		this.signals = signals;
	}

	/** How long a caller wants to wait, at most 60 seconds; empty when not at all. */
	static Optional<Duration> asked(@Nullable String prefer) {
		Matcher matcher = WAIT.matcher((prefer != null) ? prefer : "");
		return matcher.find()
				? Optional.of(Duration.ofSeconds(Math.min(MOST_SECONDS, Long.parseLong(matcher.group(1)))))
				: Optional.empty();
	}

	/** Whether everything became programmed in the time given. */
	boolean programmed(Collection<Commits.Result> results, Duration atMost) {
		long deadline = System.nanoTime() + atMost.toNanos();
		long seen = 0;
		List<Resource<?>> waited = results.stream()
			.filter((result) -> result.id().kind() != Kind.CLUSTER && result.outcome() != Commits.Outcome.DELETED)
			.<Resource<?>>map((result) -> result.stored().resource())
			.toList();
		while (!allProgrammed(waited)) {
			Duration left = Duration.ofNanos(deadline - System.nanoTime());
			if (!left.isPositive()) {
				return false;
			}
			try {
				seen = this.signals.await(Signals.Topic.STATUS, seen,
						left.compareTo(Duration.ofSeconds(1)) < 0 ? left : Duration.ofSeconds(1));
			}
			catch (InterruptedException _) {
				Thread.currentThread().interrupt();
				return false;
			}
		}
		return true;
	}

	private boolean allProgrammed(List<Resource<?>> waited) {
		return this.statuses.of(waited)
			.values()
			.stream()
			.allMatch((status) -> status.conditions()
				.stream()
				.anyMatch((condition) -> condition.type() == Condition.Type.PROGRAMMED
						&& condition.status() == Condition.Status.TRUE));
	}

}
