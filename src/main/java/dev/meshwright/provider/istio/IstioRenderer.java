package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.compile.ClusterModel;
import dev.meshwright.compile.Feature;
import dev.meshwright.compile.NamespaceModel;
import dev.meshwright.compile.Objection;
import dev.meshwright.compile.Renderer;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import org.springframework.stereotype.Component;

/**
 * Renders Istio's traffic objects, VirtualService, DestinationRule, Gateway and
 * ServiceEntry in version {@code networking.istio.io/v1}, and its security objects,
 * PeerAuthentication, RequestAuthentication and AuthorizationPolicy in version
 * {@code security.istio.io/v1}. For what Istio has no kind of its own, the EnvoyFilter of
 * one vetted form, in version {@code networking.istio.io/v1alpha3}.
 */
@Component
public final class IstioRenderer implements Renderer {

	private static final Set<Feature> ROUTING = Collections.unmodifiableSet(EnumSet.of(Feature.TLS_ROUTING,
			Feature.GRPC_MATCH, Feature.WEIGHTED_SPLIT, Feature.MATCH_REGEX, Feature.MATCH_QUERY, Feature.MATCH_HEADERS,
			Feature.MATCH_METHOD, Feature.MATCH_EXTENDED, Feature.VERSION_EVACUATION, Feature.BACKUP, Feature.REDIRECT,
			Feature.DIRECT_RESPONSE, Feature.REWRITE, Feature.REGEX_REWRITE, Feature.TIMEOUT, Feature.RETRIES,
			Feature.MIRROR, Feature.FAULT, Feature.CORS, Feature.HEADER_OPERATIONS));

	/** The proxies verify tokens, and so know claims, at gateways only. */
	private static final Set<Feature> GATEWAY = with(ROUTING, Feature.MATCH_CLAIMS);

	private static final Set<Feature> FEATURES = with(ROUTING, Feature.EXTERNAL_SERVICE, Feature.UPSTREAM_TLS,
			Feature.MESH_ROUTING, Feature.TCP_ROUTING, Feature.MATCH_SOURCE, Feature.LOAD_BALANCING,
			Feature.OUTLIER_DETECTION, Feature.CONNECTION_POOL, Feature.RETRY_BUDGET, Feature.RATE_LIMIT,
			Feature.LOCALITY_FAILOVER, Feature.EVACUATION, Feature.EXPOSURE_ISTIO, Feature.AMBIENT, Feature.MUTUAL_TLS,
			Feature.JWT, Feature.ACCESS, Feature.EXTERNAL_AUTHORIZATION);

	@Override
	public String provider() {
		return "istio";
	}

	@Override
	public Set<Feature> features() {
		return FEATURES;
	}

	@Override
	public Set<Feature> gatewayFeatures(GatewayEntry.Api api) {
		return (api == GatewayEntry.Api.ISTIO) ? GATEWAY : Set.of();
	}

	@Override
	public boolean rendersOn(ClusterModel cluster) {
		return cluster.mesh() == Mesh.ISTIO;
	}

	@Override
	public List<Objection> check(ServiceModel service) {
		return IstioChecks.of(service);
	}

	/**
	 * Nothing: the labels by which a namespace joins the mesh belong to its Namespace.
	 */
	@Override
	public List<Manifest> renderNamespace(NamespaceModel namespace) {
		return List.of();
	}

	@Override
	public List<Manifest> renderService(ServiceModel service) {
		List<Manifest> manifests = new ArrayList<>();
		ServiceEntries.of(service).ifPresent(manifests::add);
		manifests.addAll(DestinationRules.of(service));
		Gateways.of(service).ifPresent(manifests::add);
		manifests.addAll(VirtualServices.of(service));
		manifests.addAll(SecurityObjects.of(service));
		RateLimits.of(service).ifPresent(manifests::add);
		return manifests;
	}

	/**
	 * The name of the object for one of a service's hosts: the service's own for the
	 * first, with a number from 2 for the further hosts of an external service.
	 */
	static String numbered(String service, int index) {
		return (index == 0) ? service : service + "-" + (index + 1);
	}

	private static Set<Feature> with(Set<Feature> features, Feature... more) {
		Set<Feature> all = EnumSet.copyOf(features);
		all.addAll(List.of(more));
		return Collections.unmodifiableSet(all);
	}

}
