package dev.meshwright.provider.istio;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.compile.SecurityModel;
import dev.meshwright.compile.SecurityModel.Access;
import dev.meshwright.compile.SecurityModel.Action;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.KeyedList;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * The one complete set of AuthorizationPolicies of a service: what an external authorizer
 * is asked about, what is denied, what is allowed, what is audited, and what would be if
 * what is observed were enforced.
 *
 * <p>
 * An ALLOW policy is always the set of rules that was declared before or the one that is
 * declared now, and one that only allows more comes in phase break. DENY and CUSTOM
 * policies keep the old rules beside the new ones until then, so that they are tightened
 * first and loosened last.
 */
final class AuthorizationPolicies {

	/** Rules have no name: one differs from another by all that it says. */
	private static final List<KeyedList> WIDENED = List.of(new KeyedList("/spec/rules", "name"));

	private final ServiceModel service;

	private final SecurityModel security;

	private final AuthorizationRules rules;

	private AuthorizationPolicies(ServiceModel service) {
		this.service = service;
		this.security = service.security();
		this.rules = new AuthorizationRules(service);
	}

	static List<Manifest> of(ServiceModel service) {
		return new AuthorizationPolicies(service).manifests();
	}

	private List<Manifest> manifests() {
		List<Manifest> manifests = new ArrayList<>();
		access(this.security.enforced(), "", manifests);
		this.security.observed().ifPresent((observed) -> access(observed, "-observed", manifests));
		List<Map<String, Object>> audit = this.rules.of(this.security.audit(), Action.AUDIT);
		if (!audit.isEmpty()) {
			manifests.add(policy("audit", Action.AUDIT, null, audit));
		}
		this.security.custom().ifPresent((custom) -> {
			List<Map<String, Object>> asked = this.rules.of(custom.rules(), Action.CUSTOM);
			if (!asked.isEmpty()) {
				manifests.add(policy("custom", Action.CUSTOM, custom.provider(), asked));
			}
		});
		if (SecurityObjects.isAmbient(this.service) && this.security.authorizes()) {
			waypoint().ifPresent(manifests::add);
		}
		return manifests;
	}

	private void access(Access access, String suffix, List<Manifest> manifests) {
		List<Map<String, Object>> denied = new ArrayList<>(suffix.isEmpty() ? this.rules.missingTokens() : List.of());
		denied.addAll(this.rules.of(access.deny(), Action.DENY));
		if (!denied.isEmpty()) {
			manifests.add(policy("deny" + suffix, Action.DENY, null, denied));
		}
		if (access.defaultDeny()) {
			manifests.add(policy("allow" + suffix, Action.ALLOW, null, this.rules.of(access.allow(), Action.ALLOW)));
		}
	}

	/**
	 * A policy; an ALLOW policy without rules matches nothing, and so denies everything.
	 */
	private Manifest policy(String name, Action action, @Nullable String provider, List<Map<String, Object>> rules) {
		ObjectRef ref = IstioObjects.ref(ObjectKind.AUTHORIZATION_POLICY, this.service,
				this.service.ref().name() + "-" + name);
		Map<String, Object> body = IstioObjects.body(ref, this.service,
				SecurityObjects.target(this.service)
					.with("action", action.name())
					.with("provider", (provider != null) ? Map.of("name", provider) : null)
					.with("rules", rules));
		return new Manifest(ref, name.endsWith("-observed") ? dry(body) : body, Phase.MAKE,
				action.restricts() ? WIDENED : List.of(), Set.of());
	}

	private static Map<String, Object> dry(Map<String, Object> body) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		((Map<?, ?>) body.get("metadata")).forEach((key, value) -> metadata.put((String) key, value));
		metadata.put("annotations", Map.of("istio.io/dry-run", "true"));
		Map<String, Object> dry = new LinkedHashMap<>(body);
		dry.put("metadata", metadata);
		return dry;
	}

	/**
	 * Lets only the waypoint reach the pods, so that nobody passes by its policies: they
	 * hold there and nowhere else.
	 */
	private Optional<Manifest> waypoint() {
		boolean enforced = !this.security.enforced().isEmpty() || this.security.custom().isPresent()
				|| this.security.jwt().stream().anyMatch((issuer) -> Boolean.TRUE.equals(issuer.required()));
		return this.service.namespace().waypoint().filter((_) -> enforced).map((waypoint) -> {
			ObjectRef ref = IstioObjects.ref(ObjectKind.AUTHORIZATION_POLICY, this.service,
					this.service.ref().name() + "-waypoint");
			String principal = this.service.cluster().trustDomain() + "/ns/" + this.service.ref().namespace() + "/sa/"
					+ waypoint;
			Map<String, Object> source = Map.of("source", Map.of("principals", List.of(principal)));
			return Manifest.make(ref,
					IstioObjects.body(ref, this.service,
							Tree.of("selector", SecurityObjects.pods(this.service))
								.with("action", "ALLOW")
								.with("rules", List.of(Map.of("from", List.of(source))))));
		});
	}

}
