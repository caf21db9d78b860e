package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.service.ServiceSpec.Exposure;
import dev.meshwright.model.service.ServiceSpec.Exposure.Mode;
import dev.meshwright.model.service.ServiceSpec.Exposure.Tls;
import dev.meshwright.model.service.ServiceSpec.Port;

/** How a service is reached from outside, as far as no cluster's gateways matter. */
final class ExposureChecks implements Check {

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		findings.spec(subject.service().id()).given("exposure", subject.spec().exposure(), (exposure, at) -> {
			if (exposure.hosts().isEmpty()) {
				at.at("hosts").report(DiagnosticCode.REQUIRED_FIELD, "there is no host", "at least one host");
			}
			Set<String> seen = new HashSet<>();
			at.each("hosts", exposure.hosts(), (host, place) -> {
				Hosts.dns(host, place);
				owned(host, subject, place);
				unclaimed(host, subject, place);
				if (!seen.add(host)) {
					place.report(DiagnosticCode.DUPLICATE_NAME, "'" + host + "' is given twice");
				}
			});
			tls(exposure, subject, at);
			port(exposure, subject, at);
		});
	}

	/** The most exact claim decides; whose it is otherwise is nobody's business. */
	private static void owned(String host, ServiceSubject subject, At at) {
		String namespace = subject.ref().namespace();
		for (String entry : Hosts.covering(host)) {
			List<Resource<?>> owners = subject.declarations().snapshot().index(Key.namespaceHost(entry));
			if (!owners.isEmpty()) {
				if (owners.stream().noneMatch((owner) -> owner.id().name().equals(namespace))) {
					break;
				}
				return;
			}
		}
		at.report(DiagnosticCode.HOST_NOT_OWNED, "'" + host + "' is not owned by Namespace " + namespace, namespace);
	}

	private static void unclaimed(String host, ServiceSubject subject, At at) {
		for (Resource<?> other : subject.declarations().snapshot().index(Key.host(host))) {
			if (!other.id().equals(subject.service().id())) {
				boolean neighbour = other.id().namespace().equals(subject.ref().namespace());
				at.report(DiagnosticCode.ALREADY_CLAIMED,
						"'" + host + "' is exposed by " + (neighbour ? other.id() : "another service"),
						"a host belongs to one service: remove it there, or use another");
			}
		}
	}

	private static void tls(Exposure exposure, ServiceSubject subject, At at) {
		at.given("tls", exposure.tls(), (tls, place) -> {
			boolean passthrough = tls.mode() == Mode.PASSTHROUGH;
			if (passthrough && tls.credentialName() != null) {
				place.at("credentialName")
					.report(DiagnosticCode.EXCLUSIVE_FIELDS, "PASSTHROUGH uses no certificate",
							"either credentialName or mode PASSTHROUGH");
			}
			if (!passthrough && tls.credentialName() == null) {
				place.at("credentialName")
					.report(DiagnosticCode.REQUIRED_FIELD, "there is no certificate", "credentialName");
			}
			place.given("credentialName", tls.credentialName(), Names::object);
			place.given("credentialName", tls.credentialName(), (_, field) -> shared(exposure, subject, field));
		});
	}

	/**
	 * A client that keeps a connection for every host of its certificate sends requests
	 * for one service through the Gateway of another, which does not know the host.
	 */
	private static void shared(Exposure exposure, ServiceSubject subject, At at) {
		Key.credential(subject.ref().namespace(), exposure)
			.stream()
			.flatMap((key) -> subject.declarations().snapshot().index(key).stream())
			.map(Resource::id)
			.filter((other) -> !other.equals(subject.service().id()))
			.findFirst()
			.ifPresent((other) -> at.report(DiagnosticCode.CERTIFICATE_SHARED,
					other + " is exposed with the same certificate at gateway " + exposure.gateway()));
	}

	private static void port(Exposure exposure, ServiceSubject subject, At at) {
		Layer layer = layer(exposure);
		if (layer.of(subject.ports()).isEmpty()) {
			at.report(
					(layer == Layer.TLS) ? DiagnosticCode.PASSTHROUGH_NEEDS_TLS_PORT : DiagnosticCode.PORT_NOT_ROUTABLE,
					"no port of the service speaks " + layer.text(), layer.text());
		}
		else if (exposed(exposure, subject.ports()).isEmpty()) {
			at.at("port")
				.report(DiagnosticCode.PORT_NOT_FOUND,
						"there is no port '" + exposure.port() + "' that speaks " + layer.text(),
						layer.of(subject.ports()).stream().map(Port::name).toList());
		}
	}

	/** The service port that the gateway's requests go to. */
	static Optional<Port> exposed(Exposure exposure, List<Port> ports) {
		return layer(exposure).of(ports)
			.stream()
			.filter((port) -> exposure.port() == null || port.name().equals(exposure.port()))
			.findFirst();
	}

	/** What the gateway looks at. */
	static Layer layer(Exposure exposure) {
		return Optional.ofNullable(exposure.tls())
			.map(Tls::mode)
			.filter((mode) -> mode == Mode.PASSTHROUGH)
			.map((_) -> Layer.TLS)
			.orElse(Layer.HTTP);
	}

}
