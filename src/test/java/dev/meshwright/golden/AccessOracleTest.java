package dev.meshwright.golden;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.OverlaySnapshot;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.security.SecurityPolicySpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is rendered decides as what is declared means, on at least 100,000 random pairs of
 * policies and calls: nothing is let in that should be kept out, nor kept out that should
 * be let in. The seed is fixed, so a failure comes again.
 */
class AccessOracleTest {

	private static final String SHOP = """
			kind: Cluster
			metadata: {name: east}
			spec:
			  mesh: istio
			  connection: {sandbox: {}}
			  pathNormalization: DECODE_AND_MERGE_SLASHES
			  externalAuthorizers: [{name: oauth2-proxy}, {name: opa, allowedNamespaces: [shop]}]
			  gateways:
			    - {name: public, api: istio, namespace: istio-ingress, selector: {istio: ingressgateway}}
			---
			kind: Namespace
			metadata: {name: shop}
			spec: {injection: sidecar, hosts: [shop.example.com], placement: {clusters: [east]}}
			---
			kind: Service
			metadata: {namespace: shop, name: webapp}
			spec:
			  ports:
			    - {name: http, port: 80, targetPort: 8080, protocol: HTTP}
			    - {name: admin, port: 81, targetPort: 8081, protocol: HTTP}
			    - {name: tcp, port: 90, targetPort: 9090, protocol: TCP}
			  versions: [{name: v1, workload: {image: "example.com/webapp:1"}}]
			  exposure: {hosts: [shop.example.com], gateway: public}
			---
			kind: Service
			metadata: {namespace: shop, name: storefront}
			spec:
			  ports: [{name: http, port: 80, protocol: HTTP}]
			  versions: [{name: v1, workload: {image: "example.com/storefront:1"}}]
			---
			kind: Service
			metadata: {namespace: shop, name: cart}
			spec:
			  ports: [{name: http, port: 80, protocol: HTTP}]
			  serviceAccount: cart.v1
			  versions: [{name: v1, workload: {image: "example.com/cart:1"}}]
			---
			kind: Service
			metadata: {namespace: shop, name: almost-cart}
			spec:
			  ports: [{name: http, port: 80, protocol: HTTP}]
			  serviceAccount: cart-v1
			  versions: [{name: v1, selector: {app: almost-cart}}]
			""";

	private static final String CORS = """
			---
			kind: RoutingPolicy
			metadata: {namespace: shop, name: webapp}
			spec:
			  service: webapp
			  rules: [{name: default, cors: {allowOrigins: [{exact: "https://www.example.com"}]}}]
			""";

	private static final int PAIRS = 100_000;

	private static final int CALLS = 60;

	@Test
	void decidesAsDeclared() {
		Random random = new Random(20261123);
		RandomSecurity generator = new RandomSecurity(random);
		Compiler compiler = new Compiler(GoldenOutput.RENDERERS, GoldenOutput.SETTINGS);
		List<Declarations> shops = List.of(read(SHOP), read(SHOP + CORS));
		int pairs = 0;
		int allowed = 0;
		int refused = 0;
		while (pairs < PAIRS) {
			boolean cors = random.nextBoolean();
			List<Resource<SecurityPolicySpec>> levels = levels(generator);
			Compilation compilation = compiler.compile(new UnitId("east", "shop", "webapp"),
					new OverlaySnapshot(shops.get(cors ? 1 : 0), levels, List.of()));
			if (compilation.diagnostics().stream().anyMatch(Diagnostic::isError)) {
				refused++;
				assertThat(compilation.manifests()).isEmpty();
				continue;
			}
			assertThat(compilation.manifests()).isNotEmpty();
			IntendedAccess intended = new IntendedAccess(levels.stream().map(Resource::spec).toList(), cors,
					Map.of("shop/storefront", RandomSecurity.ACCOUNTS.get("shop/storefront"), "shop/cart",
							RandomSecurity.ACCOUNTS.get("shop/cart")));
			IstioAccess rendered = new IstioAccess(compilation.manifests());
			for (int index = 0; index < CALLS; index++) {
				Call call = generator.call();
				boolean meant = intended.allows(call);
				if (rendered.allows(call) != meant) {
					throw new AssertionError((meant ? "kept out: " : "LET IN: ") + call + "\nby " + levels + "\nas "
							+ compilation.manifests().stream().map(AccessOracleTest::security).toList());
				}
				pairs++;
				allowed += meant ? 1 : 0;
			}
		}
		assertThat(allowed).as("calls allowed of %s", pairs).isBetween(PAIRS / 20, PAIRS - PAIRS / 20);
		assertThat(refused).as("policies refused, %s calls compared", pairs).isLessThan(PAIRS / CALLS * 10);
	}

	private static String security(dev.meshwright.model.Manifest manifest) {
		return manifest.ref().kind().group().equals("security.istio.io") ? "\n" + manifest.body() : "";
	}

	private static List<Resource<SecurityPolicySpec>> levels(RandomSecurity generator) {
		List<Resource<SecurityPolicySpec>> levels = new ArrayList<>();
		if (generator.chance(0.3)) {
			levels.add(policy("", generator.policy(null)));
		}
		if (generator.chance(0.4)) {
			levels.add(policy("shop", generator.policy(null)));
		}
		if (levels.isEmpty() || generator.chance(0.8)) {
			levels.add(policy("shop", generator.policy("webapp")));
		}
		return levels;
	}

	static Resource<SecurityPolicySpec> policy(String namespace, SecurityPolicySpec spec) {
		ResourceId id = new ResourceId(Kind.SECURITY_POLICY, namespace,
				(spec.service() != null) ? spec.service() : "default");
		return new Resource<>(id, new Metadata(new UUID(0, 9), 1, 1, Map.of(), Map.of(), Instant.EPOCH, null, "test"),
				spec);
	}

	/** A service with callers, and no policy yet. */
	static Declarations shop() {
		return read(SHOP);
	}

	private static Declarations read(String yaml) {
		return Declarations.read(yaml.getBytes(StandardCharsets.UTF_8));
	}

}
