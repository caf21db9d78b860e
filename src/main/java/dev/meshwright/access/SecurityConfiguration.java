package dev.meshwright.access;

import jakarta.servlet.DispatcherType;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Bearer tokens on every call but the open ones. There is no session, no cookie, no form
 * and so nothing that a foreign page could make a browser send.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

	private static final String CONTENT_SECURITY_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; "
			+ "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

	@Bean
	SecurityFilterChain securityFilterChain(HttpSecurity http, OpaqueTokenIntrospector introspector,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
		return http
			.authorizeHttpRequests(
					(requests) -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
						.permitAll()
						.requestMatchers(HttpMethod.GET, OpenPaths.PATTERNS)
						.permitAll()
						.requestMatchers(HttpMethod.HEAD, OpenPaths.PATTERNS)
						.permitAll()
						.anyRequest()
						.authenticated())
			.oauth2ResourceServer((server) -> server.opaqueToken((opaque) -> opaque.introspector(introspector))
				.authenticationEntryPoint(unauthenticated(problems)))
			.exceptionHandling((handling) -> handling.authenticationEntryPoint(unauthenticated(problems))
				.accessDeniedHandler((request, response, ex) -> problems.resolveException(request, response, null, ex)))
			.headers((headers) -> headers
				.contentSecurityPolicy((policy) -> policy.policyDirectives(CONTENT_SECURITY_POLICY)))
			.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf(AbstractHttpConfigurer::disable)
			.formLogin(AbstractHttpConfigurer::disable)
			.httpBasic(AbstractHttpConfigurer::disable)
			.logout(AbstractHttpConfigurer::disable)
			.requestCache(AbstractHttpConfigurer::disable)
			.build();
	}

	/** Sets WWW-Authenticate as RFC 6750 asks, then leaves the body to the API. */
	private static AuthenticationEntryPoint unauthenticated(HandlerExceptionResolver problems) {
		BearerTokenAuthenticationEntryPoint challenge = new BearerTokenAuthenticationEntryPoint();
		return (request, response, ex) -> {
			challenge.commence(request, response, ex);
			problems.resolveException(request, response, null, ex);
		};
	}

}
