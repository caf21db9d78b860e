package dev.meshwright.compile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.meshwright.model.StringMatch;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.security.PolicyRule;
import dev.meshwright.model.security.SecurityPolicySpec.MutualTlsMode;
import dev.meshwright.model.service.ServiceSpec.Port;

/**
 * Who may reach a service on one cluster: the policies of all levels merged, every name
 * followed.
 *
 * @param mutualTls the mode of every port; empty leaves the mesh's own
 * @param portMutualTls the modes of single ports, by the pods' port number
 * @param jwt the issuers whose tokens are verified
 * @param preflights whether a route has CORS, so that preflights need no token
 * @param enforced the calls that are allowed
 * @param observed the calls that would be allowed if what is observed were enforced
 * @param audit the calls that are marked for audit
 * @param custom the requests that an external authorizer must let in, too
 * @param network what the network lets through
 * @param rbac what the service's pods may do at the cluster's API
 */
public record SecurityModel(Optional<MutualTlsMode> mutualTls, SortedMap<Integer, MutualTlsMode> portMutualTls,
		List<JwtIssuer> jwt, boolean preflights, Access enforced, Optional<Access> observed, List<Rule> audit,
		Optional<Custom> custom, Optional<Network> network, List<PolicyRule> rbac) {

	/** Nothing is declared: everything is as the mesh has it. */
	public static final SecurityModel NONE = new SecurityModel(Optional.empty(), new TreeMap<>(), List.of(), false,
			new Access(false, List.of(), List.of()), Optional.empty(), List.of(), Optional.empty(), Optional.empty(),
			List.of());

	/** Whether calls are looked at one by one. */
	public boolean authorizes() {
		return !this.jwt.isEmpty() || !this.enforced.isEmpty() || this.observed.isPresent() || !this.audit.isEmpty()
				|| this.custom.isPresent();
	}

	/** What becomes of a call that a rule matches. */
	public enum Action {

		ALLOW, DENY, AUDIT,

		/** An external authorizer must let it in, too. */
		CUSTOM;

		/** Whether a rule that matches less lets more in. */
		public boolean restricts() {
			return this == DENY || this == CUSTOM;
		}

	}

	/**
	 * Requests that an external authorizer must let in, too; connections that carry none
	 * it is never asked about.
	 *
	 * @param provider the authorizer
	 * @param rules the requests
	 */
	public record Custom(String provider, List<Rule> rules) {
	}

	/**
	 * Which calls are allowed: none that a deny rule matches; of the others all, or with
	 * default deny those that an allow rule matches.
	 *
	 * @param defaultDeny whether calls that no rule matches are refused
	 * @param allow allow rules; empty without default deny
	 * @param deny deny rules
	 */
	public record Access(boolean defaultDeny, List<Rule> allow, List<Rule> deny) {

		public boolean isEmpty() {
			return !this.defaultDeny && this.deny.isEmpty();
		}

	}

	/**
	 * Calls; all three must hold.
	 *
	 * @param name what it is called in messages
	 * @param from callers, alternatives; empty means anyone
	 * @param to what is called, alternatives; empty means anything
	 * @param when conditions that must all hold
	 */
	public record Rule(String name, List<Source> from, List<Operation> to, List<Condition> when) {
	}

	/**
	 * Callers; each list that is not empty must hold.
	 *
	 * @param identities who it is, alternatives
	 * @param namespaces the namespaces it is in
	 * @param ipBlocks its addresses
	 * @param remoteIpBlocks the original client's addresses
	 * @param claims claims of a token; all must hold
	 * @param notPrincipals accounts that it must not have
	 * @param notNamespaces namespaces that it must not be in
	 * @param notIpBlocks addresses that it must not have
	 * @param notRemoteIpBlocks addresses that the original client must not have
	 */
	public record Source(List<Identity> identities, List<String> namespaces, List<String> ipBlocks,
			List<String> remoteIpBlocks, List<Claim> claims, List<String> notPrincipals, List<String> notNamespaces,
			List<String> notIpBlocks, List<String> notRemoteIpBlocks) {
	}

	/**
	 * A caller that is known.
	 *
	 * @param principal its account, {@code <trust domain>/ns/<namespace>/sa/<account>};
	 * empty for everything in the namespace
	 * @param namespace where it runs
	 * @param pods the labels of its pods, alternatives; empty means any pod there
	 */
	public record Identity(Optional<String> principal, String namespace, List<Map<String, String>> pods) {
	}

	/**
	 * A claim of a token.
	 *
	 * @param issuer the issuer, as in the token
	 * @param claim the claim's name
	 * @param values the values of which it must have one
	 */
	public record Claim(String issuer, String claim, List<String> values) {
	}

	/**
	 * What is called; each list that is not empty must hold.
	 *
	 * @param hosts hosts, exactly
	 * @param methods methods
	 * @param paths paths; a prefix is by segments
	 * @param ports the service's ports
	 */
	public record Operation(List<String> hosts, List<String> methods, List<StringMatch> paths, List<Port> ports) {

		public boolean isHttp() {
			return !this.hosts.isEmpty() || !this.methods.isEmpty() || !this.paths.isEmpty();
		}

	}

	/**
	 * A condition on a request header; one of the lists is empty.
	 *
	 * @param header its name
	 * @param values the values of which it must have one
	 * @param notValues the values that it must not have
	 */
	public record Condition(String header, List<String> values, List<String> notValues) {
	}

	/**
	 * What the network lets through, as a whole.
	 *
	 * @param ingress what comes in; one without peers is anyone
	 * @param egress what goes out beside name resolution and the mesh; empty leaves
	 * everything
	 */
	public record Network(List<Flow> ingress, Optional<List<Flow>> egress) {
	}

	/**
	 * Connections.
	 *
	 * @param peers the other ends, alternatives; empty means anyone
	 * @param ports the ports that are connected to, as the pods have them; empty means
	 * all
	 */
	public record Flow(List<Peer> peers, List<PodPort> ports) {
	}

	/**
	 * A port of pods.
	 *
	 * @param port a number, or the name of a container's port
	 * @param udp whether it is UDP, otherwise TCP
	 */
	public record PodPort(Object port, boolean udp) {
	}

	/** An end of a connection. */
	public sealed interface Peer {

	}

	/**
	 * Pods.
	 *
	 * @param namespace their namespace
	 * @param labels their labels; empty means all pods there
	 */
	public record Pods(String namespace, Map<String, String> labels) implements Peer {
	}

	/**
	 * Addresses.
	 *
	 * @param cidr a block
	 * @param except blocks within it that are not meant
	 */
	public record Block(String cidr, List<String> except) implements Peer {
	}

}
