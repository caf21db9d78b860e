package dev.meshwright.model.security;

import java.util.List;

import dev.meshwright.model.NonEmpty;
import org.jspecify.annotations.Nullable;

/**
 * An issuer of JSON Web Tokens. A token of it that does not verify is refused; a request
 * without token passes unless one is {@code required}.
 *
 * @param name what access rules call it
 * @param issuer the {@code iss} claim, exactly
 * @param jwksUri where the keys are fetched from, over https from a host that the
 * operator allows
 * @param jwks the keys themselves, a JSON Web Key Set with public keys only, instead of
 * {@code jwksUri}
 * @param audiences the {@code aud} claims of which the token must have one; absent means
 * any
 * @param fromHeaders the headers that carry the token; where neither these nor
 * {@code fromParams} nor {@code fromCookies} are given, it is
 * {@code Authorization: Bearer} and the query parameter {@code access_token}
 * @param fromParams the query parameters that carry the token
 * @param fromCookies the cookies that carry the token
 * @param forwardOriginalToken whether the service gets the token, too; default false,
 * which takes it out of headers, but not out of parameters and cookies
 * @param outputClaimToHeaders claims of a verified token that the service gets as
 * headers; what a caller sends in these is removed
 * @param outputPayloadToHeader the header in which the service gets the whole payload of
 * a verified token, base64url encoded; what a caller sends in it is removed
 * @param required whether every HTTP request must carry a token of this issuer, or of
 * another one that is required; default false. Preflights pass where a route has
 * {@code cors}
 */
public record JwtIssuer(String name, String issuer, @Nullable String jwksUri, @Nullable String jwks,
		@NonEmpty @Nullable List<String> audiences, @NonEmpty @Nullable List<TokenHeader> fromHeaders,
		@NonEmpty @Nullable List<String> fromParams, @NonEmpty @Nullable List<String> fromCookies,
		@Nullable Boolean forwardOriginalToken, @NonEmpty @Nullable List<ClaimToHeader> outputClaimToHeaders,
		@Nullable String outputPayloadToHeader, @Nullable Boolean required) {

	/**
	 * A header that carries a token.
	 *
	 * @param name the header's name
	 * @param prefix what stands before the token, such as {@code "Bearer "}; absent means
	 * nothing
	 */
	public record TokenHeader(String name, @Nullable String prefix) {
	}

	/**
	 * A claim that the service gets as a header.
	 *
	 * @param header the header's name: letters, digits, {@code -} and {@code _}
	 * @param claim the claim's name; {@code .} leads into nested ones. Lists and objects
	 * come as JSON, base64url encoded
	 */
	public record ClaimToHeader(String header, String claim) {
	}

}
