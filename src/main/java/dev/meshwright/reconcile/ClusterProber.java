package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;

import dev.meshwright.model.Resource;
import dev.meshwright.model.cluster.ClusterSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks clusters for identity and versions: those that are new or changed at once, the
 * others by schedule. Each is asked on a thread of its own, so that a silent one holds up
 * nobody.
 */
final class ClusterProber {

	private static final Logger logger = LoggerFactory.getLogger(ClusterProber.class);

	private final ClusterAccess access;

	private final Duration interval;

	private final ExecutorService threads;

	private final BiConsumer<String, Boolean> answered;

	private final Map<String, Asked> asked = new ConcurrentHashMap<>();

	private final Set<String> asking = ConcurrentHashMap.newKeySet();

	/** Clusters that may not be pushed to, and the reason. */
	private final Map<String, String> shut = new ConcurrentHashMap<>();

	/**
	 * A prober.
	 * @param access asks them
	 * @param interval how often; a cluster that did not answer is asked six times as
	 * often
	 * @param threads where they are asked
	 * @param answered is told the name of each that answers and may be pushed to, and
	 * whether it did not when it was asked before
	 */
	ClusterProber(ClusterAccess access, Duration interval, ExecutorService threads,
			BiConsumer<String, Boolean> answered) {
		this.access = access;
		this.interval = interval;
		this.threads = threads;
		this.answered = answered;
	}

	/**
	 * Starts asking whoever is due. Called by one thread, after revisions and by time.
	 */
	void round() {
		Set<String> known = new java.util.HashSet<>(this.asked.keySet());
		for (Resource<?> cluster : this.access.declared()) {
			String name = cluster.id().name();
			known.remove(name);
			Asked last = this.asked.get(name);
			boolean due = last == null || last.revision != cluster.metadata().revision()
					|| System.nanoTime() - last.at > last.interval.toNanos();
			if (due && cluster.metadata().deletionTimestamp() == null && this.asking.add(name)) {
				this.asked.put(name, new Asked(cluster.metadata().revision(), System.nanoTime(), this.interval));
				this.threads.submit(() -> ask(name, cluster.as(ClusterSpec.class).spec()));
			}
		}
		for (String gone : known) {
			this.asked.remove(gone);
			this.shut.remove(gone);
			this.access.forget(gone);
		}
	}

	private void ask(String cluster, ClusterSpec spec) {
		try {
			if (this.access.probe(cluster,
					spec.connection()) instanceof ClusterAccess.Access.Shut(String reason, String message)) {
				if (!reason.equals(this.shut.put(cluster, reason))) {
					logger.warn("Nothing is pushed to cluster {} ({}): {}", cluster, reason, message);
				}
				this.asked.computeIfPresent(cluster, (name, last) -> last.soon());
			}
			else {
				boolean again = this.shut.remove(cluster) != null;
				if (again) {
					logger.info("Cluster {} answers and is pushed to again", cluster);
				}
				this.answered.accept(cluster, again);
			}
		}
		finally {
			this.asking.remove(cluster);
		}
	}

	private record Asked(long revision, long at, Duration interval) {

		/** Others wait for a cluster that does not answer, so it is asked more often. */
		Asked soon() {
			return new Asked(this.revision, this.at, this.interval.dividedBy(6));
		}

	}

}
