package dev.meshwright.cluster;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.ObjectKind;
import org.jspecify.annotations.Nullable;

/**
 * What Meshwright may do in one cluster: beside single objects, lists, watches and what
 * the cluster says of itself. As {@link ObjectGateway} says, every call may throw
 * {@link ClusterFailure}.
 */
public interface ClusterGateway extends ObjectGateway, AutoCloseable {

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
