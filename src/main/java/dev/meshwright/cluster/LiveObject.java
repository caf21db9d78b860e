package dev.meshwright.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.model.ObjectRef;

/**
 * An object as the API server has it.
 *
 * @param ref which object
 * @param uid its uid
 * @param resourceVersion its resourceVersion
 * @param body the whole object as a tree; managedFields included
 */
public record LiveObject(ObjectRef ref, String uid, String resourceVersion, Map<String, Object> body) {

	/** The value of an annotation. */
	public Optional<String> annotation(String name) {
		return metadata("annotations", name);
	}

	/** The value of a label. */
	public Optional<String> label(String name) {
		return metadata("labels", name);
	}

	/** Whether it is being deleted and waits for finalizers or dependents. */
	public boolean terminating() {
		return this.body.get("metadata") instanceof Map<?, ?> metadata && metadata.get("deletionTimestamp") != null;
	}

	/** Whose controllers have to do their part before it is gone. */
	public List<String> finalizers() {
		return (this.body.get("metadata") instanceof Map<?, ?> metadata
				&& metadata.get("finalizers") instanceof List<?> names) ? names.stream().map(String::valueOf).toList()
						: List.of();
	}

	private Optional<String> metadata(String field, String name) {
		return (this.body.get("metadata") instanceof Map<?, ?> metadata
				&& metadata.get(field) instanceof Map<?, ?> values && values.get(name) instanceof String value)
						? Optional.of(value) : Optional.empty();
	}

}
