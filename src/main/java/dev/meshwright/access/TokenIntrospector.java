package dev.meshwright.access;

import dev.meshwright.store.Tokens;

import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.stereotype.Component;

/** Finds whose a bearer token is. */
@Component
final class TokenIntrospector implements OpaqueTokenIntrospector {

	private final Tokens tokens;

	TokenIntrospector(Tokens tokens) {
		this.tokens = tokens;
	}

	@Override
	public OAuth2AuthenticatedPrincipal introspect(String token) {
		return this.tokens.holder(token)
			.map(Roles::caller)
			.map(AuthenticatedCaller::new)
			.orElseThrow(() -> new BadOpaqueTokenException("The token is not known or was revoked"));
	}

}
