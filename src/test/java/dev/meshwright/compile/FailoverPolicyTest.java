package dev.meshwright.compile;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.meshwright.compile.Effective.Declared;
import dev.meshwright.compile.Effective.Default;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How failover policies of several levels come together, and who hears of what. */
class FailoverPolicyTest {

	private static final String SHOP = """
			kind: Cluster
			metadata: {name: east}
			spec: {connection: {sandbox: {}}, mesh: MESH}
			---
			kind: Namespace
			metadata: {name: shop}
			spec: {placement: {clusters: [east]}}
			---
			kind: Service
			metadata: {namespace: shop, name: webapp}
			spec:
			  ports: [{name: http, port: 80, protocol: HTTP}]
			  versions: [{name: v1, selector: {app: webapp}}]
			---
			kind: RoutingPolicy
			metadata: {namespace: shop, name: webapp}
			spec:
			  service: webapp
			  rules:
			    - {match: [{path: {prefix: /a}}], timeout: 9s, retries: {attempts: 0}}
			    - {name: default}
			---
			kind: FailoverPolicy
			metadata: {name: platform}
			spec:
			  outlierDetection: {consecutive5xxErrors: 7, interval: 20s}
			  locality: {failover: [{from: a, to: b}]}
			  timeout: 8s
			---
			""";

	private static final String NEARER = """
			kind: FailoverPolicy
			metadata: {namespace: shop, name: default}
			spec:
			  outlierDetection: {consecutive5xxErrors: 3}
			  retries: {attempts: 2, perTryTimeout: 1s, retryOn: [5xx, reset]}
			---
			kind: FailoverPolicy
			metadata: {namespace: shop, name: webapp}
			spec:
			  service: webapp
			  retries: {attempts: 1, retryOn: [5xx]}
			  locality: {distribute: [{from: a, to: {a: 100}}]}
			""";

	private static final ResourceId PLATFORM = ResourceId.of(Kind.FAILOVER_POLICY, "platform");

	private static final ResourceId NAMESPACE = new ResourceId(Kind.FAILOVER_POLICY, "shop", "default");

	private static final ResourceId SERVICE = new ResourceId(Kind.FAILOVER_POLICY, "shop", "webapp");

	private static Snapshot shop(String mesh, String more) {
		List<Resource<?>> resources = dev.meshwright.compile.Declared.documents(SHOP.replace("MESH", mesh) + more);
		return dev.meshwright.compile.Declared.snapshot(resources);
	}

	@Test
	void theNearestLevelThatGivesAFieldDecidesAndIsTold() {
		Effective effective = TestRenderers.compiler()
			.effective(new ServiceRef("shop", "webapp"), shop("istio", NEARER))
			.orElseThrow();
		assertThat(effective.values().get("failover")).isEqualTo(Map.of("outlierDetection",
				Map.of("consecutive5xxErrors", 3, "interval", Duration.ofSeconds(20), "baseEjectionTime",
						Duration.ofSeconds(30), "maxEjectionPercent", 10, "minHealthPercent", 0,
						"splitExternalLocalOriginErrors", false),
				"timeout", Duration.ofSeconds(8), "retries",
				Map.of("attempts", 1, "perTryTimeout", Duration.ofSeconds(1), "retryOn", List.of("5xx")), "locality",
				Map.of("distribute", List.of(Map.of("from", "a", "to", Map.of("a", 100))))));
		assertThat(effective.origins())
			.containsEntry("/failover/outlierDetection/consecutive5xxErrors",
					new Declared(NAMESPACE, "/spec/outlierDetection/consecutive5xxErrors"))
			.containsEntry("/failover/outlierDetection/interval",
					new Declared(PLATFORM, "/spec/outlierDetection/interval"))
			.containsEntry("/failover/outlierDetection/maxEjectionPercent", new Default())
			.containsEntry("/failover/retries/attempts", new Declared(SERVICE, "/spec/retries/attempts"))
			.containsEntry("/failover/retries/perTryTimeout", new Declared(NAMESPACE, "/spec/retries/perTryTimeout"))
			.containsEntry("/failover/retries/retryOn/0", new Declared(SERVICE, "/spec/retries/retryOn/0"))
			.containsEntry("/failover/timeout", new Declared(PLATFORM, "/spec/timeout"))
			.containsEntry("/routing/rules/1/timeout", new Declared(PLATFORM, "/spec/timeout"))
			.containsEntry("/routing/rules/1/retries/attempts", new Declared(SERVICE, "/spec/retries/attempts"))
			.containsEntry("/routing/rules/0/timeout",
					new Declared(new ResourceId(Kind.ROUTING_POLICY, "shop", "webapp"), "/spec/rules/0/timeout"))
			.doesNotContainKeys("/failover/retries/retryOn/1", "/failover/locality/failover/0/from",
					"/failover/service");
		assertThat(effective.origins().keySet()).as("what has an origin is there")
			.allMatch((pointer) -> at(effective.values(), pointer) != null);
	}

	private static Object at(Object tree, String pointer) {
		Object value = tree;
		for (String step : pointer.substring(1).split("/")) {
			value = (value instanceof List<?> list) ? list.get(Integer.parseInt(step)) : ((Map<?, ?>) value).get(step);
		}
		return value;
	}

	@Test
	void aRateLimitIsToldWithWhatItLeavesOut() {
		Effective effective = TestRenderers.compiler().effective(new ServiceRef("shop", "webapp"), shop("istio", """
				kind: FailoverPolicy
				metadata: {namespace: shop, name: webapp}
				spec:
				  service: webapp
				  rateLimit: {requests: 9, rules: [{name: login, match: {methods: [POST]}, requests: 2, burst: 3}]}
				""")).orElseThrow();
		assertThat(at(effective.values(), "/failover/rateLimit")).isEqualTo(
				Map.of("requests", 9, "interval", Duration.ofSeconds(1), "burst", 9, "onLimit", Map.of("status", 429),
						"rules", List.of(Map.of("name", "login", "match", Map.of("methods", List.of("POST")),
								"requests", 2, "interval", Duration.ofSeconds(1), "burst", 3))));
		assertThat(effective.origins())
			.containsEntry("/failover/rateLimit/requests", new Declared(SERVICE, "/spec/rateLimit/requests"))
			.containsEntry("/failover/rateLimit/onLimit/status", new Default());
	}

	@Test
	void whatIsEffectiveIsWhatRenderersSee() {
		AtomicReference<ServiceModel> seen = new AtomicReference<>();
		Compilation compilation = TestRenderers.compiler(seen)
			.compile(new UnitId("east", "shop", "webapp"), shop("istio", NEARER));
		assertThat(compilation.hasErrors()).isFalse();
		assertThat(seen.get().failover().outlierDetection().orElseThrow().consecutive5xxErrors()).isEqualTo(3);
		assertThat(seen.get().failover().locality().orElseThrow().failover()).isNull();
		assertThat(seen.get().routing().http()).extracting((rule) -> rule.rule().timeout())
			.containsExactly(Duration.ofSeconds(9), Duration.ofSeconds(8));
		assertThat(seen.get().routing().http()).extracting((rule) -> rule.rule().retries().attempts())
			.containsExactly(0, 1);
	}

	@Test
	void thePlatformsDefaultForbidsNoServiceWhereItCannotBeHad() {
		String routed = "(?s)kind: RoutingPolicy.*?---\n";
		List<Diagnostic> platform = diagnostics("none", "", routed);
		assertThat(platform).extracting((found) -> found.severity() + " " + found.resource() + found.pointer())
			.contains("WARNING " + PLATFORM + "/spec/outlierDetection", "WARNING " + PLATFORM + "/spec/timeout",
					"WARNING " + PLATFORM + "/spec/locality");
		assertThat(platform).noneMatch(Diagnostic::isError);
		assertThat(diagnostics("none", NEARER, routed)).filteredOn(Diagnostic::isError)
			.extracting((found) -> found.resource() + found.pointer())
			.containsExactlyInAnyOrder(NAMESPACE + "/spec/outlierDetection", SERVICE + "/spec/retries",
					SERVICE + "/spec/locality");
	}

	private static List<Diagnostic> diagnostics(String mesh, String more, String without) {
		List<Resource<?>> resources = dev.meshwright.compile.Declared
			.documents((SHOP.replace("MESH", mesh) + more).replaceFirst(without, ""));
		return TestRenderers.compiler()
			.compile(new UnitId("east", "shop", "webapp"), dev.meshwright.compile.Declared.snapshot(resources))
			.diagnostics();
	}

	@Test
	void aChangeOfAnyLevelConcernsTheService() {
		Compilation compilation = TestRenderers.compiler()
			.compile(new UnitId("east", "shop", "webapp"), shop("istio", NEARER));
		assertThat(compilation.generations()).containsKeys(PLATFORM, NAMESPACE, SERVICE);
		Placement namespace = TestRenderers.compiler().place(UnitId.placement("shop", ""), shop("istio", NEARER));
		assertThat(namespace.generations()).containsKeys(NAMESPACE, PLATFORM).doesNotContainKey(SERVICE);
	}

}
