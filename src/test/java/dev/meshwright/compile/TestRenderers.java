package dev.meshwright.compile;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry.Api;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;

/** Two renderers that divide the features as the real ones do, and keep what they see. */
final class TestRenderers {

	static final CompilerSettings SETTINGS = new CompilerSettings(new TreeSet<>(), Set.of("meshwright"));

	private static final Set<Feature> PLAIN = EnumSet.of(Feature.WORKLOADS, Feature.EXPOSURE_INGRESS,
			Feature.EXPOSURE_GATEWAY_API, Feature.NETWORK_POLICY);

	private TestRenderers() {
	}

	static Compiler compiler() {
		return new Compiler(List.of(new Plain(), new Meshed(new AtomicReference<>())), SETTINGS);
	}

	/** A compiler that shows the last service model rendered. */
	static Compiler compiler(AtomicReference<ServiceModel> seen) {
		return new Compiler(List.of(new Plain(), new Meshed(seen)), SETTINGS);
	}

	private record Plain() implements Renderer {

		@Override
		public String provider() {
			return "plain";
		}

		@Override
		public Set<Feature> features() {
			return PLAIN;
		}

		@Override
		public Set<Feature> gatewayFeatures(Api api) {
			return (api == Api.ISTIO) ? Set.of() : Set.of(Feature.MATCH_HEADERS, Feature.WEIGHTED_SPLIT);
		}

		@Override
		public boolean rendersOn(ClusterModel cluster) {
			return true;
		}

		@Override
		public List<Manifest> renderNamespace(NamespaceModel namespace) {
			return List.of(Manifest.make(new ObjectRef(ObjectKind.NAMESPACE, "", namespace.name()), Map.of()));
		}

		@Override
		public List<Manifest> renderService(ServiceModel service) {
			return List.of(Manifest
				.make(new ObjectRef(ObjectKind.SERVICE, service.ref().namespace(), service.ref().name()), Map.of()));
		}

	}

	private record Meshed(AtomicReference<ServiceModel> seen) implements Renderer {

		@Override
		public String provider() {
			return "meshed";
		}

		@Override
		public Set<Feature> features() {
			Set<Feature> features = EnumSet.allOf(Feature.class);
			features.removeAll(PLAIN);
			return features;
		}

		@Override
		public Set<Feature> gatewayFeatures(Api api) {
			return (api == Api.ISTIO) ? features() : Set.of();
		}

		@Override
		public boolean rendersOn(ClusterModel cluster) {
			return cluster.mesh() == Mesh.ISTIO;
		}

		@Override
		public List<Objection> check(ServiceModel service) {
			return service.routing().http().stream().flatMap((rule) -> switch (rule.name()) {
				case "unordered" -> List
					.of(Objection.toRule(DiagnosticCode.RULE_ORDER_NOT_KEPT, rule.name(), "/match", "order", "sort"))
					.stream();
				case "inexpressible" -> List
					.of(Objection.toService(DiagnosticCode.NOT_EXPRESSIBLE_AT_GATEWAY, "/spec/exposure", "no", "no"))
					.stream();
				case "too-new" ->
					List.of(Objection.toRule(DiagnosticCode.MESH_VERSION_TOO_OLD, rule.name(), "", "old", "upgrade"))
						.stream();
				case "foreign" ->
					List.of(Objection.toService(DiagnosticCode.SNI_NOT_OF_SERVICE, "/spec", "foreign", "rename"))
						.stream();
				default -> List.<Objection>of().stream();
			}).toList();
		}

		@Override
		public List<Manifest> renderNamespace(NamespaceModel namespace) {
			return List.of();
		}

		@Override
		public List<Manifest> renderService(ServiceModel service) {
			this.seen.set(service);
			return List.of(Manifest.make(
					new ObjectRef(ObjectKind.VIRTUAL_SERVICE, service.ref().namespace(), service.ref().name()),
					Map.of()));
		}

	}

}
