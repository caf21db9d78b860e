package dev.meshwright.compile;

import java.util.List;
import java.util.Set;

import dev.meshwright.model.Manifest;

/**
 * Renders the objects of one system. A renderer is pure: the same model gives equal
 * manifests in the same order. It is called only with models that use no feature outside
 * {@link #features}; what it cannot express is refused before.
 */
public interface Renderer {

	/** The provider's name, such as {@code istio}; unique. */
	String provider();

	/** What this renderer can express where {@link #rendersOn} holds. */
	Set<Feature> features();

	/**
	 * Whether this renderer has objects to contribute on a cluster. Every feature that a
	 * service uses there must be offered by one of the renderers that do.
	 */
	boolean rendersOn(ClusterModel cluster);

	/** The objects of a namespace, without duplicates. */
	List<Manifest> renderNamespace(NamespaceModel namespace);

	/**
	 * The objects of a service, without duplicates and without those of its namespace.
	 */
	List<Manifest> renderService(ServiceModel service);

}
