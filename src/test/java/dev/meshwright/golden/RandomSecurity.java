package dev.meshwright.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.meshwright.model.StringMatch;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.AccessRule.Claim;
import dev.meshwright.model.security.AccessRule.Condition;
import dev.meshwright.model.security.AccessRule.Operation;
import dev.meshwright.model.security.AccessRule.Source;
import dev.meshwright.model.security.JwtIssuer;
import dev.meshwright.model.security.SecurityPolicySpec;
import dev.meshwright.model.security.SecurityPolicySpec.Access;
import dev.meshwright.model.security.SecurityPolicySpec.Custom;
import dev.meshwright.model.security.SecurityPolicySpec.DefaultAction;
import dev.meshwright.model.security.SecurityPolicySpec.Mode;
import dev.meshwright.model.security.SecurityPolicySpec.MutualTls;
import dev.meshwright.model.security.SecurityPolicySpec.MutualTlsMode;

/**
 * Random policies and calls from small sets of values that nearly equal each other, so
 * that rules and calls meet often and what is read as a pattern by mistake shows.
 */
final class RandomSecurity {

	static final Map<String, String> ACCOUNTS = Map.of("shop/storefront", "cluster.local/ns/shop/sa/storefront",
			"shop/cart", "cluster.local/ns/shop/sa/cart.v1");

	private static final List<String> SERVICES = List.copyOf(ACCOUNTS.keySet());

	private static final List<String> PRINCIPALS = List.of("cluster.local/ns/shop/sa/storefront",
			"cluster.local/ns/shop/sa/cart.v1", "cluster.local/ns/shop/sa/cart-v1",
			"cluster.local/ns/shop-2/sa/storefront", "other.local/ns/shop/sa/storefront",
			"cluster.local/ns/partner/sa/api", "cluster.local/ns/istio-ingress/sa/ingress");

	private static final List<String> NAMESPACES = List.of("shop", "shop-2", "partner", "istio-ingress");

	private static final List<String> PATHS = List.of("/", "/api", "/api/", "/api/v1", "/apiary", "/a.i", "/axi",
			"/a+i", "/a(i", "/a[i]", "/$a", "/admin", "/admin/users", "/Admin", "/api/*/x", "/api/y/x", "/admin;x");

	private static final List<String> BLOCKS = List.of("10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3");

	private static final List<String> ADDRESSES = List.of("10.1.2.3", "10.1.2.4", "10.1.3.1", "10.2.0.1", "11.0.0.1");

	private static final List<String> METHODS = List.of("GET", "POST", "OPTIONS", "GETX");

	private static final List<String> HOSTS = List.of("shop.example.com", "webapp", "webapp.shop.svc.cluster.local");

	static final List<String> AUTHORIZERS = List.of("oauth2-proxy", "opa");

	private static final Source NONE = new Source(null, null, null, null, null, null, null, null, null, null, null,
			null);

	private static final List<String> GROUPS = List.of("staff", "staffer", "a.b", "aXb");

	private static final List<String> VALUES = List.of("yes", "yesno", "y*s", "yXs");

	private static final Map<String, Integer> PORTS = Map.of("http", 8080, "admin", 8081, "tcp", 9090);

	private final RandomGenerator random;

	RandomSecurity(RandomGenerator random) {
		this.random = random;
	}

	SecurityPolicySpec policy(String service) {
		Map<String, MutualTlsMode> ports = new LinkedHashMap<>();
		if (service != null && chance(0.15)) {
			ports.put(pick(List.copyOf(PORTS.keySet())), chance(0.5) ? MutualTlsMode.STRICT : MutualTlsMode.PERMISSIVE);
		}
		MutualTls mutualTls = chance(0.75) ? new MutualTls(
				chance(0.85) ? MutualTlsMode.STRICT : MutualTlsMode.PERMISSIVE, ports.isEmpty() ? null : ports) : null;
		List<JwtIssuer> jwt = chance(0.4) ? issuers() : null;
		Access access = chance(0.85) ? new Access(
				chance(0.5) ? (chance(0.75) ? DefaultAction.DENY : DefaultAction.ALLOW) : null,
				chance(0.7) ? list(0, 3, () -> rule(false)) : null, chance(0.4) ? list(0, 2, () -> rule(true)) : null,
				chance(0.1) ? list(0, 1, () -> rule(false)) : null, chance(0.25) ? custom() : null) : null;
		return new SecurityPolicySpec(service, mutualTls, jwt, access, chance(0.1) ? Mode.OBSERVE : null,
				chance(0.2) ? Boolean.TRUE : null, null, null);
	}

	private List<JwtIssuer> issuers() {
		List<JwtIssuer> issuers = new ArrayList<>();
		for (String name : List.of("login", "partner")) {
			if (chance(0.6)) {
				issuers.add(new JwtIssuer(name, "https://" + name + ".example.com", null, "{\"keys\": []}", null, null,
						null, null, null, null, null, chance(0.4) ? Boolean.TRUE : null));
			}
		}
		return issuers;
	}

	private AccessRule rule(boolean denies) {
		return new AccessRule(null, chance(0.8) ? list(1, 2, () -> source(denies)) : null,
				chance(0.7) ? list(1, 2, this::operation) : null, chance(0.15) ? list(1, 1, this::condition) : null);
	}

	/** One authorizer mostly, since a proxy asks no second one. */
	private Custom custom() {
		return new Custom(chance(0.95) ? AUTHORIZERS.getFirst() : AUTHORIZERS.getLast(), list(0, 2, this::asked));
	}

	private AccessRule asked() {
		return new AccessRule(null, chance(0.3) ? list(1, 2, this::address) : null,
				chance(0.7) ? list(1, 2, this::operation) : null, chance(0.15) ? list(1, 1, this::condition) : null);
	}

	private Source address() {
		Source source = new Source(null, null, null, null, maybe(0.4, BLOCKS), maybe(0.4, BLOCKS), null, null, null,
				null, maybe(0.2, BLOCKS), maybe(0.2, BLOCKS));
		return source.equals(NONE) ? address() : source;
	}

	private Source source(boolean denies) {
		boolean identity = !denies || chance(0.6);
		Source source = new Source(identity ? maybe(0.3, SERVICES) : null, identity ? maybe(0.3, PRINCIPALS) : null,
				identity && chance(0.15) ? List.of("public") : null, identity ? maybe(0.2, NAMESPACES) : null,
				maybe(0.15, BLOCKS), maybe(0.15, BLOCKS), chance(0.15) ? list(1, 1, this::claim) : null,
				identity ? maybe(0.1, SERVICES) : null, identity ? maybe(0.1, PRINCIPALS) : null,
				identity ? maybe(0.1, NAMESPACES) : null, maybe(0.1, BLOCKS), maybe(0.1, BLOCKS));
		return source.equals(NONE) ? source(denies) : source;
	}

	private Claim claim() {
		return new Claim(pick(List.of("login", "partner")), "groups", list(1, 2, () -> pick(GROUPS)));
	}

	private Operation operation() {
		Operation operation = new Operation(maybe(0.15, HOSTS), maybe(0.4, METHODS.subList(0, 3)),
				chance(0.5) ? list(1, 2, () -> path()) : null, maybe(0.3, List.copyOf(PORTS.keySet())));
		return operation.equals(new Operation(null, null, null, null)) ? operation() : operation;
	}

	private StringMatch path() {
		return chance(0.5) ? StringMatch.exact(pick(PATHS)) : StringMatch.prefix(pick(PATHS));
	}

	private Condition condition() {
		return chance(0.5) ? new Condition("x-beta", list(1, 2, () -> pick(VALUES)), null)
				: new Condition("x-beta", null, list(1, 2, () -> pick(VALUES)));
	}

	Call call() {
		String port = pick(List.of("http", "http", "http", "admin", "tcp"));
		Optional<Call.Request> request = port.equals("tcp") ? Optional.empty() : Optional.of(request());
		return new Call(chance(0.85) ? Optional.of(pick(PRINCIPALS)) : Optional.empty(), pick(ADDRESSES),
				pick(ADDRESSES), port, PORTS.get(port), request,
				chance(0.4) ? Set.of() : chance(0.5) ? Set.copyOf(AUTHORIZERS) : Set.of(pick(AUTHORIZERS)));
	}

	private Call.Request request() {
		Map<String, String> headers = new LinkedHashMap<>();
		if (chance(0.3)) {
			headers.put("x-beta", pick(VALUES));
		}
		if (chance(0.2)) {
			headers.put("access-control-request-method", "GET");
		}
		Optional<Call.Token> token = chance(0.5)
				? Optional.of(new Call.Token("https://" + pick(List.of("login", "partner")) + ".example.com",
						pick(List.of("ann", "bob/x")), list(0, 2, () -> pick(GROUPS))))
				: Optional.empty();
		return new Call.Request(pick(METHODS), pick(HOSTS) + (chance(0.2) ? ":8443" : ""),
				pick(PATHS) + (chance(0.2) ? "/more" : ""), headers, token);
	}

	private List<String> maybe(double chance, List<String> values) {
		return chance(chance) ? list(1, 2, () -> pick(values)) : null;
	}

	private <T> List<T> list(int least, int most, Supplier<T> items) {
		List<T> list = new ArrayList<>();
		int size = this.random.nextInt(least, most + 1);
		while (list.size() < size) {
			list.add(items.get());
		}
		return list;
	}

	private <T> T pick(List<T> values) {
		return values.get(this.random.nextInt(values.size()));
	}

	boolean chance(double probability) {
		return this.random.nextDouble() < probability;
	}

}
