package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.compile.ClusterModel;
import dev.meshwright.compile.Feature;
import dev.meshwright.compile.NamespaceModel;
import dev.meshwright.compile.Objection;
import dev.meshwright.compile.Renderer;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import org.springframework.stereotype.Component;

/**
 * Renders what every cluster has whatever its mesh: workloads, Services, accounts,
 * network policies, rights of accounts, and exposures through Ingress or Gateway API. It
 * offers no rules for callers inside a mesh: where there is none, nothing could keep
 * them.
 */
@Component
public final class KubernetesRenderer implements Renderer {

	@Override
	public String provider() {
		return "kubernetes";
	}

	@Override
	public Set<Feature> features() {
		return EnumSet.of(Feature.WORKLOADS, Feature.EXPOSURE_GATEWAY_API, Feature.EXPOSURE_INGRESS,
				Feature.NETWORK_POLICY, Feature.WORKLOAD_RBAC);
	}

	@Override
	public Set<Feature> gatewayFeatures(GatewayEntry.Api api) {
		return switch (api) {
			case ISTIO, INGRESS -> EnumSet.noneOf(Feature.class);
			case GATEWAY_API ->
				EnumSet.of(Feature.GRPC_MATCH, Feature.WEIGHTED_SPLIT, Feature.VERSION_EVACUATION, Feature.BACKUP,
						Feature.MATCH_REGEX, Feature.MATCH_QUERY, Feature.MATCH_HEADERS, Feature.MATCH_METHOD,
						Feature.REDIRECT, Feature.REWRITE, Feature.TIMEOUT, Feature.MIRROR, Feature.HEADER_OPERATIONS);
		};
	}

	@Override
	public boolean rendersOn(ClusterModel cluster) {
		return true;
	}

	@Override
	public List<Objection> check(ServiceModel service) {
		return new ServiceChecks(service).objections();
	}

	@Override
	public List<Manifest> renderNamespace(NamespaceModel namespace) {
		return List.of(NamespaceObject.of(namespace));
	}

	@Override
	public List<Manifest> renderService(ServiceModel service) {
		if (service.external().isPresent()) {
			return List.of();
		}
		List<Manifest> manifests = new ArrayList<>();
		if (service.ownsAccount()) {
			manifests.add(account(service));
		}
		service.versions().forEach((version) -> manifests.addAll(new VersionObjects(service, version).manifests()));
		ServiceObjects services = new ServiceObjects(service);
		manifests.add(services.whole());
		NetworkPolicies.of(service).ifPresent(manifests::add);
		manifests.addAll(Rights.of(service));
		service.exposure().ifPresent((exposure) -> manifests.addAll(exposed(service, exposure, services)));
		return manifests;
	}

	private static List<Manifest> exposed(ServiceModel service, Exposure exposure, ServiceObjects services) {
		List<Manifest> manifests = new ArrayList<>();
		switch (exposure.gateway().api()) {
			case ISTIO -> {
				return manifests;
			}
			case INGRESS -> new IngressObject(service, exposure).manifest().ifPresent(manifests::add);
			case GATEWAY_API -> manifests.addAll(new GatewayObjects(service, exposure).manifests());
		}
		Set<String> routed = new Backends(service, exposure).ownVersions();
		service.versions()
			.stream()
			.filter((version) -> routed.contains(version.name()))
			.forEach((version) -> manifests.add(services.version(version)));
		return manifests;
	}

	private static Manifest account(ServiceModel service) {
		ObjectRef ref = new ObjectRef(ObjectKind.SERVICE_ACCOUNT, service.ref().namespace(), service.account());
		return Manifest.make(ref,
				ObjectBody.of(ref, Labels.ofService(service.ref().name()))
					.with("automountServiceAccountToken", false)
					.toMap());
	}

}
