package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.meshwright.compile.Objection;
import dev.meshwright.model.Diagnostic.Severity;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class ServiceChecksTest {

	private static final String GATEWAY_API = "{api: gatewayApi, gatewayClass: edge}";

	private static final String INGRESS = "api: ingress";

	static Stream<Arguments> refusals() {
		return Stream.of(
				service("no class", "api: gatewayApi", ExposureTest.PLAIN, "/spec/exposure/gateway", "gatewayClass"),
				service("no port", "{api: gatewayApi, gatewayClass: edge, ports: [{port: 443, protocol: HTTPS}]}",
						ExposureTest.PLAIN, "/spec/exposure/gateway", "has no port"),
				service("passthrough", GATEWAY_API, tls("mode: PASSTHROUGH"), "/spec/exposure/tls/mode", "PASSTHROUGH"),
				service("client certificates", INGRESS, tls("credentialName: c, mode: MUTUAL, httpsRedirect: false"),
						"/spec/exposure/tls/mode", "MUTUAL"),
				service("lowest TLS version", GATEWAY_API, tls("credentialName: c, minProtocolVersion: TLSV1_3"),
						"/spec/exposure/tls/minProtocolVersion", "lowest TLS version"),
				service("too many hosts", GATEWAY_API,
						ExposureTest.WEBAPP + "exposure: {gateway: public, hosts: [" + repeat(17, "h%d.example.com")
								+ "]}",
						"/spec/exposure/hosts", "16 hosts"),
				service("too many pairs of host and port",
						"{api: gatewayApi, gatewayClass: edge, ports: [" + repeat(3, "{port: 808%d, protocol: HTTP}")
								+ "]}",
						ExposureTest.WEBAPP + "exposure: {gateway: public, hosts: [" + repeat(16, "h%d.example.com")
								+ "]}",
						"/spec/exposure/hosts", "32 pairs"),
				service("an external service", GATEWAY_API, """
						ports: [{name: http, port: 80, protocol: HTTP}]
						external: {hosts: [api.example.org]}
						exposure: {hosts: [shop.example.com], gateway: public}
						""", "/spec/exposure", "external service"),
				rule("another namespace", GATEWAY_API, "split: [{service: cart/cart}]", "", "another namespace"),
				rule("an external target", INGRESS, "split: [{service: outside}]", "", "external service"),
				rule("a version of another service", GATEWAY_API, "split: [{service: cart, version: v1}]", "",
						"version of another service"),
				rule("a mirror elsewhere", GATEWAY_API, "mirror: [{service: cart/cart}]", "", "another namespace"),
				rule("a split on Ingress", INGRESS, "split: [{version: v1}, {version: v2}]", "/split", "single target"),
				rule("a header on Ingress", INGRESS, "match: [{headers: {a: {exact: b}}}]", "/match", "exact path"),
				rule("an expression on Ingress", INGRESS, "match: [{path: {regex: /a.*}}]", "/match", "exact path"),
				rule("a strange method", GATEWAY_API, "match: [{method: PURGE}]", "/match", "PURGE"),
				rule("a path with dots", GATEWAY_API, "match: [{path: {prefix: /a/../b}}]", "/match", "/a/../b"),
				rule("a path with a space", GATEWAY_API, "match: [{path: {exact: /a b}}]", "/match", "/a b"),
				rule("a parameter that is no token", GATEWAY_API, "match: [{query: {'a[]': {exact: b}}}]", "/match",
						"a[]"),
				rule("an empty header", GATEWAY_API, "match: [{headers: {a: {exact: ''}}}]", "/match", "empty value"),
				rule("too many alternatives", GATEWAY_API, "match: [" + repeat(65, "{path: {exact: /%d}}") + "]",
						"/match", "64"),
				rule("too many targets", GATEWAY_API, "split: [" + repeat(17, "{service: s%d}") + "]", "/split", "16"),
				rule("too many rewritten matches", GATEWAY_API,
						"rewrite: {uri: /x}, match: [" + repeat(17, "{path: {exact: /%d}}") + "]", "", "17 rules"),
				rule("a prefix that is not matched", GATEWAY_API,
						"redirect: {prefixRewrite: /b}, match: [{path: {exact: /a}}]", "/redirect/prefixRewrite",
						"does not match by prefix"),
				rule("a redirect to host and port", GATEWAY_API, "redirect: {authority: 'a:80'}", "/redirect/authority",
						"a:80"),
				rule("a rewrite to host and port", GATEWAY_API, "rewrite: {authority: 'a:80'}", "/rewrite/authority",
						"a:80"));
	}

	private static Arguments service(String name, String gateway, String spec, String pointer, String message) {
		return Arguments.argumentSet(name, gateway, spec, "service: webapp", "", pointer, message);
	}

	private static Arguments rule(String name, String gateway, String rule, String pointer, String message) {
		return Arguments.argumentSet(name, gateway, ExposureTest.PLAIN,
				"service: webapp\nrules: [{name: it, " + rule + "}]", "it", pointer, message);
	}

	private static String tls(String fields) {
		return ExposureTest.WEBAPP + "exposure: {hosts: [shop.example.com], gateway: public, tls: {" + fields + "}}";
	}

	private static String repeat(int times, String format) {
		return IntStream.range(0, times)
			.mapToObj((index) -> format.replace("%d", Integer.toString(index)))
			.collect(Collectors.joining(", "));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void refusesWhatTheGatewayCannotSay(String gateway, String spec, String policy, String rule, String pointer,
			String message) {
		assertThat(check(gateway, spec, policy)).singleElement().satisfies((objection) -> {
			assertThat(objection.severity()).isEqualTo(Severity.ERROR);
			assertThat(objection.code()).hasToString("NOT_EXPRESSIBLE_AT_GATEWAY");
			assertThat(objection.rule().orElse("")).isEqualTo(rule);
			assertThat(objection.pointer()).isEqualTo(pointer);
			assertThat(objection.message()).contains(message);
			assertThat(objection.remedy()).isNotBlank();
		});
	}

	@Test
	void refusesAnOrderThatIsNotKept() {
		assertThat(check(GATEWAY_API, ExposureTest.PLAIN, """
				service: webapp
				rules:
				  - {name: beta, match: [{headers: {x-beta: {exact: "yes"}}}], split: [{version: v2}]}
				  - {name: api, match: [{path: {prefix: /api}}], split: [{version: v1}]}
				  - {name: default}
				""")).singleElement().satisfies((objection) -> {
			assertThat(objection.code()).hasToString("RULE_ORDER_NOT_KEPT");
			assertThat(objection.rule()).contains("api");
			assertThat(objection.message()).contains("rule api would take requests that the order gives to rule beta");
		});
	}

	@Test
	void warnsThatIngressCannotRedirect() {
		assertThat(check(INGRESS, tls("credentialName: c"), "service: webapp")).singleElement()
			.satisfies((objection) -> assertThat(objection.severity()).isEqualTo(Severity.WARNING));
	}

	@Test
	void hasNothingAgainstWhatCanBeSaid() {
		assertThat(check(GATEWAY_API, ExposureTest.SECURE, ExposureTest.RULES)).isEmpty();
		assertThat(check(INGRESS, ExposureTest.PLAIN, "service: webapp")).isEmpty();
		assertThat(check("{api: istio, namespace: istio-ingress}", tls("mode: PASSTHROUGH"), "service: webapp"))
			.isEmpty();
	}

	private static List<Objection> check(String gateway, String spec, String policy) {
		String entry = gateway.startsWith("{") ? gateway.substring(1, gateway.length() - 1) : gateway;
		return new KubernetesRenderer().check(Models.on(Mesh.NONE).gateway(flowToBlock(entry)).service(spec, policy));
	}

	/** Turns {@code a: b, c: [...]} into lines, so that it can follow other fields. */
	private static String flowToBlock(String fields) {
		return fields.replaceFirst(", gatewayClass", "\ngatewayClass")
			.replaceFirst(", ports", "\nports")
			.replaceFirst(", namespace", "\nnamespace");
	}

}
