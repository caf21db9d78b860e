package dev.meshwright.golden;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A call as the proxy of the callee sees it.
 *
 * @param principal the caller's account, proven by mutual TLS
 * @param peer the peer's address
 * @param remote the original client's address
 * @param port the name of the service port
 * @param podPort the port of the pod
 * @param request what is asked, unless the port takes plain TCP
 * @param authorizers the external authorizers that would let it in
 */
record Call(Optional<String> principal, String peer, String remote, String port, int podPort, Optional<Request> request,
		Set<String> authorizers) {

	/** The namespace in the caller's account. */
	Optional<String> namespace() {
		return this.principal.map((it) -> it.split("/")[2]);
	}

	/**
	 * An HTTP request.
	 *
	 * @param method its method
	 * @param host its Host header
	 * @param path its normalised path
	 * @param headers its headers
	 * @param token the token that it carries
	 */
	record Request(String method, String host, String path, Map<String, String> headers, Optional<Token> token) {
	}

	/**
	 * A token with a good signature.
	 *
	 * @param issuer its issuer
	 * @param subject its subject
	 * @param groups its groups
	 */
	record Token(String issuer, String subject, List<String> groups) {
	}

}
