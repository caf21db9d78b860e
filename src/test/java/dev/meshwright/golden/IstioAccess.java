package dev.meshwright.golden;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;

/**
 * Decides calls by rendered objects under the rules that Istio documents for them: mutual
 * TLS first, then the DENY policies, then the ALLOW policies if there are any. Texts are
 * compared exactly, by prefix ({@code abc*}), by suffix ({@code *abc}) or by presence
 * ({@code *}). On plain TCP an ALLOW rule with HTTP fields never matches, and a DENY rule
 * matches without them.
 */
final class IstioAccess {

	private final Optional<Map<?, ?>> peerAuthentication;

	private final List<String> issuers = new ArrayList<>();

	private final List<Map<?, ?>> deny = new ArrayList<>();

	private final List<Map<?, ?>> allow = new ArrayList<>();

	private final Map<Map<?, ?>, String> custom = new LinkedHashMap<>();

	private boolean allowsOnlyWhatMatches;

	IstioAccess(Collection<Manifest> manifests) {
		this.peerAuthentication = manifests.stream()
			.filter((manifest) -> manifest.ref().kind() == ObjectKind.PEER_AUTHENTICATION)
			.<Map<?, ?>>map((manifest) -> map(manifest.body().get("spec")))
			.findFirst();
		for (Manifest manifest : manifests) {
			Map<?, ?> spec = manifest.body().get("spec") instanceof Map<?, ?> map ? map : Map.of();
			if (manifest.ref().kind() == ObjectKind.REQUEST_AUTHENTICATION) {
				list(spec.get("jwtRules")).forEach((rule) -> this.issuers.add((String) map(rule).get("issuer")));
			}
			if (manifest.ref().kind() == ObjectKind.AUTHORIZATION_POLICY && !isDry(manifest)) {
				policy(spec);
			}
		}
	}

	private static boolean isDry(Manifest manifest) {
		Object annotations = map(manifest.body().get("metadata")).get("annotations");
		return annotations != null && "true".equals(map(annotations).get("istio.io/dry-run"));
	}

	private void policy(Map<?, ?> spec) {
		Object action = spec.get("action");
		List<?> rules = list(spec.get("rules"));
		if ("DENY".equals(action)) {
			rules.forEach((rule) -> this.deny.add(map(rule)));
		}
		else if ("ALLOW".equals(action)) {
			this.allowsOnlyWhatMatches = true;
			rules.forEach((rule) -> this.allow.add(map(rule)));
		}
		else if ("CUSTOM".equals(action)) {
			rules.forEach((rule) -> this.custom.put(map(rule), (String) map(spec.get("provider")).get("name")));
		}
		else if (!"AUDIT".equals(action)) {
			throw new IllegalArgumentException("unknown action " + action);
		}
	}

	boolean allows(Call call) {
		return connects(call)
				&& this.custom.entrySet()
					.stream()
					.allMatch((rule) -> call.authorizers().contains(rule.getValue())
							|| !matches(rule.getKey(), call, true))
				&& this.deny.stream().noneMatch((rule) -> matches(rule, call, true))
				&& (!this.allowsOnlyWhatMatches || this.allow.stream().anyMatch((rule) -> matches(rule, call, false)));
	}

	private boolean connects(Call call) {
		if (this.peerAuthentication.isEmpty()) {
			return true;
		}
		Map<?, ?> spec = this.peerAuthentication.get();
		Object port = map(spec.get("portLevelMtls")).get(Integer.toString(call.podPort()));
		Object mode = map((port != null) ? port : spec.get("mtls")).get("mode");
		return !"STRICT".equals(mode) || call.principal().isPresent();
	}

	private boolean matches(Map<?, ?> rule, Call call, boolean denies) {
		List<?> from = list(rule.get("from"));
		List<?> to = list(rule.get("to"));
		return (from.isEmpty()
				|| from.stream().anyMatch((source) -> source(map(map(source).get("source")), call, denies)))
				&& (to.isEmpty() || to.stream()
					.anyMatch((operation) -> operation(map(map(operation).get("operation")), call, denies)))
				&& list(rule.get("when")).stream().allMatch((condition) -> condition(map(condition), call, denies));
	}

	private boolean source(Map<?, ?> source, Call call, boolean denies) {
		for (Map.Entry<?, ?> field : source.entrySet()) {
			String name = (String) field.getKey();
			List<?> values = list(field.getValue());
			boolean holds = switch (name) {
				case "principals" -> any(values, call.principal());
				case "notPrincipals" -> !any(values, call.principal());
				case "namespaces" -> any(values, call.namespace());
				case "notNamespaces" -> !any(values, call.namespace());
				case "ipBlocks" -> inBlocks(values, call.peer());
				case "notIpBlocks" -> !inBlocks(values, call.peer());
				case "remoteIpBlocks" -> inBlocks(values, call.remote());
				case "notRemoteIpBlocks" -> !inBlocks(values, call.remote());
				case "requestPrincipals" -> call.request().isPresent() ? any(values, requestPrincipal(call)) : denies;
				case "notRequestPrincipals" ->
					call.request().isPresent() ? !any(values, requestPrincipal(call)) : denies;
				default -> throw new IllegalArgumentException("unknown field " + name);
			};
			if (!holds) {
				return false;
			}
		}
		return true;
	}

	private Optional<Call.Token> verified(Call call) {
		return call.request().flatMap(Call.Request::token).filter((token) -> this.issuers.contains(token.issuer()));
	}

	private Optional<String> requestPrincipal(Call call) {
		return verified(call).map((token) -> token.issuer() + "/" + token.subject());
	}

	private static boolean operation(Map<?, ?> operation, Call call, boolean denies) {
		for (Map.Entry<?, ?> field : operation.entrySet()) {
			String name = (String) field.getKey();
			List<?> values = list(field.getValue());
			boolean holds;
			if (name.equals("ports")) {
				holds = values.contains(Integer.toString(call.podPort()));
			}
			else if (call.request().isEmpty()) {
				holds = denies;
			}
			else {
				Call.Request request = call.request().get();
				holds = switch (name) {
					case "hosts" -> any(values, Optional.of(request.host().toLowerCase(Locale.ROOT)));
					case "methods" -> any(values, Optional.of(request.method()));
					case "notMethods" -> !any(values, Optional.of(request.method()));
					case "paths" -> any(values, Optional.of(request.path()));
					default -> throw new IllegalArgumentException("unknown field " + name);
				};
			}
			if (!holds) {
				return false;
			}
		}
		return true;
	}

	private boolean condition(Map<?, ?> condition, Call call, boolean denies) {
		if (call.request().isEmpty()) {
			return denies;
		}
		String key = (String) condition.get("key");
		List<String> actual = new ArrayList<>();
		String name = key.substring(key.indexOf('[') + 1, key.length() - 1);
		if (key.startsWith("request.headers[")) {
			Optional.ofNullable(call.request().get().headers().get(name)).ifPresent(actual::add);
		}
		else if (key.equals("request.auth.claims[groups]")) {
			verified(call).ifPresent((token) -> actual.addAll(token.groups()));
		}
		else {
			throw new IllegalArgumentException("unknown key " + key);
		}
		List<?> values = list(condition.get("values"));
		List<?> notValues = list(condition.get("notValues"));
		return (values.isEmpty() || actual.stream().anyMatch((text) -> any(values, Optional.of(text))))
				&& (notValues.isEmpty() || actual.stream().noneMatch((text) -> any(notValues, Optional.of(text))));
	}

	private static boolean any(List<?> patterns, Optional<String> text) {
		return text.filter((actual) -> patterns.stream().anyMatch((pattern) -> matches((String) pattern, actual)))
			.isPresent();
	}

	private static boolean matches(String pattern, String text) {
		if (pattern.equals("*")) {
			return !text.isEmpty();
		}
		if (pattern.startsWith("*")) {
			return text.endsWith(pattern.substring(1));
		}
		return pattern.endsWith("*") ? text.startsWith(pattern.substring(0, pattern.length() - 1))
				: text.equals(pattern);
	}

	private static boolean inBlocks(List<?> blocks, String address) {
		return blocks.stream().anyMatch((block) -> inBlock((String) block, address));
	}

	private static boolean inBlock(String block, String address) {
		String[] parts = block.split("/");
		int length = (parts.length == 1) ? 32 : Integer.parseInt(parts[1]);
		return number(parts[0]).shiftRight(32 - length).equals(number(address).shiftRight(32 - length));
	}

	private static BigInteger number(String address) {
		try {
			return new BigInteger(1, InetAddress.getByName(address).getAddress());
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(address, ex);
		}
	}

	private static Map<?, ?> map(Object value) {
		return (value != null) ? (Map<?, ?>) value : Map.of();
	}

	private static List<?> list(Object value) {
		return (value != null) ? (List<?>) value : List.of();
	}

}
