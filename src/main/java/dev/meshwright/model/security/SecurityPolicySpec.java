package dev.meshwright.model.security;

import java.util.List;
import java.util.Map;

import dev.meshwright.model.LayeredPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach a service, and how callers prove who they are: for the platform, a
 * namespace or one service. What a level above makes tighter stays so below, unless that
 * level is {@code overridable}. Nothing in here is ever a secret value.
 *
 * @param service the service of the same namespace that this is about; absent means the
 * default of the namespace, or of the platform where it lives in none
 * @param mutualTLS whether callers must use mutual TLS; absent inherits
 * @param jwt the tokens that are verified; absent inherits, {@code []} means none, filled
 * replaces except for required issuers of a level above
 * @param access which calls are allowed; absent inherits
 * @param mode whether this level's {@code access} is enforced or only observed; default
 * {@code enforce}. What levels above enforce stays in force either way
 * @param overridable whether levels below may weaken what this one says; default false
 * @param networkPolicy lets the network itself keep connections out, on every cluster;
 * absent inherits, and where no level gives it the network is left as it is
 * @param rbac what the service's own pods may do at the API of the cluster that they run
 * on, in their own namespace, under an account that no other service uses; only what the
 * operator's {@code meshwright.workload-rbac} has. Absent inherits, {@code []} means
 * nothing, filled replaces; where no level says it they may do nothing
 */
public record SecurityPolicySpec(@Nullable String service, @Nullable MutualTls mutualTLS, @Nullable List<JwtIssuer> jwt,
		@Nullable Access access, @Nullable Mode mode, @Nullable Boolean overridable,
		@Nullable NetworkRules networkPolicy, @Nullable List<PolicyRule> rbac) implements LayeredPolicy {

	/**
	 * Mutual TLS of the service's pods.
	 *
	 * @param mode of every port; absent inherits, and where no level says it the mesh's
	 * own default holds
	 * @param ports of single ports, by service port name; only for one service
	 */
	public record MutualTls(@Nullable MutualTlsMode mode, @Nullable Map<String, MutualTlsMode> ports) {
	}

	/** Istio's modes of a PeerAuthentication. */
	public enum MutualTlsMode {

		/** Only connections with mutual TLS. */
		STRICT,

		/** Connections with mutual TLS and plain ones. */
		PERMISSIVE,

		/** Only plain connections. */
		DISABLE

	}

	/**
	 * Which calls are allowed. An external authorizer is asked first, then the deny rules
	 * are looked at, then the allow rules, then the default.
	 *
	 * @param default_ what becomes of calls that no rule matches; absent inherits. Where
	 * no level says it, it is {@code deny} if any level has allow rules (also
	 * {@code []}), and {@code allow} otherwise
	 * @param allow calls that are allowed; absent inherits, {@code []} means none, filled
	 * replaces those of the levels above
	 * @param deny calls that are refused, beside those of the levels above
	 * @param audit calls that are marked for the mesh's audit, beside those of the levels
	 * above
	 * @param custom HTTP requests that an external authorizer must let in, too, beside
	 * those of the levels above; replaces those of levels that are {@code overridable}
	 */
	public record Access(@Nullable DefaultAction default_, @Nullable List<AccessRule> allow,
			@Nullable List<AccessRule> deny, @Nullable List<AccessRule> audit, @Nullable Custom custom) {
	}

	/**
	 * HTTP requests that the proxy lets in only if an external authorizer does, too,
	 * whatever the other rules say. Levels that add up name the same one.
	 *
	 * @param provider the authorizer, as each placed Cluster's
	 * {@code externalAuthorizers} names it
	 * @param rules the requests that it is asked about; {@code {}} is every one,
	 * {@code []} adds none. Who calls, and the claims of its token, are not known yet
	 * when it is asked, so {@code from} has addresses only
	 */
	public record Custom(String provider, List<AccessRule> rules) {
	}

	/** What becomes of a call that no rule matches. */
	public enum DefaultAction {

		DENY("deny"), ALLOW("allow");

		private final String text;

		DefaultAction(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** Whether access rules are kept. */
	public enum Mode {

		/** Calls are not refused; the mesh only records what it would have done. */
		OBSERVE("observe"),

		/** Calls are refused. */
		ENFORCE("enforce");

		private final String text;

		Mode(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
