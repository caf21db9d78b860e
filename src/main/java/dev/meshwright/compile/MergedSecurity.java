package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.security.NetworkRules.Peers;
import dev.meshwright.model.security.PolicyRule;
import dev.meshwright.model.security.SecurityPolicySpec.DefaultAction;
import dev.meshwright.model.security.SecurityPolicySpec.MutualTlsMode;

/**
 * The security policies of all levels as one, each thing with where it was declared.
 *
 * @param mutualTls the mode of every port; empty where no level says it
 * @param ports the modes of single ports, by port name
 * @param jwt the issuers, in the order in which they were declared
 * @param enforced the access rules that are kept
 * @param observed the access rules as they would be if the levels that only observe were
 * enforced; empty when none observes
 * @param audit the audit rules of all levels
 * @param custom what an external authorizer is asked about; empty where it is never asked
 * @param network what the network lets through; empty where no level says it
 * @param rbac what the service's pods may do at the cluster's API
 * @param weakenings what was left out because a level above is tighter
 */
record MergedSecurity(Optional<Said<MutualTlsMode>> mutualTls, SortedMap<String, Said<MutualTlsMode>> ports,
		List<Said<JwtIssuer>> jwt, Access enforced, Optional<Access> observed, List<Said<AccessRule>> audit,
		Optional<Custom> custom, Optional<Network> network, List<Said<PolicyRule>> rbac, List<Weakening> weakenings) {

	/** Whether no level says anything. */
	boolean isEmpty() {
		return this.mutualTls.isEmpty() && this.ports.isEmpty() && this.jwt.isEmpty() && this.enforced.isEmpty()
				&& this.observed.isEmpty() && this.audit.isEmpty() && this.custom.isEmpty() && this.network.isEmpty()
				&& this.rbac.isEmpty();
	}

	/** The mode of a port, if any level says it. */
	Optional<MutualTlsMode> modeOf(String port) {
		return Optional.ofNullable(this.ports.get(port)).or(() -> this.mutualTls).map(Said::value);
	}

	/**
	 * Which calls are allowed.
	 *
	 * @param byDefault what becomes of a call that no rule matches; empty where no level
	 * says it, which leaves the mesh's own default
	 * @param allow the allow rules; without effect unless the default is deny
	 * @param deny the deny rules of all levels
	 */
	record Access(Optional<Said<DefaultAction>> byDefault, List<Said<AccessRule>> allow, List<Said<AccessRule>> deny) {

		boolean isEmpty() {
			return this.byDefault.isEmpty() && this.allow.isEmpty() && this.deny.isEmpty();
		}

		boolean denies() {
			return this.byDefault.filter((said) -> said.value() == DefaultAction.DENY).isPresent();
		}

		/** The rules that have an effect. */
		Stream<Said<AccessRule>> effective() {
			return denies() ? Stream.concat(this.allow.stream(), this.deny.stream()) : this.deny.stream();
		}

	}

	/**
	 * What an external authorizer is asked about.
	 *
	 * @param providers the authorizer, as each level names it; the same everywhere unless
	 * that was reported
	 * @param rules the requests, of all levels
	 */
	record Custom(List<Said<String>> providers, List<Said<AccessRule>> rules) {

		String provider() {
			return this.providers.getFirst().value();
		}

	}

	/**
	 * What the network lets through.
	 *
	 * @param origin where a NetworkPolicy was first asked for
	 * @param ingress what is let in beside what follows from access
	 * @param egress what is let out; empty leaves everything
	 */
	record Network(Said<Boolean> origin, List<Said<Peers>> ingress, Optional<List<Said<Peers>>> egress) {
	}

	/**
	 * A thing that a level says although a level above it says something tighter, which
	 * holds instead.
	 *
	 * @param said what was left out
	 * @param above what holds
	 */
	record Weakening(Said<String> said, Said<String> above) {
	}

}
