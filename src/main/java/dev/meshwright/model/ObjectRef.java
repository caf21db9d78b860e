package dev.meshwright.model;

import java.util.Optional;

/**
 * Names one object in a cluster.
 *
 * @param kind the kind, from the allow-list
 * @param namespace the Kubernetes namespace, empty for a cluster-scoped kind
 * @param name the name
 */
public record ObjectRef(ObjectKind kind, String namespace, String name) implements Comparable<ObjectRef> {

	public ObjectRef {
		if (kind.namespaced() == namespace.isEmpty()) {
			throw new IllegalArgumentException(
					kind + " " + name + (kind.namespaced() ? " needs a namespace" : " has no namespace"));
		}
	}

	/** The object of these names; empty when no renderer makes such objects. */
	public static Optional<ObjectRef> of(String apiVersion, String kind, String namespace, String name) {
		return ObjectKind.of(apiVersion, kind)
			.filter((it) -> it.namespaced() != namespace.isEmpty())
			.map((it) -> new ObjectRef(it, namespace, name));
	}

	@Override
	public int compareTo(ObjectRef other) {
		return toString().compareTo(other.toString());
	}

	/** {@code VirtualService.networking.istio.io shop/webapp}. */
	@Override
	public String toString() {
		return this.kind + " " + (this.namespace.isEmpty() ? "" : this.namespace + "/") + this.name;
	}

}
