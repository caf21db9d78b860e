package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.meshwright.compile.MergedSecurity.Access;
import dev.meshwright.compile.MergedSecurity.Custom;
import dev.meshwright.compile.MergedSecurity.Network;
import dev.meshwright.compile.MergedSecurity.Weakening;
import dev.meshwright.model.Resource;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.security.NetworkRules;
import dev.meshwright.model.security.NetworkRules.Peers;
import dev.meshwright.model.security.PolicyRule;
import dev.meshwright.model.security.SecurityPolicySpec;
import dev.meshwright.model.security.SecurityPolicySpec.DefaultAction;
import dev.meshwright.model.security.SecurityPolicySpec.Mode;
import dev.meshwright.model.security.SecurityPolicySpec.MutualTlsMode;
import org.jspecify.annotations.Nullable;

/**
 * Merges the security policies of the levels. Fields override downwards, allow lists
 * replace, deny, audit and custom rules add up, and what a level makes tight stays so
 * below, unless it is overridable: default deny, STRICT, required tokens and their
 * issuers. A looser thing below is left out and noted. Pure; used once.
 */
final class SecurityMerge {

	private final List<Resource<SecurityPolicySpec>> levels;

	private final Set<Weakening> weakenings = new LinkedHashSet<>();

	private SecurityMerge(List<Resource<SecurityPolicySpec>> levels) {
		this.levels = levels;
	}

	/**
	 * Merges policies.
	 * @param levels the policies that hold for a service, the level furthest above first
	 */
	static MergedSecurity of(List<Resource<SecurityPolicySpec>> levels) {
		return new SecurityMerge(levels).merge();
	}

	private MergedSecurity merge() {
		SortedMap<String, Said<MutualTlsMode>> ports = new TreeMap<>();
		Optional<Said<MutualTlsMode>> mutualTls = mutualTls(ports);
		List<Said<JwtIssuer>> jwt = jwt();
		Access enforced = access(this.levels.stream().filter((level) -> !observes(level)).toList());
		Optional<Access> observed = this.levels.stream().anyMatch(SecurityMerge::observes)
				? Optional.of(access(this.levels)) : Optional.empty();
		List<Said<AccessRule>> audit = new ArrayList<>();
		for (Resource<SecurityPolicySpec> level : this.levels) {
			if (level.spec().access() != null) {
				audit.addAll(items(level, "/access/audit", level.spec().access().audit()));
			}
		}
		return new MergedSecurity(mutualTls, ports, jwt, enforced, observed, audit, custom(), network(), rbac(),
				List.copyOf(this.weakenings));
	}

	private static boolean observes(Resource<SecurityPolicySpec> level) {
		return level.spec().access() != null && level.spec().mode() == Mode.OBSERVE;
	}

	private Optional<Said<MutualTlsMode>> mutualTls(SortedMap<String, Said<MutualTlsMode>> ports) {
		@Nullable Said<MutualTlsMode> mode = null;
		@Nullable Said<String> strict = null;
		for (Resource<SecurityPolicySpec> level : this.levels) {
			SecurityPolicySpec.MutualTls declared = level.spec().mutualTLS();
			if (declared == null) {
				continue;
			}
			if (declared.mode() != null) {
				Said<MutualTlsMode> said = said(level, "/mutualTLS/mode", declared.mode());
				if (strict == null || declared.mode() == MutualTlsMode.STRICT) {
					mode = said;
				}
				else {
					weakens(level, "/mutualTLS/mode", "mutual TLS " + declared.mode(), strict);
				}
			}
			for (var port : Given.map(declared.ports()).entrySet()) {
				String pointer = "/mutualTLS/ports/" + port.getKey();
				if (strict == null || port.getValue() == MutualTlsMode.STRICT) {
					ports.put(port.getKey(), said(level, pointer, port.getValue()));
				}
				else {
					weakens(level, pointer, "mutual TLS " + port.getValue(), strict);
				}
			}
			if (strict == null && declared.mode() == MutualTlsMode.STRICT && binds(level)) {
				strict = said(level, "/mutualTLS/mode", "mutual TLS STRICT");
			}
		}
		return Optional.ofNullable(mode);
	}

	private List<Said<JwtIssuer>> jwt() {
		List<Said<JwtIssuer>> merged = List.of();
		List<Said<JwtIssuer>> bound = new ArrayList<>();
		for (Resource<SecurityPolicySpec> level : this.levels) {
			if (level.spec().jwt() == null) {
				continue;
			}
			List<Said<JwtIssuer>> declared = items(level, "/jwt", level.spec().jwt());
			List<Said<JwtIssuer>> next = new ArrayList<>(bound);
			if (declared.isEmpty() && !bound.isEmpty()) {
				weakens(level, "/jwt", "no token", required(bound.getFirst()));
			}
			for (Said<JwtIssuer> entry : declared) {
				Optional<Said<JwtIssuer>> above = bound.stream()
					.filter((other) -> other.value().issuer().equals(entry.value().issuer())
							|| other.value().name().equals(entry.value().name()))
					.findFirst();
				if (above.isPresent()) {
					if (!above.get().value().equals(entry.value())) {
						this.weakenings.add(new Weakening(another(entry), required(above.get())));
					}
				}
				else if (!bound.isEmpty() && isRequired(entry)) {
					this.weakenings.add(new Weakening(another(entry), required(bound.getFirst())));
				}
				else {
					next.add(entry);
				}
			}
			merged = next;
			if (binds(level)) {
				next.stream()
					.filter((entry) -> entry.resource().equals(level.id()) && isRequired(entry))
					.forEach(bound::add);
			}
		}
		return merged;
	}

	private static boolean isRequired(Said<JwtIssuer> entry) {
		return Boolean.TRUE.equals(entry.value().required());
	}

	private static Said<String> another(Said<JwtIssuer> entry) {
		return new Said<>("tokens of " + entry.value().issuer() + " as '" + entry.value().name() + "'",
				entry.resource(), entry.pointer());
	}

	private static Said<String> required(Said<JwtIssuer> entry) {
		return new Said<>("a required token of " + entry.value().issuer() + " as '" + entry.value().name() + "'",
				entry.resource(), entry.pointer());
	}

	private Access access(List<Resource<SecurityPolicySpec>> from) {
		@Nullable Said<DefaultAction> action = null;
		@Nullable Said<String> bound = null;
		List<Said<AccessRule>> allow = List.of();
		List<Said<AccessRule>> deny = new ArrayList<>();
		for (Resource<SecurityPolicySpec> level : from) {
			SecurityPolicySpec.Access declared = level.spec().access();
			if (declared == null) {
				continue;
			}
			@Nullable Said<DefaultAction> own = (declared.default_() != null)
					? said(level, "/access/default", declared.default_()) : (action == null && declared.allow() != null)
							? said(level, "/access/allow", DefaultAction.DENY) : null;
			if (own != null && bound != null && own.value() == DefaultAction.ALLOW) {
				weakens(level, "/access/default", "default allow", bound);
			}
			else if (own != null) {
				action = own;
			}
			if (declared.allow() != null) {
				allow = allowed(items(level, "/access/allow", declared.allow()), bound);
			}
			deny.addAll(items(level, "/access/deny", declared.deny()));
			if (bound == null && own != null && own.value() == DefaultAction.DENY && binds(level)) {
				bound = new Said<>("default deny", own.resource(), own.pointer());
			}
		}
		return new Access(Optional.ofNullable(action), allow, deny);
	}

	private List<Said<AccessRule>> allowed(List<Said<AccessRule>> rules, @Nullable Said<String> bound) {
		if (bound == null) {
			return rules;
		}
		List<Said<AccessRule>> kept = new ArrayList<>();
		for (Said<AccessRule> rule : rules) {
			if (Everyone.isMatchedBy(rule.value())) {
				this.weakenings.add(new Weakening(
						new Said<>("an allow rule for everyone", rule.resource(), rule.pointer()), bound));
			}
			else {
				kept.add(rule);
			}
		}
		return kept;
	}

	/**
	 * What binds stays; what is overridable gives way to a level below that says it, too.
	 */
	private Optional<Custom> custom() {
		List<Resource<SecurityPolicySpec>> saying = new ArrayList<>();
		for (Resource<SecurityPolicySpec> level : this.levels) {
			if (level.spec().access() != null && level.spec().access().custom() != null && !observes(level)) {
				saying.removeIf((above) -> !binds(above));
				saying.add(level);
			}
		}
		List<Said<String>> providers = new ArrayList<>();
		List<Said<AccessRule>> rules = new ArrayList<>();
		for (Resource<SecurityPolicySpec> level : saying) {
			SecurityPolicySpec.Custom declared = Objects
				.requireNonNull(Objects.requireNonNull(level.spec().access()).custom());
			providers.add(said(level, "/access/custom/provider", declared.provider()));
			rules.addAll(items(level, "/access/custom/rules", declared.rules()));
		}
		return providers.isEmpty() ? Optional.empty() : Optional.of(new Custom(providers, rules));
	}

	private Optional<Network> network() {
		@Nullable Network merged = null;
		for (Resource<SecurityPolicySpec> level : this.levels) {
			NetworkRules declared = level.spec().networkPolicy();
			if (declared != null) {
				Said<Boolean> origin = (merged != null) ? merged.origin() : said(level, "/networkPolicy", Boolean.TRUE);
				List<Said<Peers>> ingress = (declared.ingress() != null || merged == null)
						? items(level, "/networkPolicy/ingress", declared.ingress()) : merged.ingress();
				Optional<List<Said<Peers>>> egress = (declared.egress() != null)
						? Optional.of(items(level, "/networkPolicy/egress", declared.egress()))
						: (merged != null) ? merged.egress() : Optional.empty();
				merged = new Network(origin, ingress, egress);
			}
		}
		return Optional.ofNullable(merged);
	}

	/**
	 * The nearest level's list, as allow rules: it may be less, and more within bounds.
	 */
	private List<Said<PolicyRule>> rbac() {
		List<Said<PolicyRule>> rules = List.of();
		for (Resource<SecurityPolicySpec> level : this.levels) {
			if (level.spec().rbac() != null) {
				rules = items(level, "/rbac", level.spec().rbac());
			}
		}
		return rules;
	}

	private static boolean binds(Resource<SecurityPolicySpec> level) {
		return !Boolean.TRUE.equals(level.spec().overridable());
	}

	private void weakens(Resource<SecurityPolicySpec> level, String field, String what, Said<String> above) {
		this.weakenings.add(new Weakening(said(level, field, what), above));
	}

	private static <T> Said<T> said(Resource<SecurityPolicySpec> level, String field, T value) {
		return new Said<>(value, level.id(), "/spec" + field);
	}

	private static <T> List<Said<T>> items(Resource<SecurityPolicySpec> level, String field, @Nullable List<T> items) {
		List<Said<T>> said = new ArrayList<>();
		for (T item : Given.list(items)) {
			said.add(said(level, field + "/" + said.size(), item));
		}
		return said;
	}

}
