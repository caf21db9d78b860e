package dev.meshwright.model;

import java.util.Set;

/**
 * The namespaces that a query may show.
 *
 * @param unrestricted whether it is every namespace, those to come included
 * @param names the namespaces otherwise
 */
public record NamespaceScope(boolean unrestricted, Set<String> names) {

	public NamespaceScope {
		names = Set.copyOf(names);
	}

	public static NamespaceScope all() {
		return new NamespaceScope(true, Set.of());
	}

	public static NamespaceScope of(Set<String> names) {
		return new NamespaceScope(false, names);
	}

	/**
	 * Whether resources of this namespace may be shown; what lives in no namespace is
	 * shown to all.
	 */
	public boolean includes(String namespace) {
		return this.unrestricted || namespace.isEmpty() || this.names.contains(namespace);
	}

}
