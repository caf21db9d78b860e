package dev.meshwright.access;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
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
			.addFilterBefore(bearerTokens(introspector, unauthenticated(problems)), AnonymousAuthenticationFilter.class)
			.addFilterBefore(withoutDatabase(problems), BearerTokenAuthenticationFilter.class)
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

	/**
	 * A span for each filter and each check would hide what a request did, and preparing
	 * one costs something even where none is wanted.
	 */
	@Bean
	static SecurityObservationSettings securityObservationSettings() {
		return SecurityObservationSettings.noObservations();
	}

	/**
	 * The filter alone: the resource server's configurer would also serve OAuth metadata,
	 * which we have none of, and name in its challenge whatever host the caller wrote.
	 */
	private static BearerTokenAuthenticationFilter bearerTokens(OpaqueTokenIntrospector introspector,
			AuthenticationEntryPoint unauthenticated) {
		BearerTokenAuthenticationFilter filter = new BearerTokenAuthenticationFilter(
				new ProviderManager(new OpaqueTokenAuthenticationProvider(introspector)));
		filter.setAuthenticationEntryPoint(unauthenticated);
		return filter;
	}

	/** Whose a token is cannot be said without a database: no answer is no refusal. */
	private static Filter withoutDatabase(HandlerExceptionResolver problems) {
		return (request, response, chain) -> {
			try {
				chain.doFilter(request, response);
			}
			catch (DataAccessException ex) {
				if (request instanceof HttpServletRequest asked && response instanceof HttpServletResponse answer
						&& !answer.isCommitted()) {
					problems.resolveException(asked, answer, null, ex);
					return;
				}
				throw ex;
			}
		};
	}

	/** Sets WWW-Authenticate as RFC 6750 asks, then leaves the body to the API. */
	private static AuthenticationEntryPoint unauthenticated(HandlerExceptionResolver problems) {
		return (request, response, ex) -> {
			response.setHeader(HttpHeaders.WWW_AUTHENTICATE, (ex instanceof OAuth2AuthenticationException)
					? "Bearer realm=\"meshwright\", error=\"invalid_token\"" : "Bearer realm=\"meshwright\"");
			problems.resolveException(request, response, null, ex);
		};
	}

}
