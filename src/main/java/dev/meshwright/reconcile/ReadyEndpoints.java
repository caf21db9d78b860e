package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.failover.BackupState.Seen;

import org.springframework.stereotype.Component;

/** Looks on all clusters of a service, at once, whether an endpoint of it is ready. */
@Component
class ReadyEndpoints {

	private final ClusterAccess access;

	ReadyEndpoints(ClusterAccess access) {
		this.access = access;
	}

	/**
	 * What a look finds, with a sentence that says where.
	 *
	 * @param seen whether an endpoint is ready
	 * @param message on which clusters, or which did not say and why
	 */
	record Look(Seen seen, String message) {
	}

	/**
	 * Looks. One cluster with a ready endpoint is enough; that none is takes all of them.
	 * @param service the service
	 * @param clusters where it is placed; nowhere is not known either
	 * @param atMost how long the clusters may take
	 */
	Look look(ServiceRef service, SortedSet<String> clusters, Duration atMost, ExecutorService threads)
			throws InterruptedException {
		if (clusters.isEmpty()) {
			return new Look(Seen.UNKNOWN, service + " is placed on no cluster");
		}
		Map<String, Future<Integer>> looks = new TreeMap<>();
		clusters.forEach((cluster) -> looks.put(cluster, threads.submit(() -> ready(service, cluster))));
		long end = System.nanoTime() + atMost.toNanos();
		Map<String, String> silent = new TreeMap<>();
		Map<String, Integer> ready = new TreeMap<>();
		for (Map.Entry<String, Future<Integer>> look : looks.entrySet()) {
			try {
				int count = look.getValue().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
				if (count > 0) {
					ready.put(look.getKey(), count);
				}
			}
			catch (ExecutionException ex) {
				silent.put(look.getKey(), String.valueOf(ex.getCause().getMessage()));
			}
			catch (TimeoutException ex) {
				look.getValue().cancel(true);
				silent.put(look.getKey(), "no answer in time");
			}
		}
		if (!ready.isEmpty()) {
			return new Look(Seen.READY, "ready endpoints by cluster: " + ready);
		}
		return silent.isEmpty() ? new Look(Seen.NONE_READY, "no ready endpoint on " + clusters)
				: new Look(Seen.UNKNOWN, "not known of every cluster: " + silent);
	}

	private int ready(ServiceRef service, String cluster) {
		return switch (this.access.open(cluster)) {
			case ClusterAccess.Access.Open open -> open.gateway().readyEndpoints(service.namespace(), service.name());
			case ClusterAccess.Access.Shut shut -> throw new ClusterFailure.Unavailable(shut.message());
		};
	}

}
