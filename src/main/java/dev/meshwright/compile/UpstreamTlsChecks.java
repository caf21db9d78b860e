package dev.meshwright.compile;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.service.ServiceSpec.External;
import dev.meshwright.model.service.ServiceSpec.Port;

/**
 * TLS that callers begin to hosts outside the mesh: begun once, to a server that proves
 * its name, with certificates that somebody gets.
 */
final class UpstreamTlsChecks {

	private static final int PLAIN_HTTP = 80;

	private final ServiceSubject subject;

	private final External external;

	UpstreamTlsChecks(ServiceSubject subject, External external) {
		this.subject = subject;
		this.external = external;
	}

	void check(External.Tls tls, At at) {
		ports(tls, at);
		at.given("sni", tls.sni(), (sni, field) -> {
			Hosts.dns(sni, field);
			if (Hosts.isWildcard(sni)) {
				field.report(DiagnosticCode.INVALID_HOST, "a client asks for one name, not for '" + sni + "'");
			}
		});
		at.given("credentialName", tls.credentialName(), Names::object);
		if (tls.mode() == External.Mode.MUTUAL && tls.credentialName() == null) {
			at.at("credentialName")
				.report(DiagnosticCode.REQUIRED_FIELD, "MUTUAL shows a certificate and none is named",
						"credentialName, a Secret with tls.crt, tls.key and ca.crt, or mode SIMPLE");
		}
		names(at);
		if (tls.credentialName() != null) {
			credential(tls.credentialName(), at.at("credentialName"));
		}
	}

	private void ports(External.Tls tls, At at) {
		at.each("ports", tls.ports(), (name, field) -> {
			if (this.subject.ports().stream().noneMatch((port) -> port.name().equals(name))) {
				field.report(DiagnosticCode.PORT_NOT_FOUND, "there is no port '" + name + "'",
						this.subject.ports().stream().map(Port::name).toList());
			}
		});
		List<Port> begun = UpstreamTlsResolver.ports(tls, this.subject.ports());
		begun.stream()
			.filter((port) -> !UpstreamTlsResolver.speaksPlainly(port))
			.forEach((port) -> at.at("ports")
				.report(DiagnosticCode.TLS_TWICE,
						"port '" + port.name() + "' speaks " + port.protocol() + ", where the application does it"));
		if (begun.isEmpty() && tls.ports() == null) {
			at.report(DiagnosticCode.TLS_TWICE, "no port speaks plainly");
		}
		begun.stream()
			.filter((port) -> port.port() == PLAIN_HTTP && Layer.HTTP.fits(port) && port.targetPort() == null
					&& Given.list(this.external.endpoints())
						.stream()
						.noneMatch((endpoint) -> Given.map(endpoint.ports()).containsKey(port.name())))
			.forEach((port) -> at.report(DiagnosticCode.TLS_TO_PLAIN_PORT,
					"port '" + port.name() + "' leads to the server's port 80"));
	}

	/** A certificate for no certain name proves nothing. */
	private void names(At at) {
		this.external.hosts()
			.stream()
			.filter((host) -> Hosts.isWildcard(host) && Given.list(this.external.subjectAltNames()).isEmpty())
			.limit(1)
			.forEach((host) -> at.report(DiagnosticCode.SERVER_NAME_NOT_CHECKED,
					"'" + host + "' is no name that a certificate can be compared with"));
	}

	private void credential(String secret, At at) {
		SortedSet<String> accounts = new TreeSet<>();
		UpstreamTlsResolver.callers(this.subject)
			.keySet()
			.forEach((caller) -> this.subject.declarations()
				.service(new dev.meshwright.model.ServiceRef(this.subject.ref().namespace(), caller))
				.ifPresent((service) -> accounts.add(Given.or(service.spec().serviceAccount(), caller))));
		if (accounts.isEmpty()) {
			at.report(DiagnosticCode.CREDENTIAL_WITHOUT_CALLER, "no service of " + this.subject.ref().namespace()
					+ " declares " + this.subject.ref().name() + " as a dependency");
		}
		else {
			at.report(DiagnosticCode.CREDENTIAL_NEEDS_RIGHT,
					"the proxies of " + accounts + " read Secret " + secret + " in the name of these accounts",
					String.join(", ", accounts), this.subject.ref().namespace());
		}
	}

}
