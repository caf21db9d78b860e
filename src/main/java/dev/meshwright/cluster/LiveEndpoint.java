package dev.meshwright.cluster;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One endpoint of a Kubernetes Service, in however many EndpointSlices it stands.
 *
 * @param addresses its IP addresses, or its host name; none in a sandbox, which runs
 * nothing
 * @param ready whether it takes new connections
 * @param terminating whether it is being shut down
 * @param pod the name of its pod; empty when it is no pod
 * @param node the node that it runs on; empty when that is not said
 * @param zone the zone of the node; empty when that is not said
 */
public record LiveEndpoint(SortedSet<String> addresses, boolean ready, boolean terminating, String pod, String node,
		String zone) {

	/** The same endpoint with what another slice says of it. */
	LiveEndpoint and(LiveEndpoint other) {
		SortedSet<String> all = new TreeSet<>(this.addresses);
		all.addAll(other.addresses);
		return new LiveEndpoint(all, this.ready || other.ready, this.terminating && other.terminating, this.pod,
				this.node.isEmpty() ? other.node : this.node, this.zone.isEmpty() ? other.zone : this.zone);
	}

}
