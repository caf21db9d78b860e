package dev.meshwright.model;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How the live objects of a service differ from what was pushed last.
 *
 * @param clusters what was found on each cluster
 */
public record ServiceDrift(List<OnCluster> clusters) {

	/**
	 * What was found on one cluster.
	 *
	 * @param name the cluster
	 * @param compared how many objects were read and compared
	 * @param objects the objects that differ
	 * @param leased the fields that are left to other controllers
	 * @param rewritten the fields that the cluster keeps otherwise than it was sent them
	 * @param message why nothing, or not everything, could be read; empty when all was
	 */
	public record OnCluster(String name, int compared, List<DriftedObject> objects, List<LeasedField> leased,
			List<RewrittenField> rewritten, String message) {

		/** Nothing could be read, and why. */
		public static OnCluster unread(String name, String message) {
			return new OnCluster(name, 0, List.of(), List.of(), List.of(), message);
		}
	}

	/**
	 * A field that is leased, which is no drift.
	 *
	 * @param apiVersion the apiVersion of its object
	 * @param kind the kind
	 * @param namespace the namespace
	 * @param name the name
	 * @param path the field as an API server writes it
	 * @param live what is there; absent when nothing is
	 * @param leasedTo the manager that it is left to
	 * @param managers who manages it now: {@code meshwright-handover} until that manager
	 * has written it
	 */
	public record LeasedField(String apiVersion, String kind, String namespace, String name, String path,
			@Nullable Object live, String leasedTo, List<String> managers) {
	}

	/**
	 * A field that an admission webhook of the cluster changes on its way in. Meshwright
	 * owns it, nobody else has written it, and nothing is written again because of it.
	 *
	 * @param apiVersion the apiVersion of its object
	 * @param kind the kind
	 * @param namespace the namespace
	 * @param name the name
	 * @param path the field as an API server writes it
	 * @param declared what was sent
	 * @param live what is there; absent when the field was taken away
	 */
	public record RewrittenField(String apiVersion, String kind, String namespace, String name, String path,
			@Nullable Object declared, @Nullable Object live) {
	}

	/**
	 * An object that differs.
	 *
	 * @param apiVersion its apiVersion
	 * @param kind its kind
	 * @param namespace its namespace, empty for an object that lives in none
	 * @param name its name
	 * @param missing whether it, or the one that was pushed, is gone
	 * @param fields the fields that differ; none when others only manage what still has
	 * the values pushed
	 */
	public record DriftedObject(String apiVersion, String kind, String namespace, String name, boolean missing,
			List<Field> fields) {
	}

	/**
	 * A field that differs.
	 *
	 * @param path the field as an API server writes it, such as
	 * {@code .spec.ports[name="http"].port}
	 * @param declared what was pushed; absent when the field is leased
	 * @param live what is there; absent when the field is gone
	 * @param manager who manages it now; empty when nobody does
	 * @param leasedTo the manager to whom it is leased, when another one has written it;
	 * absent when it is not leased
	 */
	public record Field(String path, @Nullable Object declared, @Nullable Object live, String manager,
			@Nullable String leasedTo) {
	}

}
