package dev.meshwright.golden;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.meshwright.model.StringMatch;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.security.SecurityPolicySpec;
import dev.meshwright.model.security.SecurityPolicySpec.DefaultAction;
import dev.meshwright.model.security.SecurityPolicySpec.Mode;
import dev.meshwright.model.security.SecurityPolicySpec.MutualTlsMode;

/**
 * Decides calls by what is declared, level by level, as DESIGN says it; knows nothing of
 * how the compiler merges or what it renders.
 *
 * @param levels the policies, the level furthest above first
 * @param cors whether a route answers preflights
 * @param accounts the account of each service that is named
 */
record IntendedAccess(List<SecurityPolicySpec> levels, boolean cors, Map<String, String> accounts) {

	private static final Map<String, String> ISSUERS = Map.of("login", "https://login.example.com", "partner",
			"https://partner.example.com");

	private static final String GATEWAY_NAMESPACE = "istio-ingress";

	boolean allows(Call call) {
		return connects(call) && hasToken(call) && isAuthorized(call)
				&& enforced().stream()
					.flatMap((level) -> or(level.deny()).stream())
					.noneMatch((rule) -> matches(rule, call, true))
				&& (!isDenyDefault() || isAllowed(call));
	}

	/** The authorizers of all levels must agree, but for those that may be overridden. */
	private boolean isAuthorized(Call call) {
		SecurityPolicySpec nearest = null;
		for (SecurityPolicySpec level : this.levels) {
			nearest = asks(level) ? level : nearest;
		}
		for (SecurityPolicySpec level : this.levels) {
			boolean holds = asks(level) && (level == nearest || !Boolean.TRUE.equals(level.overridable()));
			if (holds && call.request().isPresent() && !call.authorizers().contains(level.access().custom().provider())
					&& level.access().custom().rules().stream().anyMatch((rule) -> matches(rule, call, true))) {
				return false;
			}
		}
		return true;
	}

	private static boolean asks(SecurityPolicySpec level) {
		return level.access() != null && level.access().custom() != null;
	}

	private boolean connects(Call call) {
		MutualTlsMode mode = null;
		boolean strict = false;
		for (SecurityPolicySpec level : this.levels) {
			if (level.mutualTLS() == null) {
				continue;
			}
			MutualTlsMode everywhere = level.mutualTLS().mode();
			MutualTlsMode here = (level.mutualTLS().ports() == null) ? null
					: level.mutualTLS().ports().get(call.port());
			for (MutualTlsMode said : new MutualTlsMode[] { everywhere, here }) {
				if (said != null && (!strict || said == MutualTlsMode.STRICT)) {
					mode = said;
				}
			}
			strict |= everywhere == MutualTlsMode.STRICT && !Boolean.TRUE.equals(level.overridable());
		}
		return mode != MutualTlsMode.STRICT || call.principal().isPresent();
	}

	private boolean hasToken(Call call) {
		Set<String> required = new HashSet<>();
		issuers().forEach((issuer, isRequired) -> {
			if (isRequired) {
				required.add(issuer);
			}
		});
		if (required.isEmpty() || call.request().isEmpty()) {
			return true;
		}
		Call.Request request = call.request().get();
		boolean preflight = this.cors && request.method().equals("OPTIONS")
				&& request.headers().containsKey("access-control-request-method");
		return preflight || request.token().filter((token) -> required.contains(token.issuer())).isPresent();
	}

	/** The issuers in force, and whether a token of them is required. */
	private Map<String, Boolean> issuers() {
		Map<String, Boolean> fixed = new TreeMap<>();
		Map<String, Boolean> current = new TreeMap<>();
		for (SecurityPolicySpec level : this.levels) {
			if (level.jwt() == null) {
				continue;
			}
			current = new TreeMap<>(fixed);
			for (JwtIssuer issuer : level.jwt()) {
				boolean required = Boolean.TRUE.equals(issuer.required());
				if (fixed.isEmpty() || (!required && !fixed.containsKey(issuer.issuer()))) {
					current.put(issuer.issuer(), required);
				}
			}
			if (!Boolean.TRUE.equals(level.overridable())) {
				current.forEach((issuer, required) -> {
					if (required) {
						fixed.put(issuer, true);
					}
				});
			}
		}
		return current;
	}

	private List<SecurityPolicySpec.Access> enforced() {
		List<SecurityPolicySpec.Access> enforced = new ArrayList<>();
		for (SecurityPolicySpec level : this.levels) {
			if (level.access() != null && level.mode() != Mode.OBSERVE) {
				enforced.add(level.access());
			}
		}
		return enforced;
	}

	private boolean isDenyDefault() {
		DefaultAction action = null;
		for (SecurityPolicySpec level : this.levels) {
			if (level.access() == null || level.mode() == Mode.OBSERVE) {
				continue;
			}
			DefaultAction own = level.access().default_();
			if (own == null && action == null && level.access().allow() != null) {
				own = DefaultAction.DENY;
			}
			if (own == DefaultAction.DENY && !Boolean.TRUE.equals(level.overridable())) {
				return true;
			}
			action = (own != null) ? own : action;
		}
		return action == DefaultAction.DENY;
	}

	/** A level below a fixed default deny lets nobody in whom it does not know. */
	private boolean isAllowed(Call call) {
		List<AccessRule> rules = List.of();
		DefaultAction action = null;
		boolean fixed = false;
		for (SecurityPolicySpec level : this.levels) {
			if (level.access() == null || level.mode() == Mode.OBSERVE) {
				continue;
			}
			boolean closed = fixed;
			if (level.access().allow() != null) {
				rules = level.access().allow().stream().filter((rule) -> !closed || !isForEveryone(rule)).toList();
			}
			DefaultAction own = level.access().default_();
			if (own == null && action == null && level.access().allow() != null) {
				own = DefaultAction.DENY;
			}
			action = (own != null) ? own : action;
			fixed |= own == DefaultAction.DENY && !Boolean.TRUE.equals(level.overridable());
		}
		return rules.stream().anyMatch((rule) -> matches(rule, call, false));
	}

	private static boolean isForEveryone(AccessRule rule) {
		if (rule.from() == null) {
			return true;
		}
		for (AccessRule.Source source : rule.from()) {
			boolean known = source.services() != null || source.principals() != null || source.gateways() != null
					|| source.namespaces() != null || source.claims() != null || source.notServices() != null
					|| source.notPrincipals() != null || source.notNamespaces() != null;
			boolean located = source.ipBlocks() != null || source.remoteIpBlocks() != null;
			if (!known && !located) {
				return true;
			}
		}
		return false;
	}

	private boolean matches(AccessRule rule, Call call, boolean denies) {
		return (rule.from() == null || rule.from().stream().anyMatch((source) -> matches(source, call, denies)))
				&& (rule.to() == null || rule.to().stream().anyMatch((to) -> matches(to, call)))
				&& or(rule.when()).stream().allMatch((condition) -> matches(condition, call));
	}

	private boolean matches(AccessRule.Source source, Call call, boolean denies) {
		boolean named = source.services() != null || source.principals() != null || source.gateways() != null;
		boolean is = or(source.services()).stream().anyMatch((service) -> is(call, this.accounts.get(service)))
				|| or(source.principals()).stream().anyMatch((principal) -> is(call, principal))
				|| (source.gateways() != null && call.namespace().equals(Optional.of(GATEWAY_NAMESPACE)));
		boolean not = source.notServices() != null || source.notPrincipals() != null || source.notNamespaces() != null;
		if ((named && !is) || (not && !denies && call.principal().isEmpty())) {
			return false;
		}
		if (source.namespaces() != null && call.namespace().filter(source.namespaces()::contains).isEmpty()) {
			return false;
		}
		if (or(source.notServices()).stream().anyMatch((service) -> is(call, this.accounts.get(service)))
				|| or(source.notPrincipals()).stream().anyMatch((principal) -> is(call, principal))
				|| call.namespace().filter(or(source.notNamespaces())::contains).isPresent()) {
			return false;
		}
		return isIn(source.ipBlocks(), call.peer()) && isIn(source.remoteIpBlocks(), call.remote())
				&& (source.notIpBlocks() == null || !isIn(source.notIpBlocks(), call.peer()))
				&& (source.notRemoteIpBlocks() == null || !isIn(source.notRemoteIpBlocks(), call.remote()))
				&& or(source.claims()).stream().allMatch((claim) -> hasClaim(claim, call));
	}

	private static boolean is(Call call, String principal) {
		return call.principal().filter(principal::equals).isPresent();
	}

	/**
	 * Blocks in these tests end at bytes: 10.0.0.0/8, 10.1.0.0/16, 10.1.2.0/24, 10.1.2.3.
	 */
	private static boolean isIn(List<String> blocks, String address) {
		if (blocks == null) {
			return true;
		}
		return blocks.stream().anyMatch((block) -> {
			String[] parts = block.split("/");
			int bytes = (parts.length == 1) ? 4 : Integer.parseInt(parts[1]) / 8;
			return List.of(parts[0].split("\\."))
				.subList(0, bytes)
				.equals(List.of(address.split("\\.")).subList(0, bytes));
		});
	}

	private boolean hasClaim(AccessRule.Claim claim, Call call) {
		String issuer = ISSUERS.get(claim.issuer());
		return issuers().containsKey(issuer) && call.request()
			.flatMap(Call.Request::token)
			.filter((token) -> token.issuer().equals(issuer))
			.filter((token) -> token.groups().stream().anyMatch(claim.values()::contains))
			.isPresent();
	}

	private static boolean matches(AccessRule.Operation to, Call call) {
		if (to.ports() != null && !to.ports().contains(call.port())) {
			return false;
		}
		if (to.hosts() == null && to.methods() == null && to.paths() == null) {
			return true;
		}
		if (call.request().isEmpty()) {
			return false;
		}
		Call.Request request = call.request().get();
		return (to.hosts() == null || to.hosts().contains(request.host().split(":")[0]))
				&& (to.methods() == null || to.methods().contains(request.method()))
				&& (to.paths() == null || to.paths().stream().anyMatch((path) -> matches(path, request.path())));
	}

	private static boolean matches(StringMatch match, String path) {
		if (match.exact() != null) {
			return match.exact().equals(path);
		}
		List<String> segments = segments(match.prefix());
		List<String> actual = List.of(path.substring(1).split("/", -1));
		return actual.size() >= segments.size() && actual.subList(0, segments.size()).equals(segments);
	}

	private static List<String> segments(String prefix) {
		List<String> segments = new ArrayList<>(List.of(prefix.substring(1).split("/", -1)));
		while (!segments.isEmpty() && segments.getLast().isEmpty()) {
			segments.removeLast();
		}
		return segments;
	}

	private static boolean matches(AccessRule.Condition condition, Call call) {
		if (call.request().isEmpty()) {
			return false;
		}
		String value = call.request().get().headers().get(condition.header());
		return (condition.values() != null) ? value != null && condition.values().contains(value)
				: value == null || !condition.notValues().contains(value);
	}

	private static <T> List<T> or(List<T> list) {
		return (list != null) ? list : List.of();
	}

}
