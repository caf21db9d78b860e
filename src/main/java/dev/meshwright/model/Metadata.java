package dev.meshwright.model;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What the server knows of a resource beside its spec.
 *
 * @param uid identity of this incarnation; a resource deleted and declared again gets a
 * new one
 * @param generation counts the spec changes of this uid, from 1
 * @param revision the revision that last stored a change of spec or metadata; also the
 * resourceVersion
 * @param labels the caller's labels
 * @param annotations the caller's annotations
 * @param creationTimestamp when this incarnation was first stored, database time
 * @param deletionTimestamp when it was deleted, while objects of it are still live
 * @param updatedBy the name of the caller who stored the last change
 */
public record Metadata(UUID uid, long generation, long revision, Map<String, String> labels,
		Map<String, String> annotations, Instant creationTimestamp, @Nullable Instant deletionTimestamp,
		String updatedBy) {

	/**
	 * The opaque version that guards writes: the ETag and
	 * {@code metadata.resourceVersion}.
	 */
	public String resourceVersion() {
		return Long.toString(this.revision);
	}

}
