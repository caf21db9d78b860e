package dev.meshwright.model;

/**
 * Names one resource for as long as it is declared.
 *
 * @param kind the kind
 * @param namespace the namespace, empty for what lives in none
 * @param name the name within kind and namespace
 */
public record ResourceId(Kind kind, String namespace, String name) implements Comparable<ResourceId> {

	public ResourceId {
		if (!kind.scope().admits(namespace)) {
			throw new IllegalArgumentException(
					kind + " " + name + (namespace.isEmpty() ? " needs a namespace" : " has no namespace"));
		}
	}

	/** A resource of a kind that lives in no namespace. */
	public static ResourceId of(Kind kind, String name) {
		return new ResourceId(kind, "", name);
	}

	public static ResourceId service(String namespace, String name) {
		return new ResourceId(Kind.SERVICE, namespace, name);
	}

	public static ResourceId namespace(String name) {
		return of(Kind.NAMESPACE, name);
	}

	public static ResourceId cluster(String name) {
		return of(Kind.CLUSTER, name);
	}

	/**
	 * The order in which rows are locked, the same for every writer so that none waits
	 * for another in a circle.
	 */
	@Override
	public int compareTo(ResourceId other) {
		return toString().compareTo(other.toString());
	}

	/** {@code Service/shop/webapp}, or {@code Cluster/east}. */
	@Override
	public String toString() {
		return this.namespace.isEmpty() ? this.kind + "/" + this.name
				: this.kind + "/" + this.namespace + "/" + this.name;
	}

}
