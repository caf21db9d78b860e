package dev.meshwright.cluster;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * What Meshwright may do in one cluster. Every call may throw {@link ClusterFailure}, a
 * closed set. Only kinds of {@link ObjectKind} can be named at all. Safe for use by many
 * threads; calls block the (virtual) thread.
 */
public interface ClusterGateway extends AutoCloseable {

	/** The field manager under which Meshwright applies. */
	String FIELD_MANAGER = "meshwright";

	/**
	 * The field manager that holds a field which Meshwright lets go, so that it keeps its
	 * value until its new owner writes it.
	 */
	String HANDOVER_MANAGER = "meshwright-handover";

	/**
	 * The live object, or empty when it does not exist.
	 * @throws ClusterFailure.KindNotServed the cluster does not know the kind
	 */
	Optional<LiveObject> get(ObjectRef ref);

	/**
	 * Every live object of a kind in a namespace that carries the label
	 * {@code app.kubernetes.io/managed-by=meshwright}.
	 * @param kind the kind
	 * @param namespace the namespace, empty for every namespace
	 */
	default List<LiveObject> list(ObjectKind kind, String namespace) {
		return listing(kind, namespace).objects();
	}

	/**
	 * What {@link #list} answers, with the resourceVersion at which a watch goes on. A
	 * list is complete or it fails: pages that expire half-way are read again.
	 * @param kind the kind
	 * @param namespace the namespace, empty for every namespace
	 */
	default Listing listing(ObjectKind kind, String namespace) {
		Scan<LiveObject> scan = scan(kind, namespace, Function.identity());
		return new Listing(scan.found(), scan.resourceVersion());
	}

	/**
	 * As {@link #listing}, keeping of each object only what the caller makes of it, so
	 * that a list of a whole cluster needs no room for its bodies.
	 * @param kind the kind
	 * @param namespace the namespace, empty for every namespace
	 * @param keep what to keep of an object; may be called more than once for an object,
	 * when pages are read again
	 */
	<T> Scan<T> scan(ObjectKind kind, String namespace, Function<LiveObject, T> keep);

	/**
	 * What a complete list came to.
	 *
	 * @param found what was kept of each object
	 * @param resourceVersion where a watch goes on
	 */
	record Scan<T>(List<T> found, String resourceVersion) {
	}

	/**
	 * The endpoints of a Kubernetes Service, as its EndpointSlices say; none also when
	 * there is no such Service. Only reads, so it is not bound to {@link ObjectKind}.
	 * @param namespace the namespace
	 * @param service the Service's name
	 * @throws ClusterFailure.Forbidden our account may not list endpointslices
	 */
	List<LiveEndpoint> endpoints(String namespace, String service);

	/** How many of {@link #endpoints} are ready. */
	default int readyEndpoints(String namespace, String service) {
		return (int) endpoints(namespace, service).stream().filter(LiveEndpoint::ready).count();
	}

	/**
	 * Server-side apply as the field manager that the apply names. Leaf fields that were
	 * applied before and are not in the body any more are removed; lists are what the API
	 * server's schema says, atoms where it says nothing.
	 * @param apply what to apply and under which preconditions
	 * @return the object as it is now and whether this call created it
	 * @throws ClusterFailure.FieldConflict another manager owns a field and the apply is
	 * not forced
	 * @throws ClusterFailure.Stale the resourceVersion is not the live one
	 * @throws ClusterFailure.WrongUid the live object is another one, or there is none,
	 * and a uid was sent
	 */
	Applied apply(Apply apply);

	/**
	 * What {@link #apply} would answer now, admission included, without writing anything.
	 * @param apply what would be applied and under which preconditions
	 * @return the object as it would be, and whether it would be created; uid and
	 * resourceVersion of one that would be created mean nothing
	 * @throws ClusterFailure.DryRunUnsupported a webhook of the cluster that has side
	 * effects would have to be asked
	 * @throws ClusterFailure as {@link #apply} throws
	 */
	Applied dryRun(Apply apply);

	/**
	 * Deletes with background propagation.
	 * @param ref the object
	 * @param uid the uid that the live object must have
	 * @param resourceVersion the resourceVersion that it must have, or null for any
	 * @return what is left of it when others have to do their part before it is gone;
	 * empty when it is gone, or was not there
	 * @throws ClusterFailure.Stale a precondition does not hold
	 */
	Optional<LiveObject> delete(ObjectRef ref, String uid, @Nullable String resourceVersion);

	/**
	 * Watches the objects of a kind in all namespaces that carry our managed-by label.
	 * @param kind the kind
	 * @param resourceVersion where to start, from a list or an earlier event
	 * @param events is called for each event in order; the first one is
	 * {@link WatchEvent.Opened} unless the watch is refused, the last one
	 * {@link WatchEvent.Ended}
	 * @return closes the watch
	 */
	AutoCloseable watch(ObjectKind kind, String resourceVersion, Consumer<WatchEvent> events);

	/**
	 * Reads identity, version and served kinds.
	 * @throws ClusterFailure.Forbidden when our account may not read the kube-system
	 * namespace, which identifies the cluster
	 */
	ClusterFacts facts();

	/**
	 * Which installation pushes here, as far as the cluster knows; empty for none yet.
	 */
	Optional<InstallationStamp> stamp();

	/**
	 * Says which installation pushes here, beside the kinds that can be applied.
	 * @param installation the installation's id
	 * @param revision a revision up to which it has pushed
	 * @param fence the highest fence that it has pushed with
	 * @param resourceVersion of the stamp that this takes the place of, or null when
	 * there must be none
	 * @return what stands there now
	 * @throws ClusterFailure.Stale another stamp was written meanwhile
	 */
	InstallationStamp stamp(String installation, long revision, long fence, @Nullable String resourceVersion);

	@Override
	void close();

}
