package dev.meshwright.api;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.meshwright.document.Envelope;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.ClusterObjects.ClusterObject;
import dev.meshwright.store.ClusterObjects.Seen;
import org.jspecify.annotations.Nullable;

/**
 * What Meshwright keeps in a cluster.
 *
 * @param apiVersion always {@code meshwright.dev/v1}
 * @param kind always {@code ClusterObjectList}
 * @param metadata where it goes on
 * @param items the objects, in the order of kind, namespace and name
 */
record ClusterObjectListView(String apiVersion, String kind, PageMetadata metadata, List<ObjectView> items) {

	static ClusterObjectListView of(List<ClusterObject> objects, @Nullable String next) {
		return new ClusterObjectListView(Envelope.API_VERSION, "ClusterObjectList", new PageMetadata(next),
				objects.stream().map(ObjectView::of).toList());
	}

	/**
	 * Metadata of a page.
	 *
	 * @param next the token for the next page; absent on the last one
	 */
	record PageMetadata(@JsonProperty("continue") @Nullable String next) {
	}

	/**
	 * An object.
	 *
	 * @param apiVersion its apiVersion
	 * @param kind its kind
	 * @param namespace its Kubernetes namespace, empty for an object that lives in none
	 * @param name its name
	 * @param uid its uid; absent while it is not known whether it was made
	 * @param owner whose it is
	 * @param revision the revision at which its content last changed; 0 while that is not
	 * known
	 * @param orphaned whether it is kept although nothing declares it, because no
	 * committed revision took it away
	 * @param deleting whether it is to go
	 * @param seen what the watches saw of it last; {@code Unknown} also while a push of
	 * it is under way, and of what nothing declares
	 * @param seenAt since when it was seen to differ; absent where it was not
	 */
	record ObjectView(String apiVersion, String kind, String namespace, String name, @Nullable String uid,
			OwnerView owner, long revision, boolean orphaned, boolean deleting, Seen seen, @Nullable Instant seenAt) {

		static ObjectView of(ClusterObject object) {
			ObjectRef ref = object.ref();
			return new ObjectView(ref.kind().apiVersion(), ref.kind().kind(), ref.namespace(), ref.name(), object.uid(),
					new OwnerView(object.unit().namespace(), object.unit().service()), object.revision(),
					object.orphaned(), object.deleting(), object.seen(), object.seenAt());
		}

	}

	/**
	 * Whose an object is.
	 *
	 * @param namespace the Namespace it belongs to
	 * @param service the Service it belongs to; empty for the Namespace itself
	 */
	record OwnerView(String namespace, String service) {
	}

}
