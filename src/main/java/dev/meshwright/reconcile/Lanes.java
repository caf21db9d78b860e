package dev.meshwright.reconcile;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The ways to the clusters, one each, so that none holds up another. */
final class Lanes {

	private final Map<String, ClusterLane> lanes = new ConcurrentHashMap<>();

	private final ExecutorService threads;

	private final int unitsPerCluster;

	/**
	 * No lanes yet.
	 * @param threads where calls are made
	 * @param unitsPerCluster the most units of one cluster that are worked on at a time,
	 * and as many urgent ones beside them
	 */
	Lanes(ExecutorService threads, int unitsPerCluster) {
		this.threads = threads;
		this.unitsPerCluster = unitsPerCluster;
	}

	ClusterLane to(String cluster) {
		return this.lanes.computeIfAbsent(cluster, (name) -> new ClusterLane(this.threads));
	}

	/** The lanes so far, by cluster. */
	Map<String, ClusterLane> all() {
		return Map.copyOf(this.lanes);
	}

	/** Clusters that are to be left alone for now, or have enough to do. */
	Set<String> busy() {
		return which((lane) -> lane.isClosed() || lane.units(true).get() >= this.unitsPerCluster);
	}

	/** Clusters that have enough to do that is not urgent. */
	Set<String> full() {
		return which((lane) -> lane.units(false).get() >= this.unitsPerCluster);
	}

	/** Clusters that answer again after a silence, each said once. */
	Set<String> recovered() {
		return which(ClusterLane::hasRecovered);
	}

	private Set<String> which(Predicate<ClusterLane> condition) {
		return this.lanes.entrySet()
			.stream()
			.filter((lane) -> condition.test(lane.getValue()))
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

}
