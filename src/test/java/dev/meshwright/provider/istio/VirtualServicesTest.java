package dev.meshwright.provider.istio;

import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class VirtualServicesTest {

	private static final String ROUTE = "\"route\":[{\"destination\":{\"host\":\"" + Given.HOST + "\"}}],"
			+ "\"retries\":{\"attempts\":0}";

	@Test
	void nothingDeclaredRoutesNothing() {
		assertThat(new Given().rendered(ObjectKind.VIRTUAL_SERVICE, "webapp")).isEmpty();
	}

	@Test
	void prefixIsBySegment() {
		assertThat(new Given().rule("a", "{match: [{path: {prefix: /v2/}}]}").http("webapp"))
			.isEqualTo("[{\"name\":\"a\",\"match\":[{\"uri\":{\"exact\":\"/v2\"}},{\"uri\":{\"prefix\":\"/v2/\"}}],"
					+ ROUTE + "}]");
	}

	@Test
	void rootPrefixIsOneAlternative() {
		assertThat(new Given().rule("a", "{match: [{path: {prefix: /}}]}").http("webapp"))
			.contains("\"match\":[{\"uri\":{\"prefix\":\"/\"}}]");
	}

	@Test
	void replacingAPrefixNeverDoublesSlashes() {
		assertThat(new Given().rule("a", "{match: [{path: {prefix: /v2}}], rewrite: {uri: /new}}").http("webapp"))
			.isEqualTo("[{\"name\":\"a.1\",\"match\":[{\"uri\":{\"exact\":\"/v2\"}}],\"rewrite\":{\"uri\":\"/new\"},"
					+ ROUTE + "},{\"name\":\"a.2\",\"match\":[{\"uri\":{\"prefix\":\"/v2/\"}}],"
					+ "\"rewrite\":{\"uri\":\"/new/\"}," + ROUTE + "}]");
		assertThat(new Given().rule("a", "{match: [{path: {prefix: /v2}}], rewrite: {uri: /}}").http("webapp"))
			.contains("\"exact\":\"/v2\"}}],\"rewrite\":{\"uri\":\"/\"}")
			.contains("\"prefix\":\"/v2/\"}}],\"rewrite\":{\"uri\":\"/\"}");
	}

	@Test
	void theFirstAlternativeThatHoldsDecidesTheRewrite() {
		String http = new Given()
			.rule("a", "{match: [{path: {prefix: /a}}, {path: {exact: /a/b}}], rewrite: {uri: /n}}")
			.http("webapp");
		assertThat(http).containsSubsequence("a.1", "/a\"", "a.2", "/a/\"", "/n/", "a.3", "/a/b", "\"/n\"");
	}

	@Test
	void redirectOfAPrefixKeepsTheRest() {
		assertThat(new Given().rule("a", "{match: [{path: {prefix: /old}}], redirect: {prefixRewrite: /new}}")
			.http("webapp"))
			.isEqualTo("[{\"name\":\"a.1\",\"match\":[{\"uri\":{\"exact\":\"/old\"}}],"
					+ "\"redirect\":{\"uri\":\"/new\",\"redirectCode\":302}},"
					+ "{\"name\":\"a.2\",\"match\":[{\"uri\":{\"prefix\":\"/old/\"}}],"
					+ "\"redirect\":{\"prefixRewrite\":\"/new/\",\"redirectCode\":302}}]");
	}

	@Test
	void sourcesMultiplyAlternativesAndStayInsideTheMesh() {
		Given given = new Given()
			.rule("a", "{match: [{path: {exact: /x}, source: {namespaces: [one, two]}}, {method: PUT}]}")
			.exposed("");
		assertThat(given.http("webapp")).contains("[{\"uri\":{\"exact\":\"/x\"},\"sourceNamespace\":\"one\"},"
				+ "{\"uri\":{\"exact\":\"/x\"},\"sourceNamespace\":\"two\"},{\"method\":{\"exact\":\"PUT\"}}]");
		assertThat(given.http("webapp-gateway")).contains("\"match\":[{\"method\":{\"exact\":\"PUT\"}}]");
	}

	@Test
	void aRuleWithSourcesOnlyLeavesNothingForTheGateway() {
		Given given = new Given().rule("a", "{match: [{source: {namespaces: [one]}}]}").exposed("");
		assertThat(given.rendered(ObjectKind.VIRTUAL_SERVICE, "webapp-gateway")).isEmpty();
	}

	@Test
	void rulesForTheMeshLeaveTheGatewayItsDefault() {
		Given given = new Given().rule("a", "{timeout: 3s}", true, false).exposed("");
		assertThat(given.http("webapp")).contains("\"timeout\":\"3s\"");
		assertThat(given.http("webapp-gateway"))
			.isEqualTo("[{\"name\":\"default\",\"route\":[{\"destination\":{\"host\":\"" + Given.HOST
					+ "\",\"port\":{\"number\":80}}}],\"retries\":{\"attempts\":0}}]");
	}

	@Test
	void atTheGatewayOnlyTheExposedPortIsReached() {
		Given given = new Given().rule("a", "{match: [{port: admin, path: {exact: /x}}]}").rule("b", "{}").exposed("");
		assertThat(given.http("webapp")).contains("\"port\":8080");
		assertThat(given.http("webapp-gateway")).doesNotContain("/x").contains("\"name\":\"b\"");
	}

	@Test
	void claimsAreKnownAtGatewaysOnly() {
		Given given = new Given().rule("a", "{match: [{claims: {group.name: {exact: beta}}}]}").exposed("");
		assertThat(given.rendered(ObjectKind.VIRTUAL_SERVICE, "webapp")).isEmpty();
		assertThat(given.http("webapp-gateway")).contains("\"@request.auth.claims.group.name\":{\"exact\":\"beta\"}");
	}

	@Test
	void aHeaderThatIsThereIsAnEmptyMatch() {
		assertThat(new Given().rule("a", "{match: [{headers: {X-Beta: {present: true}}}]}").http("webapp"))
			.contains("\"headers\":{\"x-beta\":{}}");
	}

	@Test
	void headerValuesAreLiteral() {
		assertThat(new Given().rule("a", "{headers: {request: {set: {x-rate: \"100%\"}}}}").http("webapp"))
			.contains("{\"x-rate\":\"100%%\"}");
	}

	@Test
	void noTimeoutIsLeftOutAndRetriesAreAlwaysSaid() {
		assertThat(
				new Given().rule("a", "{timeout: 0s, retries: {attempts: 2, retryOn: [5xx, \"409\"]}}").http("webapp"))
			.doesNotContain("timeout")
			.contains("\"retries\":{\"attempts\":2,\"retryOn\":\"5xx,409\"}");
	}

	@Test
	void waitsForVersionsThatGetRequests() {
		Manifest manifest = new Given().rule("a", "{split: [{version: v1, weight: 90}, {version: v2, weight: 10}]}")
			.rendered(ObjectKind.VIRTUAL_SERVICE, "webapp")
			.orElseThrow();
		assertThat(manifest.phase()).isEqualTo(Manifest.Phase.SWITCH);
		assertThat(manifest.awaits()).containsExactly(Given.deployment("v1"), Given.deployment("v2"));
		assertThat(new Given().rule("a", "{split: [{version: v1, weight: 1}, {version: v2, weight: 0}]}")
			.rendered(ObjectKind.VIRTUAL_SERVICE, "webapp")
			.orElseThrow()
			.awaits()).containsExactly(Given.deployment("v1"));
	}

	@Test
	void isSeenByCallersAndGatewayAndOwnNamespaceFirst() {
		assertThat(new Given().rule("a", "{}")
			.visibleTo("shop", "cart", "admin")
			.exposed("")
			.spec(ObjectKind.VIRTUAL_SERVICE, "webapp"))
			.startsWith("{\"hosts\":[\"" + Given.HOST + "\"],"
					+ "\"exportTo\":[\".\",\"admin\",\"cart\",\"istio-ingress\"]");
	}

	@Test
	void eachHostOfAnExternalServiceKeepsItsRequests() {
		Given given = new Given().external("{hosts: [a.example.com, b.example.com]}")
			.visibleTo("shop", "cart")
			.rule("a", "{timeout: 250ms}");
		assertThat(given.spec(ObjectKind.VIRTUAL_SERVICE, "webapp"))
			.startsWith("{\"hosts\":[\"a.example.com\"],\"exportTo\":[\".\"]")
			.contains("{\"destination\":{\"host\":\"a.example.com\"}}", "250ms");
		assertThat(given.spec(ObjectKind.VIRTUAL_SERVICE, "webapp-2")).startsWith("{\"hosts\":[\"b.example.com\"]")
			.contains("{\"destination\":{\"host\":\"b.example.com\"}}");
	}

	@Test
	void serverNamesStayWithinTheServicesOwn() {
		Given given = new Given().tlsRule("webapp.shop", "shop.example.com").exposed("{mode: PASSTHROUGH}");
		assertThat(given.spec(ObjectKind.VIRTUAL_SERVICE, "webapp"))
			.startsWith("{\"hosts\":[\"" + Given.HOST + "\",\"webapp.shop\",\"shop.example.com\"]")
			.contains("\"sniHosts\":[\"webapp.shop\",\"shop.example.com\"]");
		assertThat(given.spec(ObjectKind.VIRTUAL_SERVICE, "webapp-gateway"))
			.contains("\"sniHosts\":[\"shop.example.com\"]");
		assertThat(new IstioRenderer().check(new Given().tlsRule("other.example.com").model()))
			.anySatisfy((objection) -> assertThat(objection.message()).contains("other.example.com"));
	}

}
