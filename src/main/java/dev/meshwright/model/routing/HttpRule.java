package dev.meshwright.model.routing;

import java.time.Duration;
import java.util.List;

import dev.meshwright.model.HeaderOperations;
import dev.meshwright.model.StringMatch;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the HTTP requests that match. Without {@code split}, {@code redirect}
 * and {@code directResponse} they go to the service as a whole; at most one of the three
 * is given.
 *
 * @param name a name for the rule, unique in the policy; shows in metrics and traces
 * @param appliesTo where the rule holds; default both
 * @param match alternatives, one of which must match; absent means every request
 * @param split where requests go, by weight
 * @param redirect answer with a redirect instead
 * @param directResponse answer with a fixed response instead
 * @param rewrite what is changed in the request's path and host
 * @param timeout how long the whole request may take, retries included; absent and
 * {@code 0s} mean without limit; not with {@code redirect} or {@code directResponse}.
 * Gateway API is told {@code 0s}; Istio takes no zero, so there the field is left out,
 * which is without limit unless the operator of the mesh has given istiod another default
 * (ISTIO_DEFAULT_REQUEST_TIMEOUT)
 * @param retries when to try again; absent means never: retries are always said
 * explicitly
 * @param mirror where copies of requests go; their responses are dropped
 * @param fault faults injected for testing
 * @param cors cross-origin resource sharing
 * @param headers changes to request and response headers
 */
public record HttpRule(@Nullable String name, @Nullable AppliesTo appliesTo, @Nullable List<HttpMatch> match,
		@Nullable List<Destination> split, @Nullable Redirect redirect, @Nullable DirectResponse directResponse,
		@Nullable Rewrite rewrite, @Nullable Duration timeout, @Nullable Retries retries, @Nullable List<Mirror> mirror,
		@Nullable Fault fault, @Nullable Cors cors, @Nullable HeaderOperations headers) {

	/** Where a rule holds. */
	public enum AppliesTo {

		/** For callers inside the mesh. */
		MESH("mesh"),

		/** For requests through the gateway that exposes the service. */
		GATEWAY("gateway");

		private final String text;

		AppliesTo(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/**
	 * A redirect.
	 *
	 * @param uri the whole path instead of the request's; not with {@code prefixRewrite}
	 * @param prefixRewrite what replaces the matched path prefix
	 * @param authority the host instead of the request's
	 * @param port the port instead of the request's
	 * @param scheme {@code http} or {@code https} instead of the request's
	 * @param redirectCode 301, 302, 303, 307 or 308; default 302
	 */
	public record Redirect(@Nullable String uri, @Nullable String prefixRewrite, @Nullable String authority,
			@Nullable Integer port, @Nullable String scheme, @Nullable Integer redirectCode) {
	}

	/**
	 * A fixed answer.
	 *
	 * @param status the HTTP status, 200 to 599
	 * @param body the body as text, at most 4,096 bytes
	 */
	public record DirectResponse(int status, @Nullable String body) {
	}

	/**
	 * Changes to the request; {@code uri} and {@code uriRegexRewrite} exclude each other.
	 *
	 * @param uri replaces the matched path: the whole one after an exact match, the
	 * prefix after a prefix match
	 * @param uriRegexRewrite replaces by regular expression
	 * @param authority replaces the host
	 */
	public record Rewrite(@Nullable String uri, @Nullable RegexRewrite uriRegexRewrite, @Nullable String authority) {
	}

	/**
	 * A replacement in the path.
	 *
	 * @param match an RE2 expression
	 * @param rewrite what replaces it; {@code \1} is the first group
	 */
	public record RegexRewrite(String match, String rewrite) {
	}

	/**
	 * When a failed request is tried again.
	 *
	 * @param attempts how often at most, beside the first try; 0 means never
	 * @param perTryTimeout how long each try may take; default the rule's timeout
	 * @param retryOn the conditions, spelled as Envoy spells them, or registered HTTP
	 * status codes; default connect-failure, refused-stream, unavailable, cancelled
	 * @param backoff the base interval between two tries; default 25ms
	 * @param retryRemoteLocalities whether tries may go to other localities; default the
	 * mesh's own
	 */
	public record Retries(int attempts, @Nullable Duration perTryTimeout, @Nullable List<String> retryOn,
			@Nullable Duration backoff, @Nullable Boolean retryRemoteLocalities) {
	}

	/**
	 * Where copies of requests go.
	 *
	 * @param service another service, {@code name} or {@code namespace/name}; absent
	 * means this one
	 * @param version a version of it
	 * @param port its port, by name; default the one that corresponds
	 * @param percentage percent of the requests, 0 to 100; default 100
	 */
	public record Mirror(@Nullable String service, @Nullable String version, @Nullable String port,
			@Nullable Double percentage) {
	}

	/**
	 * Injected faults; at least one.
	 *
	 * @param delay requests that are held back
	 * @param abort requests that are answered with an error
	 */
	public record Fault(@Nullable Delay delay, @Nullable Abort abort) {

		/**
		 * A delay.
		 *
		 * @param fixedDelay how long
		 * @param percentage percent of the requests; default 100
		 */
		public record Delay(Duration fixedDelay, @Nullable Double percentage) {
		}

		/**
		 * An abort; exactly one of the statuses.
		 *
		 * @param httpStatus the HTTP status to answer with, 200 to 599
		 * @param grpcStatus the gRPC status to answer with, such as {@code UNAVAILABLE}
		 * @param percentage percent of the requests; default 100
		 */
		public record Abort(@Nullable Integer httpStatus, @Nullable String grpcStatus, @Nullable Double percentage) {
		}

	}

	/**
	 * Cross-origin resource sharing.
	 *
	 * @param allowOrigins the origins; at least one
	 * @param allowMethods the methods, or {@code *}
	 * @param allowHeaders the request headers
	 * @param exposeHeaders the response headers that scripts may read
	 * @param maxAge how long a preflight's answer may be kept, in whole seconds; default
	 * the browser's own
	 * @param allowCredentials whether credentials may be sent
	 * @param unmatchedPreflights whether preflights of other origins are forwarded;
	 * default the mesh's own
	 */
	public record Cors(List<StringMatch> allowOrigins, @Nullable List<String> allowMethods,
			@Nullable List<String> allowHeaders, @Nullable List<String> exposeHeaders, @Nullable Duration maxAge,
			@Nullable Boolean allowCredentials, @Nullable UnmatchedPreflights unmatchedPreflights) {
	}

	/**
	 * What happens to preflights of origins that are not allowed, spelled as Istio spells
	 * it.
	 */
	public enum UnmatchedPreflights {

		FORWARD, IGNORE

	}

}
