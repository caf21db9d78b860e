package dev.meshwright.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import dev.meshwright.document.Envelope;
import dev.meshwright.document.FieldOrder;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.StoredResource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource as it is answered.
 *
 * @param apiVersion always {@code meshwright.dev/v1}
 * @param kind the kind
 * @param metadata what names it and what the server knows of it
 * @param spec what was declared, nothing defaulted
 * @param status what is known of it on the clusters
 * @param warnings what should be looked at although it was accepted; on writes only
 */
record ResourceView(String apiVersion, String kind, MetadataView metadata, ObjectNode spec, @Nullable StatusView status,
		@Nullable List<Warning> warnings) {

	static ResourceView of(StoredResource stored, @Nullable StatusView status) {
		ResourceId id = stored.resource().id();
		return new ResourceView(Envelope.API_VERSION, id.kind().toString(),
				MetadataView.of(id, stored.resource().metadata()), FieldOrder.arrange(id.kind(), stored.spec()), status,
				null);
	}

	ResourceView with(List<Warning> warnings) {
		return warnings.isEmpty() ? this
				: new ResourceView(this.apiVersion, this.kind, this.metadata, this.spec, this.status, warnings);
	}

	/**
	 * Metadata of a resource.
	 *
	 * @param namespace its namespace; absent for a kind that lives in none
	 * @param name its name
	 * @param uid identity of this incarnation
	 * @param generation counts the changes of the spec, from 1
	 * @param resourceVersion moves with every stored change; the ETag
	 * @param revision the revision that stored the last change
	 * @param labels the caller's labels
	 * @param annotations the caller's annotations
	 * @param creationTimestamp when this incarnation was first stored
	 * @param deletionTimestamp when it was deleted, while objects of it are still live
	 * @param updatedBy who stored the last change
	 */
	record MetadataView(@Nullable String namespace, String name, UUID uid, long generation, String resourceVersion,
			long revision, Map<String, String> labels, Map<String, String> annotations, Instant creationTimestamp,
			@Nullable Instant deletionTimestamp, String updatedBy) {

		static MetadataView of(ResourceId id, Metadata metadata) {
			return new MetadataView(id.namespace().isEmpty() ? null : id.namespace(), id.name(), metadata.uid(),
					metadata.generation(), metadata.resourceVersion(), metadata.revision(),
					new TreeMap<>(metadata.labels()), new TreeMap<>(metadata.annotations()),
					metadata.creationTimestamp(), metadata.deletionTimestamp(), metadata.updatedBy());
		}

	}

}
