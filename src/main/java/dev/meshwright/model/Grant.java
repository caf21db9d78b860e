package dev.meshwright.model;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Lets others refer to a service across namespaces.
 *
 * @param to who is granted
 * @param as what for
 */
public record Grant(Grantees to, List<Use> as) {

	/**
	 * Who is granted something.
	 *
	 * @param namespaces every service of these namespaces
	 * @param services these services, each {@code namespace/name}
	 */
	public record Grantees(@Nullable List<String> namespaces, @Nullable List<String> services) {
	}

	/** What a granted service may be used as. */
	public enum Use {

		ROUTE("route"), BACKUP("backup"), MIRROR("mirror"), DEPENDENCY("dependency");

		private final String text;

		Use(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
