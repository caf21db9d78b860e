package dev.meshwright.cluster;

import java.util.Map;

import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * One server-side apply.
 *
 * @param ref the object
 * @param body the fields to own: apiVersion, kind, metadata with name and namespace,
 * spec; no uid or resourceVersion
 * @param uid the uid that the live object must have; null only for a first apply
 * @param resourceVersion the resourceVersion that it must have, or null for any
 * @param force whether fields of other managers are taken over
 * @param manager the field manager that comes to own the fields
 */
public record Apply(ObjectRef ref, Map<String, Object> body, @Nullable String uid, @Nullable String resourceVersion,
		boolean force, String manager) {

	/** An apply as {@link ObjectGateway#FIELD_MANAGER}. */
	public Apply(ObjectRef ref, Map<String, Object> body, @Nullable String uid, @Nullable String resourceVersion,
			boolean force) {
		this(ref, body, uid, resourceVersion, force, ObjectGateway.FIELD_MANAGER);
	}

	/** A first apply, which must create the object. */
	public static Apply create(ObjectRef ref, Map<String, Object> body) {
		return new Apply(ref, body, null, null, false);
	}

}
