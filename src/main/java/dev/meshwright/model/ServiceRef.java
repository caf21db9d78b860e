package dev.meshwright.model;

/**
 * A reference to a service.
 *
 * @param namespace its namespace
 * @param name its name
 */
public record ServiceRef(String namespace, String name) implements Comparable<ServiceRef> {

	/**
	 * Reads {@code name} (in the namespace of whoever refers) or {@code namespace/name}.
	 * @param text the reference as declared
	 * @param home the namespace of the declaration
	 */
	public static ServiceRef parse(String text, String home) {
		int slash = text.indexOf('/');
		return (slash < 0) ? new ServiceRef(home, text)
				: new ServiceRef(text.substring(0, slash), text.substring(slash + 1));
	}

	public ResourceId id() {
		return ResourceId.service(this.namespace, this.name);
	}

	@Override
	public int compareTo(ServiceRef other) {
		return toString().compareTo(other.toString());
	}

	@Override
	public String toString() {
		return this.namespace + "/" + this.name;
	}

}
