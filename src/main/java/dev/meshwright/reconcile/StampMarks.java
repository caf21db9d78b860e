package dev.meshwright.reconcile;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.InstallationStamp;
import dev.meshwright.store.Installation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far this process has pushed to each cluster, and how far the cluster's stamp says
 * so. The stamp follows a few seconds behind, so that it costs next to nothing, and never
 * says more than what was pushed.
 */
final class StampMarks {

	private static final Logger logger = LoggerFactory.getLogger(StampMarks.class);

	private final Map<String, Mark> marks = new ConcurrentHashMap<>();

	private final Set<String> raising = ConcurrentHashMap.newKeySet();

	private final Installation installation;

	StampMarks(Installation installation) {
		this.installation = installation;
	}

	/**
	 * How far the pushes have come.
	 *
	 * @param gateway the cluster
	 * @param stamp what stands there
	 * @param revision the newest revision of which something was pushed
	 * @param fence the highest fence of a claim that pushed
	 */
	private record Mark(ClusterGateway gateway, InstallationStamp stamp, long revision, long fence) {

		boolean ahead() {
			return this.revision > this.stamp.revision();
		}

	}

	/** This stands in a cluster; nothing that was pushed counts that is not in it. */
	void found(String cluster, ClusterGateway gateway, InstallationStamp stamp) {
		this.marks.put(cluster, new Mark(gateway, stamp, stamp.revision(), stamp.fence()));
	}

	/** The cluster was looked at again and is still as it should be. */
	void confirmed(String cluster, ClusterGateway gateway, InstallationStamp stamp) {
		this.marks.merge(cluster, new Mark(gateway, stamp, stamp.revision(), stamp.fence()), (old,
				now) -> new Mark(gateway, stamp, Math.max(old.revision, now.revision), Math.max(old.fence, now.fence)));
	}

	void pushing(String cluster, long revision, long fence) {
		this.marks.computeIfPresent(cluster, (name, mark) -> new Mark(mark.gateway, mark.stamp,
				Math.max(mark.revision, revision), Math.max(mark.fence, fence)));
	}

	/** The newest revision of which this process has pushed something there. */
	long pushed(String cluster) {
		Mark mark = this.marks.get(cluster);
		return (mark != null) ? mark.revision : 0;
	}

	/**
	 * Whether something was pushed that the database does not have any more. A snapshot
	 * may be older than what others push meanwhile, so the database has the last word.
	 */
	boolean outruns(String cluster, long revision) {
		return pushed(cluster) > revision && pushed(cluster) > this.installation.revision();
	}

	Set<String> behind() {
		return this.marks.entrySet()
			.stream()
			.filter((mark) -> mark.getValue().ahead())
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	/**
	 * Raises a cluster's stamp to what was pushed.
	 * @return false when another installation's stands there
	 */
	boolean raise(String cluster) {
		if (!this.raising.add(cluster)) {
			return true;
		}
		try {
			Mark mark = this.marks.get(cluster);
			return mark == null || !mark.ahead() || raise(cluster, mark);
		}
		catch (ClusterFailure failure) {
			logger.debug("The stamp of cluster {} is raised later: {}", cluster, failure.getMessage());
			return true;
		}
		finally {
			this.raising.remove(cluster);
		}
	}

	private boolean raise(String cluster, Mark mark) {
		InstallationStamp stamp = mark.stamp;
		try {
			long fence = Math.max(mark.fence, stamp.fence());
			confirmed(cluster, mark.gateway,
					mark.gateway.stamp(stamp.installation(), mark.revision, fence, stamp.resourceVersion()));
			return true;
		}
		catch (ClusterFailure.Stale changed) {
			// another replica as a rule, which may have raised it further
			InstallationStamp found = mark.gateway.stamp().orElse(null);
			if (found == null || !found.installation().equals(stamp.installation())) {
				return false;
			}
			confirmed(cluster, mark.gateway, found);
			return true;
		}
	}

	void forget(String cluster) {
		this.marks.remove(cluster);
	}

}
