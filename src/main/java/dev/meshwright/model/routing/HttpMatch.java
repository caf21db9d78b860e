package dev.meshwright.model.routing;

import java.util.List;
import java.util.Map;

import dev.meshwright.model.StringMatch;
import org.jspecify.annotations.Nullable;

/**
 * What a request must look like; everything that is given must hold.
 *
 * @param path the path, without query
 * @param ignoreCase whether exact and prefix paths ignore upper and lower case; default
 * false
 * @param method the method, such as {@code GET}
 * @param host the host of the request without its port, whatever its case; an exact host
 * that names a port is compared as it was sent
 * @param port the service port, by name
 * @param scheme {@code http} or {@code https}
 * @param headers headers by name, all of which must match
 * @param withoutHeaders headers by name, none of which may match
 * @param query query parameters by name, all of which must match
 * @param grpc the gRPC service and method, instead of path and method
 * @param claims claims of a verified JWT by name, nested ones with dots; only for
 * requests through a gateway
 * @param source the workload that calls: what its proxy says it is, not a proven
 * identity; only inside the mesh
 */
public record HttpMatch(@Nullable StringMatch path, @Nullable Boolean ignoreCase, @Nullable String method,
		@Nullable StringMatch host, @Nullable String port, @Nullable String scheme,
		@Nullable Map<String, HeaderMatch> headers, @Nullable Map<String, HeaderMatch> withoutHeaders,
		@Nullable Map<String, QueryMatch> query, @Nullable Grpc grpc, @Nullable Map<String, StringMatch> claims,
		@Nullable Source source) {

	/**
	 * How a header is matched; exactly one is given.
	 *
	 * @param exact the value, literally
	 * @param prefix the value's beginning
	 * @param regex an RE2 expression for the whole value
	 * @param present {@code true}: the header is there, with any value
	 */
	public record HeaderMatch(@Nullable String exact, @Nullable String prefix, @Nullable String regex,
			@Nullable Boolean present) {
	}

	/**
	 * How a query parameter is matched; exactly one is given.
	 *
	 * @param exact the value, literally
	 * @param prefix the value's beginning
	 * @param regex an RE2 expression for the whole value
	 */
	public record QueryMatch(@Nullable String exact, @Nullable String prefix, @Nullable String regex) {
	}

	/**
	 * A gRPC call.
	 *
	 * @param service the full service name, such as {@code hipstershop.CartService}
	 * @param method the method; absent means every method of the service
	 */
	public record Grpc(String service, @Nullable String method) {
	}

	/**
	 * The workload that calls; everything that is given must hold.
	 *
	 * @param namespaces it runs in one of these
	 * @param labels its pods carry all these labels
	 * @param services it is one of these services, each {@code name} or
	 * {@code namespace/name}
	 */
	public record Source(@Nullable List<String> namespaces, @Nullable Map<String, String> labels,
			@Nullable List<String> services) {
	}

}
