package dev.meshwright.document;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.meshwright.model.IntOrString;
import dev.meshwright.model.Kind;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.service.ServiceSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class SpecBinderTest {

	@ParameterizedTest
	@MethodSource
	void refuses(Kind kind, String spec, List<String> errors) {
		BoundSpec bound = SpecBinder.bind(kind, yaml(spec));
		assertThat(bound.spec()).isEmpty();
		assertThat(bound.errors()).extracting((error) -> error.pointer() + " " + error.code())
			.containsExactlyElementsOf(errors);
	}

	static Stream<Arguments> refuses() {
		String port = "ports: [{name: http, port: 80, protocol: HTTP}]";
		return Stream.of(arguments(Kind.SERVICE, "{}", List.of("/spec/ports REQUIRED")),
				arguments(Kind.SERVICE, "ports: null", List.of("/spec/ports REQUIRED")),
				arguments(Kind.SERVICE, "[]", List.of("/spec WRONG_TYPE")),
				arguments(Kind.SERVICE, "ports: {}", List.of("/spec/ports WRONG_TYPE")),
				arguments(Kind.SERVICE, "ports: [null]", List.of("/spec/ports/0 WRONG_TYPE")),
				arguments(Kind.SERVICE, "ports: [{name: 1, port: '80', protocol: http, colour: red}]",
						List.of("/spec/ports/0/colour UNKNOWN_FIELD", "/spec/ports/0/name WRONG_TYPE",
								"/spec/ports/0/port WRONG_TYPE", "/spec/ports/0/protocol UNKNOWN_VALUE")),
				arguments(Kind.SERVICE, "ports: [{name: a, port: 80.0, protocol: HTTP}]",
						List.of("/spec/ports/0/port WRONG_TYPE")),
				arguments(Kind.SERVICE, "ports: [{name: a, port: 4294967376, protocol: HTTP}]",
						List.of("/spec/ports/0/port OUT_OF_RANGE")),
				arguments(Kind.SERVICE, "ports: [{name: a, port: 1, protocol: HTTP, targetPort: 1.5}]",
						List.of("/spec/ports/0/targetPort WRONG_TYPE")),
				arguments(Kind.SERVICE, port + "\nversions: [{name: v1, selector: {a/b~c: 1}}]",
						List.of("/spec/versions/0/selector/a~1b~0c WRONG_TYPE")),
				arguments(Kind.SERVICE,
						port + "\nversions: [{name: v1, workload: {image: a, securityContext: "
								+ "{runAsUser: 99999999999999999999}, probes: {readiness: {httpGet: {path: /}}}}}]",
						List.of("/spec/versions/0/workload/probes/readiness/httpGet/port REQUIRED",
								"/spec/versions/0/workload/securityContext/runAsUser OUT_OF_RANGE")),
				arguments(Kind.ROUTING_POLICY,
						"{service: a, rules: [{timeout: soon, fault: {delay: {fixedDelay: 3}, abort: {percentage: x}}}]}",
						List.of("/spec/rules/0/timeout MALFORMED_DURATION",
								"/spec/rules/0/fault/delay/fixedDelay WRONG_TYPE",
								"/spec/rules/0/fault/abort/percentage WRONG_TYPE")),
				arguments(Kind.NAMESPACE, "{injection: Sidecar, requireDigest: 'yes'}",
						List.of("/spec/injection UNKNOWN_VALUE", "/spec/requireDigest WRONG_TYPE")),
				arguments(Kind.CLUSTER, "{connection: {sandbox: {a: 1}}, mesh: istio}",
						List.of("/spec/connection/sandbox/a UNKNOWN_FIELD")));
	}

	@Test
	void namesTheNearestKnownField() {
		BoundSpec bound = SpecBinder.bind(Kind.SERVICE, yaml("prots: []"));
		assertThat(bound.errors().getFirst().message()).contains("did you mean ports?");
	}

	@Test
	void namesTheNearestAllowedValue() {
		BoundSpec bound = SpecBinder.bind(Kind.NAMESPACE, yaml("injection: sidecars"));
		assertThat(bound.errors().getFirst().message()).contains("sidecar, ambient, none")
			.contains("did you mean sidecar?");
	}

	@Test
	void bindsEveryShapeOfValue() {
		ServiceSpec service = (ServiceSpec) SpecBinder
			.bind(Kind.SERVICE,
					yaml("ports: [{name: http, port: 80, targetPort: web, protocol: HTTP}]\nexposure: null"))
			.spec()
			.orElseThrow();
		assertThat(service.ports())
			.containsExactly(new ServiceSpec.Port("http", 80, IntOrString.of("web"), ServiceSpec.Protocol.HTTP));
		assertThat(service.exposure()).isNull();
		RoutingPolicySpec routing = (RoutingPolicySpec) SpecBinder
			.bind(Kind.ROUTING_POLICY,
					yaml("{service: a, rules: [{timeout: -1h30m, mirror: [{percentage: 10}]}], portLoadBalancing: "
							+ "{http: {simple: RANDOM}}}"))
			.spec()
			.orElseThrow();
		assertThat(routing.rules().getFirst().timeout()).isEqualTo(Duration.ofMinutes(-90));
		assertThat(routing.rules().getFirst().mirror().getFirst().percentage()).isEqualTo(10.0);
		assertThat(routing.portLoadBalancing()).containsOnlyKeys("http");
	}

	@Test
	void readsWhatIsStoredLenientlyAndWritesWhatItRead() {
		JsonNode stored = yaml("{service: a, rules: [{timeout: 90s, novelty: 1}], also: {}}");
		RoutingPolicySpec spec = (RoutingPolicySpec) SpecBinder.stored(Kind.ROUTING_POLICY, stored);
		assertThat(Json.mapper().writeValueAsString(spec)).isEqualTo("""
				{"service":"a","rules":[{"timeout":"1m30s"}]}""");
		assertThat(SpecBinder.stored(Kind.ROUTING_POLICY, Json.mapper().valueToTree(spec))).isEqualTo(spec);
	}

	private static JsonNode yaml(String text) {
		return Documents.yaml(text.getBytes(StandardCharsets.UTF_8)).getFirst();
	}

}
