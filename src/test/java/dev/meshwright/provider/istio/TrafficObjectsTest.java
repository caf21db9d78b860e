package dev.meshwright.provider.istio;

import dev.meshwright.compile.Objection;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** DestinationRule, Gateway, ServiceEntry, and what stands against them. */
class TrafficObjectsTest {

	private static final String WARMUP = "{warmup: {duration: 1m30s, minimumPercent: 12.5, aggression: 2}}";

	@Test
	void everyVersionIsASubsetKeptUntilNothingUsesIt() {
		Manifest rule = new Given().rendered(ObjectKind.DESTINATION_RULE, "webapp").orElseThrow();
		assertThat(rule.phase()).isEqualTo(Manifest.Phase.MAKE);
		assertThat(rule.widened()).containsExactly(new Manifest.KeyedList("/spec/subsets", "name"));
		assertThat(new Given().spec(ObjectKind.DESTINATION_RULE, "webapp")).isEqualTo("{\"host\":\"" + Given.HOST
				+ "\",\"exportTo\":[\".\"],\"subsets\":[{\"name\":\"v1\",\"labels\":{\"version\":\"v1\"}},"
				+ "{\"name\":\"v2\",\"labels\":{\"version\":\"v2\"}}]}");
	}

	@Test
	void warmupIsSpelledAsTheReleaseSpellsIt() {
		assertThat(new Given().loadBalancing(WARMUP).spec(ObjectKind.DESTINATION_RULE, "webapp"))
			.contains("{\"warmup\":{\"duration\":\"1m30s\",\"minimumPercent\":12.5,\"aggression\":2}}");
		assertThat(new Given().loadBalancing("{warmup: {duration: 90s}}")
			.meshVersion("1.23.4")
			.spec(ObjectKind.DESTINATION_RULE, "webapp")).contains("{\"warmupDurationSecs\":\"1m30s\"}");
	}

	@Test
	void whatAReleaseLacksIsRefused() {
		assertThat(new IstioRenderer().check(new Given().loadBalancing(WARMUP).meshVersion("1.23").model()))
			.extracting(Objection::code)
			.containsExactly(DiagnosticCode.MESH_VERSION_TOO_OLD);
		Given redirect = new Given().rule("a", "{redirect: {prefixRewrite: /new}}");
		assertThat(new IstioRenderer().check(redirect.meshVersion("v1.30.2").model())).singleElement()
			.satisfies((objection) -> assertThat(objection.rule()).contains("a"))
			.satisfies((objection) -> assertThat(objection.pointer()).isEqualTo("/redirect/prefixRewrite"));
		assertThat(new IstioRenderer().check(redirect.meshVersion("1.31").model())).isEmpty();
	}

	@Test
	void plainExposureListensForHttpOnly() {
		assertThat(new Given().exposed("").spec(ObjectKind.ISTIO_GATEWAY, "webapp"))
			.isEqualTo("{\"selector\":{\"istio\":\"ingress\"},\"servers\":[{\"name\":\"port-80\","
					+ "\"port\":{\"number\":80,\"name\":\"http-80\",\"protocol\":\"HTTP\"},"
					+ "\"hosts\":[\"./shop.example.com\"]}]}");
	}

	@Test
	void tlsSendsPlainRequestsToHttpsUnlessToldOtherwise() {
		String tls = "{mode: SIMPLE, credentialName: cert, httpsRedirect: %s, minProtocolVersion: TLSV1_3}";
		assertThat(new Given().exposed(tls.formatted("true")).spec(ObjectKind.ISTIO_GATEWAY, "webapp"))
			.contains("{\"httpsRedirect\":true}")
			.contains("\"name\":\"https-443\",\"protocol\":\"HTTPS\"}")
			.contains("{\"mode\":\"SIMPLE\",\"credentialName\":\"cert\",\"minProtocolVersion\":\"TLSV1_3\"}");
		assertThat(new Given().exposed(tls.formatted("false")).spec(ObjectKind.ISTIO_GATEWAY, "webapp"))
			.contains("http-80")
			.doesNotContain("httpsRedirect");
	}

	@Test
	void passthroughRoutesByServerName() {
		Given given = new Given().exposed("{mode: PASSTHROUGH, httpsRedirect: false}");
		assertThat(given.spec(ObjectKind.ISTIO_GATEWAY, "webapp")).contains("\"protocol\":\"TLS\"")
			.contains("\"tls\":{\"mode\":\"PASSTHROUGH\"}")
			.doesNotContain("http-80");
		assertThat(given.spec(ObjectKind.VIRTUAL_SERVICE, "webapp-gateway"))
			.contains("\"tls\":[{\"match\":[{\"sniHosts\":[\"shop.example.com\"]}]")
			.doesNotContain("\"http\"");
	}

	@Test
	void exposureAtAnotherKindOfGatewayIsNotOurs() {
		Given given = new Given().exposed("{name: public, api: gatewayApi, gatewayClass: istio}", "");
		assertThat(new IstioRenderer().renderService(given.model())).extracting((manifest) -> manifest.ref().kind())
			.containsExactly(ObjectKind.DESTINATION_RULE);
	}

	@Test
	void anExternalServiceIsAnEntryForItsNamespaceOnly() {
		assertThat(new Given().external("{hosts: [api.example.com]}")
			.visibleTo("shop", "cart")
			.spec(ObjectKind.SERVICE_ENTRY, "webapp"))
			.isEqualTo("{\"hosts\":[\"api.example.com\"],\"exportTo\":[\".\"],"
					+ "\"ports\":[{\"number\":80,\"name\":\"http\",\"protocol\":\"HTTP\"}],"
					+ "\"location\":\"MESH_EXTERNAL\",\"resolution\":\"DNS\"}");
	}

	@Test
	void objectsCarryTheirNameAndWhoManagesThem() {
		assertThat(new Given().rendered(ObjectKind.DESTINATION_RULE, "webapp").orElseThrow().body().toString())
			.startsWith("{apiVersion=networking.istio.io/v1, kind=DestinationRule, metadata={name=webapp, "
					+ "namespace=shop, labels={app.kubernetes.io/managed-by=meshwright, app.kubernetes.io/name=webapp}}");
	}

}
