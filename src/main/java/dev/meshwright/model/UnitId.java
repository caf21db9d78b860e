package dev.meshwright.model;

/**
 * The smallest thing reconciled: one service on one cluster, or one namespace on one
 * cluster. With an empty cluster it is the placement of a service or namespace: the step
 * that decides on which clusters it has units.
 *
 * @param cluster the cluster's name; empty for a placement
 * @param namespace the namespace
 * @param service the service's name; empty for the namespace itself
 */
public record UnitId(String cluster, String namespace, String service) implements Comparable<UnitId> {

	/** The placement of a service, or of a namespace when {@code service} is empty. */
	public static UnitId placement(String namespace, String service) {
		return new UnitId("", namespace, service);
	}

	/** Whether this decides where units are, rather than being one. */
	public boolean isPlacement() {
		return this.cluster.isEmpty();
	}

	/** Whether this is a namespace, not a service. */
	public boolean isNamespace() {
		return this.service.isEmpty();
	}

	/** The same service or namespace on a cluster. */
	public UnitId on(String cluster) {
		return new UnitId(cluster, this.namespace, this.service);
	}

	/** The declaration that this unit is about. */
	public ResourceId subject() {
		return isNamespace() ? ResourceId.namespace(this.namespace) : ResourceId.service(this.namespace, this.service);
	}

	@Override
	public int compareTo(UnitId other) {
		return toString().compareTo(other.toString());
	}

	/**
	 * {@code east/shop/webapp}, {@code east/shop} for a namespace,
	 * {@code *&#47;shop/webapp} for a placement.
	 */
	@Override
	public String toString() {
		return (isPlacement() ? "*" : this.cluster) + "/" + this.namespace + (isNamespace() ? "" : "/" + this.service);
	}

}
