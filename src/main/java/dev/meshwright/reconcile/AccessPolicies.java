package dev.meshwright.reconcile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AuthorizationPolicies, of which those that restrict and those that allow must not
 * change in just any order: a call that one declaration keeps out by what it denies, and
 * the other by what it does not allow, would get in between.
 */
final class AccessPolicies {

	private static final String RULES = "rules";

	private AccessPolicies() {
	}

	/**
	 * The new body, with the old rules where it only allows more: then nothing is allowed
	 * before requests are routed as they will be. Where rules are replaced it cannot be
	 * told what is more and what is less, so the new ones hold at once.
	 */
	static Map<String, Object> tighten(Map<String, Object> body, Map<String, Object> old) {
		if (restricts(body) || restricts(old) || !old.containsKey("spec") || !rules(body).containsAll(rules(old))
				|| rules(body).size() == rules(old).size()) {
			return body;
		}
		Map<String, Object> spec = new LinkedHashMap<>(spec(body));
		if (rules(old).isEmpty()) {
			spec.remove(RULES);
		}
		else {
			spec.put(RULES, rules(old));
		}
		Map<String, Object> tightened = new LinkedHashMap<>(body);
		tightened.put("spec", spec);
		return tightened;
	}

	/** Whether calls that match are kept out, or let in only with another's consent. */
	static boolean restricts(Map<String, Object> body) {
		return !"ALLOW".equals(spec(body).get("action"));
	}

	private static List<?> rules(Map<String, Object> body) {
		return (spec(body).get(RULES) instanceof List<?> rules) ? rules : List.of();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> spec(Map<String, Object> body) {
		return (body.get("spec") instanceof Map<?, ?> spec) ? (Map<String, Object>) spec : Map.of();
	}

}
