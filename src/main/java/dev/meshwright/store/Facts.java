package dev.meshwright.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.model.ClusterFacts;
import org.jspecify.annotations.Nullable;

/** What was found in clusters, and whether they answer. */
public interface Facts {

	/**
	 * Keeps what was found; when it differs from before, the key {@code cluster-facts=}
	 * counts as changed.
	 */
	void found(String cluster, ClusterFacts facts);

	/** Keeps that a cluster does not answer, and why; what was found before stays. */
	void unreachable(String cluster, String why);

	/** What is known of a cluster. */
	default Optional<Known> of(String cluster) {
		return Optional.ofNullable(of(List.of(cluster)).get(cluster));
	}

	/** What is known of clusters, by name; of whom nothing is known is missing. */
	Map<String, Known> of(Collection<String> clusters);

	/**
	 * What is known.
	 *
	 * @param facts what was found last, or null when it was never reached
	 * @param reachable whether it answered the last time
	 * @param message why not
	 * @param checkedAt when that was
	 */
	record Known(@Nullable ClusterFacts facts, boolean reachable, String message, Instant checkedAt) {
	}

}
