package dev.meshwright.model.security;

import java.util.List;

import dev.meshwright.model.IntOrString;
import dev.meshwright.model.NonEmpty;
import org.jspecify.annotations.Nullable;

/**
 * A NetworkPolicy of the service's pods. What comes in is what {@code access} enforces,
 * as far as addresses and ports can say it and never less, and what {@code ingress} adds.
 * Kubelet probes, and what the mesh itself needs, are never cut off.
 *
 * @param ingress connections that are let in beside those that follow from {@code access}
 * @param egress connections that are let out; absent leaves them all, {@code []} only
 * those that name resolution and the mesh need, which are always let out
 */
public record NetworkRules(@Nullable List<Peers> ingress, @Nullable List<Peers> egress) {

	/**
	 * Connections to or from peers.
	 *
	 * @param services services, each {@code name} or {@code namespace/name}
	 * @param namespaces namespaces, all their pods
	 * @param gateways gateways of the cluster, by their names there; only for
	 * {@code ingress}
	 * @param ipBlocks addresses outside the cluster, each an IP address or CIDR block
	 * @param ports for {@code ingress} the service's ports by name or the pods' by
	 * number, for {@code egress} the peers' pod ports by number; absent means all
	 */
	public record Peers(@NonEmpty @Nullable List<String> services, @NonEmpty @Nullable List<String> namespaces,
			@NonEmpty @Nullable List<String> gateways, @NonEmpty @Nullable List<String> ipBlocks,
			@NonEmpty @Nullable List<IntOrString> ports) {
	}

}
