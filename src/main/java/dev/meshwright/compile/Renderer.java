package dev.meshwright.compile;

import java.util.List;
import java.util.Set;

import dev.meshwright.model.Manifest;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;

/**
 * Renders the objects of one system. A renderer is pure: the same model gives equal
 * manifests in the same order. It is called only with models that use no feature outside
 * {@link #features}; what it cannot express is refused before.
 */
public interface Renderer {

	/** The provider's name, such as {@code istio}; unique. */
	String provider();

	/**
	 * What this renderer can express where {@link #rendersOn} holds: objects, and rules
	 * for callers inside the mesh.
	 */
	Set<Feature> features();

	/**
	 * What this renderer can express of the rules that hold for requests through a
	 * gateway. A rule that holds on both sides needs its features on both.
	 * @param api the API in which routes through the gateway are written
	 */
	default Set<Feature> gatewayFeatures(GatewayEntry.Api api) {
		return Set.of();
	}

	/**
	 * Whether this renderer has objects to contribute on a cluster. Every feature that a
	 * service uses there must be offered by one of the renderers that do.
	 */
	boolean rendersOn(ClusterModel cluster);

	/**
	 * What stands against rendering a service beside missing features, such as an order
	 * of rules that the system would not keep. Called before {@link #renderService},
	 * which is not called when an ERROR is among them.
	 */
	default List<Objection> check(ServiceModel service) {
		return List.of();
	}

	/** The objects of a namespace, without duplicates. */
	List<Manifest> renderNamespace(NamespaceModel namespace);

	/**
	 * The objects of a service, without duplicates and without those of its namespace.
	 */
	List<Manifest> renderService(ServiceModel service);

}
