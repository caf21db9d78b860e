package dev.meshwright.model.routing;

import dev.meshwright.model.HeaderOperations;
import org.jspecify.annotations.Nullable;

/**
 * One of the places requests go to.
 *
 * @param service another service, {@code name} or {@code namespace/name}; absent means
 * the policy's own
 * @param version a version of it; absent means the service as a whole
 * @param port its port, by name; default the one that corresponds
 * @param weight its share; shares left out everywhere are equal, left out at some is an
 * error
 * @param headers changes to the headers of requests that go here
 */
public record Destination(@Nullable String service, @Nullable String version, @Nullable String port,
		@Nullable Integer weight, @Nullable HeaderOperations headers) {
}
