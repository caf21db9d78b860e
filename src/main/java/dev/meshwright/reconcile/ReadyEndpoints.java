package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;

import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.failover.BackupState.Seen;
import dev.meshwright.reconcile.Survey.Said;

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
		Map<String, String> silent = new TreeMap<>();
		Map<String, Integer> ready = new TreeMap<>();
		Survey.ask(clusters, (cluster) -> () -> ready(service, cluster), atMost, threads).forEach((cluster, said) -> {
			switch (said) {
				case Said.Answered<Integer>(Integer count) when count > 0 -> ready.put(cluster, count);
				case Said.Answered<Integer> _ -> {
				}
				case Said.Silent<Integer>(String why) -> silent.put(cluster, why);
			}
		});
		if (!ready.isEmpty()) {
			return new Look(Seen.READY, "ready endpoints by cluster: " + ready);
		}
		return silent.isEmpty() ? new Look(Seen.NONE_READY, "no ready endpoint on " + clusters)
				: new Look(Seen.UNKNOWN, "not known of every cluster: " + silent);
	}

	private int ready(ServiceRef service, String cluster) {
		return this.access.gateway(cluster).readyEndpoints(service.namespace(), service.name());
	}

}
