package dev.meshwright.store;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.meshwright.model.Metadata;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Spec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One resource put or deleted by a change set. */
public sealed interface Change {

	ResourceId id();

	Precondition precondition();

	/**
	 * Declares a resource.
	 *
	 * @param id which
	 * @param spec the spec bound
	 * @param specTree the spec as sent
	 * @param labels the labels
	 * @param annotations the annotations
	 * @param precondition what must hold of the stored one
	 */
	record Put(ResourceId id, Spec spec, ObjectNode specTree, Map<String, String> labels,
			Map<String, String> annotations, Precondition precondition) implements Change {

		private static final UUID NOT_YET = new UUID(0, 0);

		/**
		 * The resource that it would declare, as far as that can be known before.
		 * @param current what is declared so far
		 * @param author who does it
		 * @param revision the revision of a resource that is new
		 */
		public Resource<?> over(Optional<Resource<?>> current, String author, long revision) {
			if (current.isEmpty()) {
				return new Resource<>(this.id,
						new Metadata(NOT_YET, 1, revision, this.labels, this.annotations, Instant.now(), null, author),
						this.spec);
			}
			Metadata before = current.get().metadata();
			long generation = current.get().spec().equals(this.spec) ? before.generation() : before.generation() + 1;
			return new Resource<>(this.id, new Metadata(before.uid(), generation, before.revision(), this.labels,
					this.annotations, before.creationTimestamp(), null, author), this.spec);
		}

	}

	/**
	 * Takes a resource out of desired state.
	 *
	 * @param id which
	 * @param precondition what must hold of the stored one
	 * @param orphan whether its objects are forgotten instead of deleted, on every
	 * cluster; of a Cluster, all that is on it. Also of a resource that is being deleted
	 * already
	 */
	record Delete(ResourceId id, Precondition precondition, boolean orphan) implements Change {

		public Delete(ResourceId id, Precondition precondition) {
			this(id, precondition, false);
		}

	}

	/**
	 * What must hold of the stored resource when the change is committed.
	 *
	 * @param resourceVersion its resourceVersion, or null for any
	 * @param uid its uid, or null for any
	 * @param absent whether it must not exist
	 */
	record Precondition(@Nullable String resourceVersion, @Nullable String uid, boolean absent) {

		public static final Precondition NONE = new Precondition(null, null, false);

	}

}
