package dev.meshwright.compile;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.meshwright.compile.SecurityModel.Action;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.StringMatch;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.AccessRule.Claim;
import dev.meshwright.model.security.AccessRule.Condition;
import dev.meshwright.model.security.AccessRule.Operation;
import dev.meshwright.model.security.AccessRule.Source;

/** What can be said of an access rule by itself. */
final class AccessRuleChecks {

	private static final Pattern PRINCIPAL = Pattern
		.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/ns/([-a-z0-9]{1,63})/sa/([-a-z0-9.]{1,253})");

	private static final Pattern CLAIM = Pattern.compile("[A-Za-z0-9_][-A-Za-z0-9_.:/]{0,127}");

	/** Claims that every token has and that are numbers. */
	private static final Set<String> NUMERIC = Set.of("exp", "nbf", "iat", "auth_time");

	private static final Pattern NUMBER_OR_BOOLEAN = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?|true|false");

	/**
	 * What the proxy never sees in a path as it stands here: it percent-encodes it, takes
	 * it for a separator, or resolves it.
	 */
	private static final Pattern ENCODED = Pattern.compile("[^\\x21-\\x7e]|[|{}^\"<>`%\\\\?#]");

	private static final Pattern DOTS = Pattern.compile(".*/\\.{1,2}(/.*)?");

	private static final String LITERAL_PATH = "a path as the proxy sees it: without |{}^\"<>`%\\, spaces, //, . and .. "
			+ "segments, and not ending with *; a prefix takes what is below it, too";

	private final Action action;

	/** Checks rules by which this becomes of calls. */
	AccessRuleChecks(Action action) {
		this.action = action;
	}

	void check(AccessRule rule, At at) {
		at.each("from", rule.from(), this::source);
		at.each("to", rule.to(), AccessRuleChecks::operation);
		at.each("when", rule.when(), this::condition);
		if (this.action == Action.DENY && Given.count(rule.from(), rule.to(), rule.when()) == 0) {
			at.report(DiagnosticCode.NOBODY_ALLOWED, "the rule refuses every call");
		}
	}

	private void source(Source source, At at) {
		Values.atLeastOne(at,
				"services, principals, gateways, namespaces, ipBlocks, remoteIpBlocks, claims and not-fields",
				source.services(), source.principals(), source.gateways(), source.namespaces(), source.ipBlocks(),
				source.remoteIpBlocks(), source.claims(), source.notServices(), source.notPrincipals(),
				source.notNamespaces(), source.notIpBlocks(), source.notRemoteIpBlocks());
		references("services", source.services(), at);
		references("notServices", source.notServices(), at);
		at.each("principals", source.principals(), AccessRuleChecks::principal);
		at.each("notPrincipals", source.notPrincipals(), AccessRuleChecks::principal);
		at.each("gateways", source.gateways(), Names::rfc1123);
		at.each("namespaces", source.namespaces(), Names::rfc1123);
		at.each("notNamespaces", source.notNamespaces(), Names::rfc1123);
		at.each("ipBlocks", source.ipBlocks(), Hosts::cidr);
		at.each("remoteIpBlocks", source.remoteIpBlocks(), Hosts::cidr);
		at.each("notIpBlocks", source.notIpBlocks(), Hosts::cidr);
		at.each("notRemoteIpBlocks", source.notRemoteIpBlocks(), Hosts::cidr);
		at.each("claims", source.claims(), AccessRuleChecks::claim);
		AccessContradictions.check(source, at);
		if (this.action == Action.CUSTOM
				&& Given.count(source.services(), source.principals(), source.gateways(), source.namespaces(),
						source.claims(), source.notServices(), source.notPrincipals(), source.notNamespaces()) > 0) {
			at.report(DiagnosticCode.AUTHORIZER_RULE_BY_CALLER, "the rule names who calls or claims of a token");
		}
		if (source.claims() != null && source.claims().stream().map(Claim::issuer).distinct().count() > 1) {
			at.at("claims")
				.report(DiagnosticCode.EXCLUSIVE_FIELDS, "the claims are of several issuers, and a token is of one",
						"claims of one issuer, and one source for each issuer");
		}
		if (source.gateways() != null && (source.ipBlocks() != null || source.notIpBlocks() != null)) {
			at.at((source.ipBlocks() != null) ? "ipBlocks" : "notIpBlocks")
				.report(DiagnosticCode.ADDRESS_OF_GATEWAY, "the source names gateways and addresses of peers");
		}
	}

	private static void references(String field, @org.jspecify.annotations.Nullable List<String> services, At at) {
		at.each(field, services, (text, place) -> {
			if (!Declarations.isReference(ServiceRef.parse(text, "home"))) {
				place.report(DiagnosticCode.INVALID_REFERENCE, "'" + text + "' names no service");
			}
		});
	}

	static boolean isPrincipal(String principal) {
		return PRINCIPAL.matcher(principal).matches();
	}

	private static void principal(String principal, At at) {
		if (!isPrincipal(principal)) {
			at.report(DiagnosticCode.INVALID_VALUE, "'" + principal + "' is no principal",
					"<trust domain>/ns/<namespace>/sa/<account>, without spiffe:// and without *");
		}
	}

	static boolean isClaim(String claim) {
		return CLAIM.matcher(claim).matches();
	}

	private static void claim(Claim claim, At at) {
		if (!isClaim(claim.claim())) {
			at.at("claim")
				.report(DiagnosticCode.INVALID_VALUE, "'" + claim.claim() + "' is no claim", "the name of a claim");
		}
		if (NUMERIC.contains(claim.claim())) {
			at.at("claim")
				.report(DiagnosticCode.INVALID_VALUE, "the claim " + claim.claim() + " is a number",
						"a claim that is a text or a list of texts");
		}
		at.each("values", claim.values(), (value, place) -> {
			literal(value, place);
			if (NUMBER_OR_BOOLEAN.matcher(value).matches()) {
				place.report(DiagnosticCode.INVALID_VALUE,
						"'" + value + "' reads like a number or boolean, which the mesh does not compare",
						"a claim that is a text or a list of texts");
			}
		});
	}

	/** What is called, by itself. */
	static void operation(Operation operation, At at) {
		Values.atLeastOne(at, "hosts, methods, paths and ports", operation.hosts(), operation.methods(),
				operation.paths(), operation.ports());
		at.each("hosts", operation.hosts(), (host, place) -> {
			if (Hosts.isWildcard(host) || !Hosts.isDns(host)) {
				place.report(DiagnosticCode.INVALID_HOST, "'" + host + "' is no host that can be compared exactly");
			}
		});
		at.each("methods", operation.methods(), HttpMatchChecks::method);
		at.each("paths", operation.paths(), AccessRuleChecks::path);
		at.each("ports", operation.ports(), Names::rfc1123);
	}

	private static void path(StringMatch path, At at) {
		HttpMatchChecks.text(path, at);
		at.given("exact", path.exact(), AccessRuleChecks::literalPath);
		at.given("prefix", path.prefix(), AccessRuleChecks::literalPath);
	}

	private static void literalPath(String path, At at) {
		if (!path.startsWith("/")) {
			at.report(DiagnosticCode.INVALID_PATH, "'" + path + "' is no path", "a path that starts with /");
		}
		else if (path.endsWith("*") || path.contains("//") || ENCODED.matcher(path).find()
				|| DOTS.matcher(path).matches()) {
			at.report(DiagnosticCode.LITERAL_NOT_KEPT, "'" + path + "' is never seen so, or read as a pattern",
					LITERAL_PATH);
		}
	}

	private void condition(Condition condition, At at) {
		HeaderChecks.name(condition.header(), at.at("header"));
		boolean sound = Values.exactlyOne(at, "values and notValues", condition.values(), condition.notValues());
		at.each("values", condition.values(), AccessRuleChecks::literal);
		at.each("notValues", condition.notValues(), AccessRuleChecks::literal);
		if (sound && this.action.restricts() == (condition.values() != null)) {
			at.report(DiagnosticCode.HEADER_VALUES_CAN_BE_JOINED,
					"header " + condition.header() + " sent twice is compared as one text with a comma");
		}
	}

	private static void literal(String value, At at) {
		boolean printable = value.chars().allMatch((character) -> character >= ' ' && character != 127);
		if (value.isEmpty() || value.startsWith("*") || value.endsWith("*") || !printable
				|| !value.strip().equals(value)) {
			at.report(DiagnosticCode.LITERAL_NOT_KEPT, "'" + value + "' is not compared literally",
					"a text that neither begins nor ends with * or a space");
		}
	}

}
