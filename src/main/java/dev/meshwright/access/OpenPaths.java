package dev.meshwright.access;

import java.util.List;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * What answers without a token: health probes, Swagger UI, to which the root leads, and
 * the API's document.
 */
final class OpenPaths {

	static final String[] PATTERNS = { "/", "/livez", "/readyz", "/actuator/health", "/actuator/health/*",
			"/swagger-ui.html", "/swagger-ui/**", "/v3/api-docs", "/v3/api-docs.yaml", "/v3/api-docs/swagger-config" };

	private static final List<PathPattern> PARSED = java.util.Arrays.stream(PATTERNS)
		.map(PathPatternParser.defaultInstance::parse)
		.toList();

	private OpenPaths() {
	}

	static boolean contains(String path) {
		PathContainer container = PathContainer.parsePath(path);
		return PARSED.stream().anyMatch((pattern) -> pattern.matches(container));
	}

}
