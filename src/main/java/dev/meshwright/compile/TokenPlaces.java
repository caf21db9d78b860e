package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.security.JwtIssuer.ClaimToHeader;
import org.jspecify.annotations.Nullable;

/**
 * Where a request carries the token of an issuer, and in which headers the service is
 * told what was in it.
 */
final class TokenPlaces {

	/** What no client encodes, so that it is compared as it stands here. */
	private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._~-]{1,256}");

	private static final Pattern COOKIE = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

	private static final Pattern OUTPUT = Pattern.compile("[-_A-Za-z0-9]{1,256}");

	/**
	 * Headers that mean something to proxies, or from which others conclude who calls: a
	 * claim in them would let whoever issues tokens steer the one and forge the other.
	 */
	private static final Set<String> RESERVED = Set.of("host", "authorization", "connection", "content-length",
			"content-encoding", "content-type", "cookie", "expect", "forwarded", "keep-alive", "te", "trailer",
			"traceparent", "tracestate", "transfer-encoding", "upgrade", "via", "x-request-id", "x-real-ip", "b3");

	private static final List<String> RESERVED_PREFIXES = List.of("x-forwarded-", "x-envoy-", "x-istio-", "x-b3-",
			"proxy-", "grpc-", "sec-");

	private final JwtIssuer issuer;

	TokenPlaces(JwtIssuer issuer) {
		this.issuer = issuer;
	}

	void check(At at) {
		Set<String> carrying = new HashSet<>();
		at.each("fromHeaders", this.issuer.fromHeaders(), (header, place) -> {
			String prefix = Given.or(header.prefix(), "");
			HeaderChecks.header(header.name(), prefix, place);
			if (!carrying.add(lower(header.name()) + "\n" + prefix)) {
				place.report(DiagnosticCode.DUPLICATE_NAME, "header '" + header.name() + "' is given twice");
			}
		});
		names("fromParams", this.issuer.fromParams(), PARAMETER, "letters, digits, -, ., _ and ~", at);
		names("fromCookies", this.issuer.fromCookies(), COOKIE, "the name of a cookie", at);
		staying(at);
		output(at);
	}

	private static void names(String field, @Nullable List<String> names, Pattern form, String remedy, At at) {
		Set<String> seen = new HashSet<>();
		at.each(field, names, (name, place) -> {
			if (!form.matcher(name).matches()) {
				place.report(DiagnosticCode.INVALID_VALUE, "'" + name + "' cannot be sent as it stands here", remedy);
			}
			if (!seen.add(name)) {
				place.report(DiagnosticCode.DUPLICATE_NAME, "'" + name + "' is given twice");
			}
		});
	}

	/** The proxy takes a token out of headers only. */
	private void staying(At at) {
		if (!Boolean.TRUE.equals(this.issuer.forwardOriginalToken())) {
			at.given("fromParams", this.issuer.fromParams(), (_, place) -> place
				.report(DiagnosticCode.TOKEN_STAYS_IN_REQUEST, "a token in a query parameter is not taken out of it"));
			at.given("fromCookies", this.issuer.fromCookies(), (_, place) -> place
				.report(DiagnosticCode.TOKEN_STAYS_IN_REQUEST, "a token in a cookie is not taken out of it"));
		}
	}

	private void output(At at) {
		Set<String> headers = new HashSet<>();
		Given.list(this.issuer.fromHeaders()).forEach((header) -> headers.add(lower(header.name())));
		at.each("outputClaimToHeaders", this.issuer.outputClaimToHeaders(), (output, place) -> {
			output(output.header(), headers, place.at("header"));
			claim(output, place.at("claim"));
		});
		at.given("outputPayloadToHeader", this.issuer.outputPayloadToHeader(),
				(header, place) -> output(header, headers, place));
	}

	private static void output(String header, Set<String> headers, At at) {
		if (!OUTPUT.matcher(header).matches()) {
			at.report(DiagnosticCode.INVALID_HEADER, "'" + header + "' is no name of a header with claims");
		}
		else if (RESERVED.contains(lower(header)) || RESERVED_PREFIXES.stream().anyMatch(lower(header)::startsWith)) {
			at.report(DiagnosticCode.RESERVED_HEADER, "'" + header + "' has a meaning of its own");
		}
		else if (!headers.add(lower(header))) {
			at.report(DiagnosticCode.DUPLICATE_NAME,
					"header '" + header + "' already carries the token or something of it");
		}
	}

	private static void claim(ClaimToHeader output, At at) {
		if (!AccessRuleChecks.isClaim(output.claim())) {
			at.report(DiagnosticCode.INVALID_VALUE, "'" + output.claim() + "' is no claim", "the name of a claim");
		}
	}

	private static String lower(String name) {
		return name.toLowerCase(Locale.ROOT);
	}

}
