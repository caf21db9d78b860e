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
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Signals;
import dev.meshwright.store.Statuses;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Waits until what was written is programmed, and what was deleted is gone, as
 * {@code Prefer: wait} (RFC 7240) asks.
 */
@Component
class Waiting {

	private static final Pattern WAIT = Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,4})\"?\\s*(?:$|[,;])");

	private static final long MOST_SECONDS = 60;

	private final StatusViews views;

	private final Statuses statuses;

	private final Signals signals;

	Waiting(StatusViews views, Statuses statuses, Signals signals) {
		this.views = views;
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

	/**
	 * Waits for every change: what is declared becomes programmed, of what is deleted
	 * nothing is left in a cluster. A Cluster that is declared has nothing to be waited
	 * for.
	 * @return whether all of it was done in the time given
	 */
	boolean done(Collection<Commits.Result> results, Duration atMost) {
		long deadline = System.nanoTime() + atMost.toNanos();
		long seen = 0;
		List<ResourceId> deleted = results.stream().filter(Waiting::isDeleted).map(Commits.Result::id).toList();
		List<Resource<?>> declared = results.stream()
			.filter((result) -> !isDeleted(result) && result.id().kind() != Kind.CLUSTER)
			.<Resource<?>>map((result) -> result.stored().resource())
			.toList();
		while (!(allGone(deleted) && allProgrammed(declared))) {
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

	/** Also what was being deleted before: to delete it again changes nothing. */
	static boolean isDeleted(Commits.Result result) {
		return result.outcome() == Commits.Outcome.DELETED
				|| result.stored().resource().metadata().deletionTimestamp() != null;
	}

	private boolean allGone(List<ResourceId> deleted) {
		return deleted.isEmpty() || !this.statuses.terminating(deleted);
	}

	private boolean allProgrammed(List<Resource<?>> declared) {
		return this.views.of(declared)
			.values()
			.stream()
			.allMatch((status) -> status.conditions().stream().anyMatch(Waiting::isProgrammed));
	}

	/** What holds for no service has nothing to be programmed. */
	private static boolean isProgrammed(Condition condition) {
		return condition.type() == Condition.Type.PROGRAMMED
				&& (condition.status() == Condition.Status.TRUE || condition.reason().equals(StatusViews.NOT_USED));
	}

}
