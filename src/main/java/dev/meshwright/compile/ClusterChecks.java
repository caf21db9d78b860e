package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Resource;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.cluster.ClusterSpec.Connection;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry.Api;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;

/** A Cluster, and whether somebody renders for it. */
final class ClusterChecks {

	private final List<Renderer> renderers;

	ClusterChecks(List<Renderer> renderers) {
		this.renderers = renderers;
	}

	void check(Resource<ClusterSpec> cluster, ClusterModel model, Findings findings) {
		ClusterSpec spec = cluster.spec();
		At at = findings.spec(cluster.id());
		FeatureCheck features = new FeatureCheck(this.renderers, model);
		Names.rfc1123(cluster.id().name(), findings.name(cluster.id()));
		connection(spec.connection(), at.at("connection"));
		if (spec.mesh() != Mesh.NONE && !features.offers(Feature.MESH_ROUTING)) {
			at.at("mesh")
				.report(DiagnosticCode.PROVIDER_NOT_AVAILABLE, "nothing can be rendered for mesh " + spec.mesh());
		}
		at.given("trustDomain", spec.trustDomain(), Hosts::dns);
		at.given("clusterDomain", spec.clusterDomain(), Hosts::dns);
		at.given("rootNamespace", spec.rootNamespace(), Names::rfc1123);
		at.given("settle", spec.settle(), (settle, place) -> {
			Values.durationOrZero(settle.beforeSwitch(), place.at("beforeSwitch"));
			Values.durationOrZero(settle.beforeBreak(), place.at("beforeBreak"));
		});
		at.given("safety", spec.safety(), (safety, place) -> {
			Values.range(safety.maxDeletes(), 0, Integer.MAX_VALUE, place.at("maxDeletes"));
			Values.range(safety.maxDeletePercent(), 0, 100, place.at("maxDeletePercent"));
		});
		Set<String> names = new HashSet<>();
		at.each("gateways", spec.gateways(), (gateway, place) -> {
			gateway(gateway, place);
			if (!names.add(gateway.name())) {
				place.at("name")
					.report(DiagnosticCode.DUPLICATE_NAME, "two gateways are named '" + gateway.name() + "'");
			}
			features.demand(exposure(gateway.api()), place.at("api"));
		});
		if (Boolean.TRUE.equals(spec.envoyFilters())) {
			features.demand(Feature.RATE_LIMIT, at.at("envoyFilters"));
		}
		Set<String> authorizers = new HashSet<>();
		at.each("externalAuthorizers", spec.externalAuthorizers(), (authorizer, place) -> {
			Names.extensionProvider(authorizer.name(), place.at("name"));
			place.each("allowedNamespaces", authorizer.allowedNamespaces(), Names::rfc1123);
			if (!authorizers.add(authorizer.name())) {
				place.at("name")
					.report(DiagnosticCode.DUPLICATE_NAME, "two authorizers are named '" + authorizer.name() + "'");
			}
			features.demand(Feature.EXTERNAL_AUTHORIZATION, place);
		});
	}

	private static void connection(Connection connection, At at) {
		Values.exactlyOne(at, "kubeconfig, inCluster and sandbox", connection.kubeconfig(), connection.inCluster(),
				connection.sandbox());
		at.given("kubeconfig", connection.kubeconfig(), (file, place) -> {
			if (!file.name().matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
				place.at("name")
					.report(DiagnosticCode.INVALID_NAME, "'" + file.name() + "' is no file name",
							"the name of a file in the operator's kubeconfig directory, without path");
			}
		});
	}

	private static void gateway(GatewayEntry gateway, At at) {
		Names.rfc1123(gateway.name(), at.at("name"));
		at.given("namespace", gateway.namespace(), Names::rfc1123);
		boolean istio = gateway.api() == Api.ISTIO;
		if (istio && (gateway.selector() == null || gateway.selector().isEmpty())) {
			at.at("selector").report(DiagnosticCode.REQUIRED_FIELD, "api istio needs the gateway's pods", "selector");
		}
		if (istio && gateway.namespace() == null) {
			at.at("namespace")
				.report(DiagnosticCode.REQUIRED_FIELD, "api istio needs the gateway's namespace", "namespace");
		}
		if (!istio && gateway.gatewayClass() == null) {
			at.at("gatewayClass")
				.report(DiagnosticCode.REQUIRED_FIELD, "api " + gateway.api() + " needs a class", "gatewayClass");
		}
		if ((istio ? gateway.gatewayClass() : gateway.selector()) != null) {
			at.report(DiagnosticCode.EXCLUSIVE_FIELDS,
					"api " + gateway.api() + " takes no " + (istio ? "gatewayClass" : "selector"),
					"selector with api istio, otherwise gatewayClass");
		}
		at.given("selector", gateway.selector(), Names::labels);
		at.given("gatewayClass", gateway.gatewayClass(), Names::object);
		at.each("allowedNamespaces", gateway.allowedNamespaces(), Names::rfc1123);
		at.each("credentials", gateway.credentials(), Names::object);
		Set<Integer> ports = new HashSet<>();
		at.each("ports", gateway.ports(), (listener, place) -> {
			Values.port(listener.port(), place.at("port"));
			if (!ports.add(listener.port())) {
				place.at("port").report(DiagnosticCode.DUPLICATE_NAME, "port " + listener.port() + " is given twice");
			}
		});
	}

	static Feature exposure(Api api) {
		return switch (api) {
			case ISTIO -> Feature.EXPOSURE_ISTIO;
			case GATEWAY_API -> Feature.EXPOSURE_GATEWAY_API;
			case INGRESS -> Feature.EXPOSURE_INGRESS;
		};
	}

}
