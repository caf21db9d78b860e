package dev.meshwright.model.security;

import java.util.List;

import dev.meshwright.model.NonEmpty;
import dev.meshwright.model.StringMatch;
import org.jspecify.annotations.Nullable;

/**
 * Calls: by whom, to what, under which conditions. All three must hold.
 *
 * @param name what it is called in messages; default {@code rule-<index>}
 * @param from callers, alternatives; absent means anyone, {@code []} is refused
 * @param to what is called, alternatives; absent means anything, {@code []} is refused
 * @param when conditions that must all hold
 */
public record AccessRule(@Nullable String name, @NonEmpty @Nullable List<Source> from,
		@NonEmpty @Nullable List<Operation> to, @NonEmpty @Nullable List<Condition> when) {

	/**
	 * Callers. {@code services}, {@code principals} and {@code gateways} name them
	 * together: one of all of these it must be; each other field that is given must hold,
	 * too.
	 *
	 * @param services services that call, each {@code name} or {@code namespace/name};
	 * each runs under an account that no other service uses
	 * @param principals accounts, each {@code <trust domain>/ns/<namespace>/sa/<account>}
	 * @param gateways gateways of the cluster, by their names there
	 * @param namespaces the namespaces of the callers
	 * @param ipBlocks addresses of the peers of connections, each an IP address or CIDR
	 * block; behind a gateway that is the gateway's
	 * @param remoteIpBlocks addresses of the original clients as the gateway sees them
	 * @param claims claims of a verified token, which must all hold and be of one issuer
	 * @param notServices services that must not be the caller
	 * @param notPrincipals accounts that must not be the caller's
	 * @param notNamespaces namespaces that must not be the caller's
	 * @param notIpBlocks addresses that the peer must not have
	 * @param notRemoteIpBlocks addresses that the original client must not have
	 */
	public record Source(@NonEmpty @Nullable List<String> services, @NonEmpty @Nullable List<String> principals,
			@NonEmpty @Nullable List<String> gateways, @NonEmpty @Nullable List<String> namespaces,
			@NonEmpty @Nullable List<String> ipBlocks, @NonEmpty @Nullable List<String> remoteIpBlocks,
			@NonEmpty @Nullable List<Claim> claims, @NonEmpty @Nullable List<String> notServices,
			@NonEmpty @Nullable List<String> notPrincipals, @NonEmpty @Nullable List<String> notNamespaces,
			@NonEmpty @Nullable List<String> notIpBlocks, @NonEmpty @Nullable List<String> notRemoteIpBlocks) {
	}

	/**
	 * A claim of a verified token, a text or a list of texts.
	 *
	 * @param issuer the name of the {@code jwt} entry that verifies the token
	 * @param claim the claim's name, such as {@code groups}
	 * @param values the values of which it must have one, literally
	 */
	public record Claim(String issuer, String claim, @NonEmpty List<String> values) {
	}

	/**
	 * What is called; each field that is given must hold.
	 *
	 * @param hosts hosts of the service, exactly
	 * @param methods HTTP methods
	 * @param paths paths without query; a prefix is by whole segments
	 * @param ports the service's ports, by name
	 */
	public record Operation(@NonEmpty @Nullable List<String> hosts, @NonEmpty @Nullable List<String> methods,
			@NonEmpty @Nullable List<StringMatch> paths, @NonEmpty @Nullable List<String> ports) {
	}

	/**
	 * A condition on a request header; one of the two lists is given.
	 *
	 * @param header the header's name
	 * @param values values of which the header must have one, literally
	 * @param notValues values that the header must not have
	 */
	public record Condition(String header, @NonEmpty @Nullable List<String> values,
			@NonEmpty @Nullable List<String> notValues) {
	}

}
