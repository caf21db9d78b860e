package dev.meshwright.access;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.model.Caller;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;

/**
 * The caller as Spring Security keeps it for one request.
 *
 * @param caller the caller
 */
record AuthenticatedCaller(Caller caller) implements OAuth2AuthenticatedPrincipal {

	/** The caller of the present request, empty when nobody has been identified. */
	static Optional<Caller> current() {
		@Nullable Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		return (authentication != null && authentication.getPrincipal() instanceof AuthenticatedCaller authenticated)
				? Optional.of(authenticated.caller()) : Optional.empty();
	}

	@Override
	public Map<String, Object> getAttributes() {
		return Map.of("sub", this.caller.name());
	}

	@Override
	public Collection<? extends GrantedAuthority> getAuthorities() {
		return List.of();
	}

	@Override
	public String getName() {
		return this.caller.name();
	}

}
