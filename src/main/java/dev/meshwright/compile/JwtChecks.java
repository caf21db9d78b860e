package dev.meshwright.compile;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.SortedSet;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.security.JwtIssuer;
import org.jspecify.annotations.Nullable;

/** The issuers of tokens that a policy names. */
final class JwtChecks {

	private static final int LONGEST_JWKS = 65_536;

	/** Parameters of a JSON Web Key that only a private or symmetric key has. */
	private static final Pattern SECRET = Pattern.compile("\"(d|p|q|dp|dq|qi|oth|k)\"\\s*:");

	private static final Pattern KEY_SET = Pattern.compile("\\s*\\{.*\"keys\"\\s*:\\s*\\[.*}\\s*", Pattern.DOTALL);

	private final SortedSet<String> allowedHosts;

	JwtChecks(CompilerSettings settings) {
		this.allowedHosts = settings.allowedJwksHosts();
	}

	void check(@Nullable List<JwtIssuer> issuers, At spec) {
		spec.each("jwt", issuers, (issuer, at) -> {
			Names.rfc1123(issuer.name(), at.at("name"));
			issuer(issuer.issuer(), at.at("issuer"));
			if (Values.exactlyOne(at, "jwksUri and jwks", issuer.jwksUri(), issuer.jwks())) {
				at.given("jwksUri", issuer.jwksUri(), this::address);
				at.given("jwks", issuer.jwks(), JwtChecks::keys);
			}
			at.each("audiences", issuer.audiences(), JwtChecks::text);
			new TokenPlaces(issuer).check(at);
		});
		List<JwtIssuer> all = Given.list(issuers);
		for (int index = 0; index < all.size(); index++) {
			apart(all.get(index), all.subList(0, index), spec.at("jwt").at(index));
		}
	}

	/**
	 * An issuer that begins with another one and a slash could pass for a subject of it.
	 */
	private static void apart(JwtIssuer issuer, List<JwtIssuer> before, At at) {
		for (JwtIssuer other : before) {
			if (isConfusable(issuer.issuer(), other.issuer())) {
				at.at("issuer")
					.report(DiagnosticCode.DUPLICATE_ISSUER,
							"'" + issuer.issuer() + "' cannot be told from '" + other.issuer() + "'");
			}
			if (other.name().equals(issuer.name())) {
				at.at("name").report(DiagnosticCode.DUPLICATE_NAME, "two issuers are named '" + issuer.name() + "'");
			}
		}
	}

	static boolean isConfusable(String one, String other) {
		return one.equals(other) || one.startsWith(other + "/") || other.startsWith(one + "/");
	}

	private static void issuer(String issuer, At at) {
		text(issuer, at);
		if (issuer.contains("*")) {
			at.report(DiagnosticCode.LITERAL_NOT_KEPT, "'" + issuer + "' would be read as a pattern",
					"the issuer exactly as the tokens have it");
		}
	}

	private static void text(String value, At at) {
		if (value.isEmpty() || value.chars().anyMatch((character) -> character <= ' ' || character == 127)) {
			at.report(DiagnosticCode.INVALID_VALUE, "'" + value + "' is empty or has spaces", "a text without spaces");
		}
	}

	private void address(String text, At at) {
		if (!isAllowed(text)) {
			at.report(DiagnosticCode.JWKS_NOT_ALLOWED, "'" + text + "' is not allowed", this.allowedHosts.isEmpty()
					? "that the operator lists in meshwright.allowed-jwks-hosts (none yet)" : this.allowedHosts);
		}
	}

	/**
	 * Only what is spelled exactly as the operator lists it, with nothing beside the path
	 * and query, so that no two parsers can see different hosts.
	 */
	private boolean isAllowed(String text) {
		try {
			URI uri = new URI(text);
			String host = uri.getHost();
			boolean plain = "https".equals(uri.getScheme()) && host != null && uri.getRawUserInfo() == null
					&& uri.getRawFragment() == null && (uri.getPort() == -1 || uri.getPort() == 443);
			return plain && Hosts.isDns(host) && !host.equals("localhost") && !host.endsWith(".localhost")
					&& !text.contains("\\") && this.allowedHosts.contains(host);
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	private static void keys(String jwks, At at) {
		if (SECRET.matcher(jwks).find()) {
			at.report(DiagnosticCode.SECRET_VALUE, "the key set has a private or symmetric key");
		}
		else if (jwks.length() > LONGEST_JWKS || !KEY_SET.matcher(jwks).matches()) {
			at.report(DiagnosticCode.INVALID_VALUE, "this is no JSON Web Key Set, or a very long one",
					"a JSON object with keys, of at most 65536 characters");
		}
	}

}
