package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.IndexKeys;
import dev.meshwright.model.Resource;
import dev.meshwright.model.service.ServiceSpec.External;
import dev.meshwright.model.service.ServiceSpec.External.Endpoint;
import dev.meshwright.model.service.ServiceSpec.External.Resolution;
import dev.meshwright.model.service.ServiceSpec.Port;

/** Hosts outside the mesh. */
final class ExternalChecks implements Check {

	private static final Set<Resolution> BY_DNS = Set.of(Resolution.DNS, Resolution.DNS_ROUND_ROBIN);

	private static final Set<Resolution> BY_BLOCK = Set.of(Resolution.NONE, Resolution.STATIC);

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		findings.spec(subject.service().id())
			.given("external", subject.spec().external(), (external, at) -> external(external, subject, at));
	}

	private static void external(External external, ServiceSubject subject, At at) {
		Resolution resolution = Given.or(external.resolution(), Resolution.DNS);
		if (external.hosts().isEmpty()) {
			at.at("hosts").report(DiagnosticCode.REQUIRED_FIELD, "there is no host", "at least one host");
		}
		Set<String> seen = new HashSet<>();
		at.each("hosts", external.hosts(), (host, place) -> {
			host(host, resolution, external, place);
			claimed(host, subject, place);
			if (!seen.add(host)) {
				place.report(DiagnosticCode.DUPLICATE_NAME, "'" + host + "' is given twice");
			}
		});
		at.each("addresses", external.addresses(), (address, place) -> {
			Hosts.cidr(address, place);
			if (address.contains("/") && !BY_BLOCK.contains(resolution)) {
				place.report(DiagnosticCode.EXCLUSIVE_FIELDS,
						"'" + address + "' is a CIDR block and resolution is " + resolution,
						"single addresses, or resolution NONE or STATIC");
			}
		});
		toldApart(external, resolution, subject, at.at("hosts"));
		at.each("subjectAltNames", external.subjectAltNames(), (name, place) -> {
			if (name.isBlank()) {
				place.report(DiagnosticCode.REQUIRED_FIELD, "the name is empty", "a name");
			}
		});
		endpoints(external, resolution, subject.ports(), at);
		at.given("tls", external.tls(), (tls, place) -> new UpstreamTlsChecks(subject, external).check(tls, place));
		if (Given.list(external.addresses()).isEmpty()) {
			findTcp(subject, at);
		}
	}

	private static void host(String host, Resolution resolution, External external, At at) {
		Hosts.dns(host, at);
		if (Hosts.isWildcard(host) && BY_DNS.contains(resolution) && Given.list(external.endpoints()).isEmpty()) {
			at.report(DiagnosticCode.WILDCARD_NOT_RESOLVABLE, "'" + host + "' cannot be resolved by " + resolution);
		}
		boolean inCluster = host.endsWith("." + ClusterResolver.CLUSTER_DOMAIN) || host.endsWith(".svc")
				|| host.equals("kubernetes.default") || host.equals("localhost");
		if (inCluster || Hosts.isDns(host) && !host.contains(".")) {
			at.report(DiagnosticCode.EXTERNAL_HOST_IN_CLUSTER, "'" + host + "' is a name inside the cluster");
		}
	}

	/** By the host that is asked for; a plain connection asks for none. */
	private static void toldApart(External external, Resolution resolution, ServiceSubject subject, At at) {
		if (external.hosts().size() > 1 && resolution != Resolution.NONE) {
			subject.ports()
				.stream()
				.filter((port) -> !Layer.HTTP.fits(port) && !Layer.TLS.fits(port))
				.forEach((port) -> at.report(DiagnosticCode.HOSTS_NOT_TOLD_APART, external.hosts().size()
						+ " hosts share port '" + port.name() + "', which speaks " + port.protocol()));
		}
	}

	private static void claimed(String host, ServiceSubject subject, At at) {
		for (Resource<?> other : subject.declarations()
			.snapshot()
			.index(IndexKeys.externalHost(subject.ref().namespace(), host))) {
			if (!other.id().equals(subject.service().id())) {
				at.report(DiagnosticCode.ALREADY_CLAIMED, "'" + host + "' belongs to " + other.id(),
						"use " + other.id() + ", or remove the host there");
			}
		}
	}

	private static void endpoints(External external, Resolution resolution, List<Port> ports, At at) {
		if (resolution == Resolution.STATIC && Given.list(external.endpoints()).isEmpty()) {
			at.at("endpoints").report(DiagnosticCode.ENDPOINTS_REQUIRED, "resolution is STATIC without endpoints");
		}
		if (resolution == Resolution.NONE && !Given.list(external.endpoints()).isEmpty()) {
			at.at("endpoints")
				.report(DiagnosticCode.EXCLUSIVE_FIELDS, "resolution NONE uses no endpoints",
						"either endpoints or resolution NONE");
		}
		if (resolution == Resolution.DNS_ROUND_ROBIN && Given.list(external.endpoints()).size() > 1) {
			at.at("endpoints")
				.report(DiagnosticCode.OUT_OF_RANGE,
						external.endpoints().size() + " endpoints are too many for resolution DNS_ROUND_ROBIN",
						"at most one endpoint, or resolution DNS");
		}
		at.each("endpoints", external.endpoints(), (endpoint, place) -> endpoint(endpoint, resolution, ports, place));
	}

	private static void endpoint(Endpoint endpoint, Resolution resolution, List<Port> ports, At at) {
		boolean address = Hosts.isAddress(endpoint.address());
		if (!address && (resolution == Resolution.STATIC || !Hosts.isDns(endpoint.address())
				|| Hosts.isWildcard(endpoint.address()))) {
			at.at("address")
				.report(DiagnosticCode.INVALID_ADDRESS,
						"'" + endpoint.address() + "' is no address with resolution " + resolution,
						(resolution == Resolution.STATIC) ? "an IP address" : "an IP address or a DNS name");
		}
		at.entries("ports", endpoint.ports(), (name, number, place) -> {
			Values.port(number, place);
			if (ports.stream().noneMatch((port) -> port.name().equals(name))) {
				place.report(DiagnosticCode.PORT_NOT_FOUND, "there is no port '" + name + "'",
						ports.stream().map(Port::name).toList());
			}
		});
		at.given("labels", endpoint.labels(), Names::labels);
		Values.range(endpoint.weight(), 1, Integer.MAX_VALUE, at.at("weight"));
	}

	private static void findTcp(ServiceSubject subject, At at) {
		Layer.TCP.of(subject.ports())
			.forEach((port) -> at.at("addresses")
				.report(DiagnosticCode.ADDRESSES_REQUIRED,
						"port '" + port.name() + "' speaks " + port.protocol() + " and there are no addresses"));
	}

}
