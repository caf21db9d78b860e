package dev.meshwright.compile;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;

/** What the renderers of a cluster can express, and the refusal of the rest. */
final class FeatureCheck {

	private final List<Renderer> renderers;

	private final ClusterModel cluster;

	private final Set<Feature> offered = EnumSet.noneOf(Feature.class);

	FeatureCheck(List<Renderer> renderers, ClusterModel cluster) {
		this.renderers = renderers.stream().filter((renderer) -> renderer.rendersOn(cluster)).toList();
		this.cluster = cluster;
		this.renderers.forEach((renderer) -> this.offered.addAll(renderer.features()));
	}

	boolean offers(Feature feature) {
		return this.offered.contains(feature);
	}

	/** Demands a feature of objects, or of rules inside the mesh. */
	void demand(Feature feature, At at) {
		if (!offers(feature)) {
			refuse(feature, "", at);
		}
	}

	/** Demands a feature of rules at a gateway. */
	void demandAt(GatewayEntry gateway, Feature feature, At at) {
		if (!offersAt(gateway, feature)) {
			refuse(feature, " at gateway " + gateway.name() + " (" + gateway.api() + ")", at);
		}
	}

	boolean offersAt(GatewayEntry gateway, Feature feature) {
		return this.renderers.stream()
			.anyMatch((renderer) -> renderer.gatewayFeatures(gateway.api()).contains(feature));
	}

	/** Says that a feature cannot be had. */
	String lacks(Feature feature, String where) {
		return "cluster " + this.cluster.name() + " (mesh " + this.cluster.mesh() + ") cannot express " + feature.text()
				+ where;
	}

	private void refuse(Feature feature, String where, At at) {
		at.report(DiagnosticCode.UNSUPPORTED_BY_PROVIDER, lacks(feature, where));
	}

}
