package dev.meshwright.compile;

import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.ServiceSpec.Exposure.MinProtocolVersion;
import dev.meshwright.model.service.ServiceSpec.Exposure.Mode;
import dev.meshwright.model.service.ServiceSpec.Exposure.Tls;

/** Makes the model of a checked service on a cluster: all that renderers see. */
final class ServiceResolver {

	private final ServiceSubject subject;

	private final NamespaceModel namespace;

	private final PlacementResolver placements;

	private final FailoverModel failover;

	ServiceResolver(ServiceSubject subject, NamespaceModel namespace, PlacementResolver placements,
			FailoverModel failover) {
		this.subject = subject;
		this.namespace = namespace;
		this.placements = placements;
		this.failover = failover;
	}

	ServiceModel resolve() {
		ServiceSpec spec = this.subject.spec();
		String name = this.subject.ref().name();
		SortedSet<String> visibleTo = new Visibility(this.subject.declarations(), this.namespace.cluster(),
				this.placements)
			.of(this.subject.service());
		MergedSecurity security = SecurityMerge.of(this.subject.security());
		if (spec.external() == null) {
			visibleTo.addAll(SecurityResolver.namedNamespaces(security));
		}
		return new ServiceModel(this.subject.ref(), this.namespace,
				RouteResolver.host(this.subject.service(), this.namespace.cluster()), this.subject.ports(),
				this.subject.versions().stream().map((version) -> version(name, version)).toList(),
				Optional.ofNullable(spec.external()), Given.or(spec.serviceAccount(), name),
				spec.serviceAccount() == null && this.subject.hasManagedVersions(),
				Optional.ofNullable(spec.disruptionBudget()), exposure(),
				new RouteResolver(this.subject, this.namespace.cluster(), this.failover).routing(), this.failover,
				visibleTo, new SecurityResolver(this.subject, security, this.namespace.cluster()).resolve(),
				UpstreamTlsResolver.of(this.subject));
	}

	private static ServiceModel.Version version(String service, ServiceSpec.Version version) {
		return new ServiceModel.Version(version.name(), Optional.ofNullable(version.workload()),
				VersionChecks.selectorOf(service, version));
	}

	private Optional<ServiceModel.Exposure> exposure() {
		ServiceSpec.Exposure exposure = this.subject.spec().exposure();
		if (exposure == null) {
			return Optional.empty();
		}
		return this.namespace.cluster()
			.gateway(exposure.gateway())
			.flatMap((gateway) -> ExposureChecks.exposed(exposure, this.subject.ports())
				.map((port) -> new ServiceModel.Exposure(exposure.hosts(), gateway, port,
						Optional.ofNullable(exposure.tls()).map(ServiceResolver::tls))));
	}

	static Tls tls(Tls declared) {
		return new Tls(Given.or(declared.mode(), Mode.SIMPLE), declared.credentialName(),
				Given.or(declared.httpsRedirect(), Boolean.TRUE),
				Given.or(declared.minProtocolVersion(), MinProtocolVersion.TLSV1_2));
	}

	/** Who sends requests there: an override, or else the routing policy. */
	private At place(ServiceRef target, Findings findings) {
		for (Resource<OverrideSpec> override : this.subject.overrides()) {
			OverrideSpec.Backup backup = override.spec().change().backup();
			if (backup != null && ServiceRef.parse(backup.service(), this.subject.ref().namespace()).equals(target)) {
				return findings.spec(override.id()).at("change").at("backup").at("service");
			}
		}
		return findings.spec(this.subject.policy().orElseThrow().id());
	}

	/** Warns of destinations that callers on this cluster may not reach. */
	void checkReach(ServiceModel model, Findings findings) {
		Stream<RouteModel.Target> http = model.routing()
			.http()
			.stream()
			.flatMap((rule) -> Stream.concat(rule.split().stream().map(RouteModel.Split::target),
					rule.mirrors().stream().map(RouteModel.Mirror::target)));
		Stream<RouteModel.Target> tls = model.routing()
			.tls()
			.stream()
			.flatMap((rule) -> rule.split().stream().map(RouteModel.Split::target));
		Stream<RouteModel.Target> tcp = model.routing()
			.tcp()
			.stream()
			.flatMap((rule) -> rule.split().stream().map(RouteModel.Split::target));
		Stream.concat(http, Stream.concat(tls, tcp))
			.map(RouteModel.Target::service)
			.filter((target) -> !target.equals(model.ref()))
			.distinct()
			.forEach((target) -> {
				At at = place(target, findings);
				boolean placed = this.subject.declarations()
					.namespace(target.namespace())
					.filter((home) -> this.placements.clusters(home.spec()).contains(model.cluster().name()))
					.isPresent();
				if (!placed) {
					at.report(DiagnosticCode.DESTINATION_NOT_ON_CLUSTER,
							"Service " + target + " is not on cluster " + model.cluster().name());
				}
				boolean external = this.subject.declarations()
					.service(target)
					.filter((service) -> service.spec().external() != null)
					.isPresent();
				if (external && model.visibleTo().stream().anyMatch((other) -> !other.equals(target.namespace()))) {
					at.report(DiagnosticCode.DESTINATION_NOT_VISIBLE, "Service " + target
							+ " is external and seen in its own namespace only, callers are in " + model.visibleTo());
				}
			});
	}

}
