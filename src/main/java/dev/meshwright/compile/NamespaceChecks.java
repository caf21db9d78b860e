package dev.meshwright.compile;

import java.util.HashSet;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.namespace.NamespaceSpec.Placement;

/** A Namespace, first what needs no cluster, then what a cluster reserves. */
final class NamespaceChecks {

	private final Declarations declarations;

	private final CompilerSettings settings;

	NamespaceChecks(Declarations declarations, CompilerSettings settings) {
		this.declarations = declarations;
		this.settings = settings;
	}

	void check(Resource<NamespaceSpec> namespace, Findings findings) {
		ResourceId id = namespace.id();
		NamespaceSpec spec = namespace.spec();
		At at = findings.spec(id);
		Names.rfc1123(id.name(), findings.name(id));
		if (id.name().startsWith("kube-") || this.settings.reservedNamespaces().contains(id.name())) {
			findings.name(id).report(DiagnosticCode.RESERVED_NAMESPACE, "'" + id.name() + "' is reserved");
		}
		at.given("placement", spec.placement(), this::placement);
		injection(spec, at);
		hosts(namespace, at);
		GrantChecks.check(spec.grants(), at);
		SyncWindowChecks.check(spec.syncWindows(), this.declarations, at);
		at.given("quota", spec.quota(),
				(quota, place) -> Values.range(quota.replicas(), 0, Integer.MAX_VALUE, place.at("replicas")));
	}

	/** What can be said only where the gateways and the mesh of a cluster are known. */
	static void checkOn(ClusterModel cluster, String namespace, Findings findings) {
		if (ClusterResolver.reserved(cluster).contains(namespace)) {
			findings.name(ResourceId.namespace(namespace))
				.report(DiagnosticCode.RESERVED_NAMESPACE,
						"'" + namespace + "' belongs to the mesh or a gateway of cluster " + cluster.name());
		}
	}

	private void placement(Placement placement, At at) {
		Values.exactlyOne(at, "clusters and clusterSelector", placement.clusters(), placement.clusterSelector());
		at.given("clusterSelector", placement.clusterSelector(), Names::labels);
		Set<String> seen = new HashSet<>();
		at.each("clusters", placement.clusters(), (cluster, place) -> {
			if (this.declarations.cluster(cluster).isEmpty()) {
				place.report(DiagnosticCode.CLUSTER_NOT_FOUND, "Cluster " + cluster + " is not registered", "");
			}
			if (!seen.add(cluster)) {
				place.report(DiagnosticCode.DUPLICATE_NAME, "'" + cluster + "' is named twice");
			}
		});
	}

	private static void injection(NamespaceSpec spec, At at) {
		if (spec.revision() != null && spec.injection() != Injection.SIDECAR) {
			at.at("revision")
				.report(DiagnosticCode.INJECTION_MISMATCH, "revision is given without sidecars", Injection.SIDECAR);
		}
		if (spec.waypoint() != null && spec.injection() != Injection.AMBIENT) {
			at.at("waypoint")
				.report(DiagnosticCode.INJECTION_MISMATCH, "waypoint is given without ambient mode", Injection.AMBIENT);
		}
		at.given("revision", spec.revision(), Names::rfc1123);
		at.given("waypoint", spec.waypoint(), Names::rfc1123);
	}

	private void hosts(Resource<NamespaceSpec> namespace, At at) {
		Set<String> seen = new HashSet<>();
		at.each("hosts", namespace.spec().hosts(), (host, place) -> {
			Hosts.dns(host, place);
			if (!seen.add(host)) {
				place.report(DiagnosticCode.DUPLICATE_NAME, "'" + host + "' is given twice");
			}
			boolean taken = this.declarations.snapshot()
				.index(Key.namespaceHost(host))
				.stream()
				.anyMatch((other) -> !other.id().equals(namespace.id()));
			if (taken) {
				place.report(DiagnosticCode.ALREADY_CLAIMED, "'" + host + "' belongs to another namespace",
						"use another host, or have it removed there");
			}
		});
	}

}
