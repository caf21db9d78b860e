package dev.meshwright.provider.kubernetes;

import java.util.stream.Stream;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class RuleOrderTest {

	static Stream<Arguments> orders() {
		return Stream.of(kept("specific first", "path: {prefix: /a/b}", "path: {prefix: /a}"),
				swapped("longer prefix later", "path: {prefix: /a}", "path: {prefix: /a/b}"),
				kept("prefixes of other segments", "path: {prefix: /a}", "path: {prefix: /ab}"),
				swapped("exact after prefix", "path: {prefix: /}", "path: {exact: /a}"),
				kept("exact before prefix", "path: {exact: /a}", "path: {prefix: /}"),
				swapped("method later", "path: {prefix: /a}", "{path: {prefix: /a}, method: GET}"),
				kept("other methods", "{path: {prefix: /a}, method: GET}", "{path: {exact: /a}, method: POST}"),
				swapped("more headers later", "headers: {a: {exact: x}}",
						"headers: {a: {exact: x}, b: {present: true}}"),
				swapped("header before longer path", "headers: {a: {exact: x}}", "path: {prefix: /a}"),
				kept("headers that exclude each other", "headers: {a: {exact: x}}",
						"{path: {prefix: /a}, headers: {a: {exact: y}}}"),
				kept("a header's beginning that excludes the other", "headers: {a: {prefix: x}}",
						"{path: {prefix: /a}, headers: {a: {exact: y}}}"),
				swapped("a header's beginning that does not", "headers: {a: {prefix: x}}",
						"{path: {prefix: /a}, headers: {a: {exact: xy}}}"),
				kept("a header's expression that excludes the other", "headers: {a: {regex: x+}}",
						"{path: {prefix: /a}, headers: {a: {exact: y}}}"),
				kept("headers decide before query parameters", "headers: {a: {exact: x}}", "query: {q: {exact: x}}"),
				swapped("more query parameters later", "query: {q: {exact: x}}",
						"query: {q: {exact: x}, p: {exact: y}}"),
				kept("equals keep their order", "headers: {a: {exact: x}}", "headers: {b: {exact: x}}"),
				swapped("an expression before a prefix is left undefined", "path: {regex: /a.*}", "path: {prefix: /}"),
				kept("an expression that excludes the path", "path: {regex: /b.*}", "path: {exact: /a}"),
				swapped("an expression that takes the path", "path: {regex: /a.*}", "path: {exact: /a}"),
				kept("the same expression twice", "{path: {regex: /a.*}, method: GET}", "path: {regex: /a.*}"),
				kept("a gRPC method before its service", "grpc: {service: s.S, method: M}", "grpc: {service: s.S}"),
				swapped("a gRPC service before its method", "grpc: {service: s.S}", "grpc: {service: s.S, method: M}"));
	}

	private static Arguments kept(String name, String first, String later) {
		return Arguments.argumentSet(name, first, later, false);
	}

	private static Arguments swapped(String name, String first, String later) {
		return Arguments.argumentSet(name, first, later, true);
	}

	@ParameterizedTest
	@MethodSource("orders")
	void tellsWhetherTheOrderIsKept(String first, String later, boolean swapped) {
		assertThat(swaps(first, later, "v1", "v2")).isEqualTo(swapped);
	}

	@ParameterizedTest
	@MethodSource("orders")
	void doesNotMatterForRulesThatDoTheSame(String first, String later, boolean swapped) {
		assertThat(swaps(first, later, "v1", "v1")).isFalse();
	}

	private static boolean swaps(String first, String later, String firstVersion, String laterVersion) {
		ServiceModel service = Models.on(Mesh.NONE)
			.gateway("api: gatewayApi\ngatewayClass: edge")
			.service(ExposureTest.PLAIN,
					"service: webapp\nrules:\n" + rule(first, firstVersion) + rule(later, laterVersion));
		return RuleOrder.swap(GatewayRule.of(service, service.exposure().orElseThrow())).isPresent();
	}

	private static String rule(String match, String version) {
		String flow = match.startsWith("{") ? match : "{" + match + "}";
		return "  - {match: [" + flow + "], split: [{version: " + version + "}]}\n";
	}

}
