package dev.meshwright.provider.istio;

import java.util.List;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.service.ServiceSpec.External.Mode;

/**
 * TLS that a caller's proxy begins, as Istio's ClientTLSSettings. What the server must
 * prove is always said: left out, some releases would verify nothing.
 */
final class UpstreamTls {

	/** The authorities that the proxy's image trusts. */
	private static final String SYSTEM = "system";

	private UpstreamTls() {
	}

	/**
	 * The settings.
	 * @param tls what is declared
	 * @param host the host that is called
	 * @param certified whether the caller is given the certificates of the Secret; one
	 * that is not still encrypts, and is refused by a server that asks for a certificate
	 */
	static Tree of(ServiceModel.UpstreamTls tls, String host, boolean certified) {
		boolean wildcard = host.startsWith("*");
		List<String> names = tls.subjectAltNames().isEmpty() ? List.of(host) : tls.subjectAltNames();
		return Tree.of("mode", (certified ? tls.mode() : Mode.SIMPLE).name())
			.with("credentialName", certified ? tls.credentialName().orElse(null) : null)
			.with("caCertificates", certified ? null : SYSTEM)
			.with("sni", tls.sni().orElse(wildcard ? null : host))
			.with("subjectAltNames", names);
	}

}
