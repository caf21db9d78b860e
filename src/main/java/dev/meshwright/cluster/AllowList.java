package dev.meshwright.cluster;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.meshwright.model.DnsNames;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * The last check before anything reaches a cluster: what is sent is the object that was
 * named, of a kind on the allow-list ({@link ObjectKind}), and its name cannot lead to
 * another path of the API.
 */
final class AllowList {

	private static final Set<String> SERVER_OWNED = Set.of("uid", "resourceVersion", "generation", "managedFields",
			"creationTimestamp", "deletionTimestamp", "generateName", "ownerReferences", "finalizers");

	private AllowList() {
	}

	/** Refuses a reference that is not an RFC 1123 name. */
	static ObjectRef named(ObjectRef ref) {
		if (!DnsNames.isSubdomain(ref.name()) || !(ref.namespace().isEmpty() || DnsNames.isLabel(ref.namespace()))) {
			throw new ClusterFailure.Invalid(ref + ": not a name that an object may have (RFC 1123)");
		}
		return ref;
	}

	/** Refuses a namespace that is not an RFC 1123 name; empty means all. */
	static String namespace(ObjectKind kind, String namespace) {
		if (!namespace.isEmpty() && (!kind.namespaced() || !DnsNames.isLabel(namespace))) {
			throw new ClusterFailure.Invalid(kind + ": cannot be listed in a namespace \"" + namespace + "\"");
		}
		return namespace;
	}

	/** Refuses a body that is not the object of the reference. */
	static Map<?, ?> metadata(Apply apply) {
		ObjectRef ref = named(apply.ref());
		same(ref, "apiVersion", ref.kind().apiVersion(), apply.body().get("apiVersion"));
		same(ref, "kind", ref.kind().kind(), apply.body().get("kind"));
		if (!(apply.body().get("metadata") instanceof Map<?, ?> metadata)) {
			throw new ClusterFailure.Invalid(ref + ": the body has no metadata");
		}
		same(ref, "metadata.name", ref.name(), metadata.get("name"));
		same(ref, "metadata.namespace", ref.namespace().isEmpty() ? null : ref.namespace(), metadata.get("namespace"));
		for (Object field : metadata.keySet()) {
			if (field instanceof String name && SERVER_OWNED.contains(name)) {
				throw new ClusterFailure.Invalid(ref + ": the body must not set metadata." + name);
			}
		}
		return metadata;
	}

	private static void same(ObjectRef ref, String field, @Nullable String expected, @Nullable Object actual) {
		if (!Objects.equals(expected, actual)) {
			throw new ClusterFailure.Invalid(
					ref + ": the body's " + field + " is \"" + actual + "\", but the object named is another one");
		}
	}

}
