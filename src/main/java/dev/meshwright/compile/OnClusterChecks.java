package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry.Protocol;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.service.ServiceSpec.Exposure;
import dev.meshwright.model.service.ServiceSpec.External;

/** What can be said of a service only on a certain cluster. */
final class OnClusterChecks {

	private final ServiceSubject subject;

	private final NamespaceModel namespace;

	private final FeatureCheck features;

	private final Findings findings;

	OnClusterChecks(ServiceSubject subject, NamespaceModel namespace, FeatureCheck features, Findings findings) {
		this.subject = subject;
		this.namespace = namespace;
		this.features = features;
		this.findings = findings;
	}

	void check() {
		At spec = this.findings.spec(this.subject.service().id());
		NamespaceChecks.checkOn(this.namespace.cluster(), this.namespace.name(), this.findings);
		this.features.demand(Feature.WORKLOADS, spec);
		if (this.subject.spec().external() != null) {
			this.features.demand(Feature.EXTERNAL_SERVICE, spec.at("external"));
			spec.at("external").given("tls", this.subject.spec().external().tls(), this::upstreamTls);
		}
		spec.given("exposure", this.subject.spec().exposure(), this::exposure);
		new SecurityOnCluster(this.subject, SecurityMerge.of(this.subject.security()), this.namespace, this.features,
				this.findings)
			.check();
		this.subject.policy().ifPresent((policy) -> routing(policy.spec(), this.findings.spec(policy.id())));
	}

	private void upstreamTls(External.Tls tls, At at) {
		this.features.demand(Feature.UPSTREAM_TLS, at);
		if (this.features.offers(Feature.UPSTREAM_TLS) && this.namespace.injection() == Injection.NONE) {
			at.report(DiagnosticCode.NOT_IN_MESH, "Namespace " + this.namespace.name()
					+ " does not join the mesh of cluster " + this.namespace.cluster().name());
		}
		if (this.namespace.injection() == Injection.AMBIENT) {
			if (this.namespace.waypoint().isEmpty()) {
				at.report(DiagnosticCode.WAYPOINT_REQUIRED,
						"Namespace " + this.namespace.name() + " is ambient and names no waypoint");
			}
			at.given("credentialName", tls.credentialName(),
					(_, field) -> field.report(DiagnosticCode.UNSUPPORTED_BY_PROVIDER,
							"a waypoint calls for all and gets the certificates of none; Namespace "
									+ this.namespace.name() + " is ambient"));
		}
	}

	private Optional<GatewayEntry> gateway() {
		return Optional.ofNullable(this.subject.spec().exposure())
			.flatMap((exposure) -> this.namespace.cluster().gateway(exposure.gateway()));
	}

	private void exposure(Exposure exposure, At at) {
		Optional<GatewayEntry> gateway = gateway();
		if (gateway.isEmpty()) {
			List<String> known = this.namespace.cluster().gateways().stream().map(GatewayEntry::name).toList();
			at.at("gateway")
				.report(DiagnosticCode.GATEWAY_NOT_FOUND, "cluster " + this.namespace.cluster().name()
						+ " has no gateway '" + exposure.gateway() + "', but " + known,
						Names.nearest(exposure.gateway(), known));
			return;
		}
		this.features.demand(ClusterChecks.exposure(gateway.get().api()), at.at("gateway"));
		if (gateway.get().allowedNamespaces() != null
				&& !gateway.get().allowedNamespaces().contains(this.namespace.name())) {
			at.at("gateway")
				.report(DiagnosticCode.GATEWAY_NOT_ALLOWED, "gateway '" + exposure.gateway() + "' of cluster "
						+ this.namespace.cluster().name() + " is not open to Namespace " + this.namespace.name());
		}
		at.given("tls", exposure.tls(), (tls, place) -> {
			if (tls.credentialName() != null && gateway.get().credentials() != null
					&& !gateway.get().credentials().contains(tls.credentialName())) {
				place.at("credentialName")
					.report(DiagnosticCode.CREDENTIAL_NOT_ALLOWED, "gateway '" + exposure.gateway() + "' of cluster "
							+ this.namespace.cluster().name() + " does not allow '" + tls.credentialName() + "'");
			}
		});
		listener(exposure, gateway.get(), at);
	}

	private void listener(Exposure exposure, GatewayEntry gateway, At at) {
		List<Protocol> needed = (exposure.tls() == null) ? List.of(Protocol.HTTP)
				: (ExposureChecks.layer(exposure) == Layer.TLS) ? List.of(Protocol.TLS, Protocol.HTTPS)
						: List.of(Protocol.HTTPS);
		if (gateway.ports() != null
				&& gateway.ports().stream().noneMatch((listener) -> needed.contains(listener.protocol()))) {
			at.at("gateway")
				.report(DiagnosticCode.LISTENER_NOT_FOUND, "gateway '" + gateway.name() + "' of cluster "
						+ this.namespace.cluster().name() + " does not listen for " + needed.getFirst(),
						needed.getFirst());
		}
	}

	private void routing(RoutingPolicySpec policy, At at) {
		Optional<GatewayEntry> gateway = gateway();
		at.each("rules", policy.rules(), (rule, place) -> rule(rule, gateway, place));
		FeatureUse mesh = new FeatureUse(this.features::demand);
		at.each("tls", policy.tls(), (rule, place) -> {
			this.features.demand(Feature.TLS_ROUTING, place);
			mesh.split(rule.split(), place);
			gateway.filter((_) -> isPassedThrough() && RoutingChecks.holds(rule.appliesTo(), AppliesTo.GATEWAY))
				.ifPresent((entry) -> this.features.demandAt(entry, Feature.TLS_ROUTING, place));
		});
		at.each("tcp", policy.tcp(), (rule, place) -> {
			this.features.demand(Feature.TCP_ROUTING, place);
			mesh.split(rule.split(), place);
		});
		if (policy.loadBalancing() != null) {
			this.features.demand(Feature.LOAD_BALANCING, at.at("loadBalancing"));
		}
		if (policy.portLoadBalancing() != null && !policy.portLoadBalancing().isEmpty()) {
			this.features.demand(Feature.LOAD_BALANCING, at.at("portLoadBalancing"));
		}
		if (this.namespace.injection() == Injection.AMBIENT) {
			new AmbientChecks(this.namespace).check(policy, at);
		}
	}

	private void rule(HttpRule rule, Optional<GatewayEntry> gateway, At at) {
		if (holds(rule, AppliesTo.MESH)) {
			this.features.demand(Feature.MESH_ROUTING, at);
			new FeatureUse(except(Feature.MATCH_CLAIMS, this.features::demand)).rule(rule, at);
		}
		if (gateway.isPresent() && !isPassedThrough() && holds(rule, AppliesTo.GATEWAY)) {
			new FeatureUse(except(Feature.MATCH_SOURCE,
					(feature, place) -> this.features.demandAt(gateway.get(), feature, place)))
				.rule(rule, at);
		}
	}

	/** Connections that the gateway does not decrypt meet no HTTP rule there. */
	private boolean isPassedThrough() {
		Exposure exposure = this.subject.spec().exposure();
		return exposure != null && ExposureChecks.layer(exposure) == Layer.TLS;
	}

	private static boolean holds(HttpRule rule, AppliesTo side) {
		return RoutingChecks.holds(rule.appliesTo(), side);
	}

	private static BiConsumer<Feature, At> except(Feature other, BiConsumer<Feature, At> ask) {
		return (feature, at) -> {
			if (feature != other) {
				ask.accept(feature, at);
			}
		};
	}

}
