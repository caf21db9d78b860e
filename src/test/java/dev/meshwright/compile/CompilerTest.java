package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CompilerTest {

	static final String SHOP = """
			kind: Cluster
			metadata: {name: east, labels: {env: prod, region: eu}}
			spec:
			  connection: {sandbox: {}}
			  mesh: istio
			  gateways: [{name: public, api: istio, namespace: ingress, selector: {app: gateway}}]
			---
			kind: Namespace
			metadata: {name: shop}
			spec: {injection: sidecar, hosts: [shop.example.com], placement: {clusterSelector: {env: prod, region: eu}}}
			---
			kind: Namespace
			metadata: {name: front}
			spec: {placement: {clusters: [east]}}
			---
			kind: Service
			metadata: {namespace: shop, name: webapp}
			spec:
			  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}, {name: grpc, port: 90, protocol: GRPC}]
			  versions:
			    - {name: v1, workload: {image: nginx}}
			    - {name: v2, workload: {image: nginx, replicas: 0}}
			    - {name: old, selector: {app.kubernetes.io/name: webapp, tier: old}}
			  exposure: {hosts: [shop.example.com], gateway: public, tls: {credentialName: shop-cert}}
			  grants: [{to: {namespaces: [front]}, as: [dependency]}]
			---
			kind: Service
			metadata: {namespace: shop, name: cart}
			spec:
			  ports: [{name: web, port: 80, protocol: HTTP}, {name: grpc, port: 91, protocol: GRPC}]
			  versions: [{name: v1, workload: {image: nginx}}]
			---
			kind: Service
			metadata: {namespace: front, name: portal}
			spec:
			  ports: [{name: http, port: 80, protocol: HTTP}]
			  versions: [{name: v1, workload: {image: nginx}}]
			  dependencies: [shop/webapp]
			---
			kind: RoutingPolicy
			metadata: {namespace: shop, name: webapp}
			spec:
			  service: webapp
			  rules:
			    - name: internal
			      match: [{port: grpc, source: {services: [front/portal]}}, {port: http, headers: {x: {exact: a}}}]
			      split: [{version: v2}]
			    - {name: api, match: [{port: grpc}], split: [{service: cart}]}
			    - {split: [{version: v1}, {version: old}]}
			""";

	private static final UnitId WEBAPP = new UnitId("east", "shop", "webapp");

	private static List<Resource<?>> shop() {
		return new ArrayList<>(Declared.documents(SHOP));
	}

	private static ServiceModel model(String service) {
		AtomicReference<ServiceModel> seen = new AtomicReference<>();
		Compilation compilation = TestRenderers.compiler(seen)
			.compile(new UnitId("east", "shop", service), Declared.snapshot(shop()));
		assertThat(compilation.hasErrors()).as("%s", compilation.diagnostics()).isFalse();
		return seen.get();
	}

	@Test
	void defaultsAreFilledIn() {
		ServiceModel model = model("webapp");
		assertThat(model.host()).isEqualTo("webapp.shop.svc.cluster.local");
		assertThat(model.account()).isEqualTo("webapp");
		assertThat(model.ownsAccount()).isTrue();
		assertThat(model.exposure().orElseThrow().port().name()).isEqualTo("http");
		assertThat(model.exposure().orElseThrow().tls().orElseThrow().httpsRedirect()).isTrue();
		assertThat(model.versions().get(0).labels())
			.isEqualTo(Map.of("app.kubernetes.io/name", "webapp", "meshwright.dev/version", "v1"));
		assertThat(model.versions().get(2).labels())
			.isEqualTo(Map.of("app.kubernetes.io/name", "webapp", "tier", "old"));
	}

	@Test
	void rulesAreDividedWhereTheSidesDiffer() {
		List<RouteModel.Http> rules = model("webapp").routing().http();
		assertThat(rules).extracting(RouteModel.Http::name).containsExactly("internal", "internal", "api", "rule-2");
		assertThat(rules.get(0).match()).hasSize(2);
		assertThat(rules.get(0).match().get(0).sources())
			.containsExactly(new RouteModel.Source(Optional.of("front"), Map.of("app.kubernetes.io/name", "portal")));
		assertThat(rules.get(0).match().get(0).port()).contains(90);
		assertThat(rules.get(1).gateway()).isTrue();
		assertThat(rules.get(1).mesh()).isFalse();
		assertThat(rules.get(1).match()).singleElement().satisfies((match) -> assertThat(match.port()).isEmpty());
		assertThat(rules.get(2).gateway()).as("the gateway sends to port http only").isFalse();
		assertThat(rules.get(3).mesh() && rules.get(3).gateway()).isTrue();
	}

	@Test
	void destinationsAreFollowedToPortsAndDeployments() {
		List<RouteModel.Http> rules = model("webapp").routing().http();
		RouteModel.Target cart = rules.get(2).split().getFirst().target();
		assertThat(cart.port()).as("the port of the same name").contains(91);
		assertThat(cart.deployments()).containsExactly(new ObjectRef(ObjectKind.DEPLOYMENT, "shop", "cart-v1"));
		assertThat(rules.get(0).split().getFirst().target().deployments()).as("scaled to nothing").isEmpty();
		assertThat(rules.get(3).split()).extracting(RouteModel.Split::weight).containsExactly(1, 1);
		assertThat(rules.get(3).split().getFirst().target().port()).as("follows the port called").isEmpty();
	}

	@Test
	void visibleToGatewayCallersAndTheCallersOfRoutersOnly() {
		assertThat(model("webapp").visibleTo()).containsExactly("front", "ingress", "shop");
		assertThat(model("cart").visibleTo()).as("reached through the rules of webapp")
			.containsExactly("front", "ingress", "shop");
	}

	@Test
	void sameSnapshotGivesTheSameResult() {
		Compiler compiler = TestRenderers.compiler();
		assertThat(compiler.compile(WEBAPP, Declared.snapshot(shop())))
			.isEqualTo(compiler.compile(WEBAPP, Declared.snapshot(shop().reversed())));
	}

	@Test
	void readsAreRecordedFoundOrNot() {
		Compilation compilation = TestRenderers.compiler().compile(WEBAPP, Declared.snapshot(shop()));
		assertThat(compilation.reads()).contains(Key.resource(WEBAPP.subject()), Key.clusterFacts("east"),
				Key.resource(ResourceId.cluster("east")), Key.target(Kind.ROUTING_POLICY, "shop", "webapp"),
				Key.target(Kind.FAILOVER_POLICY, "shop", "webapp"), Key.target(Kind.FAILOVER_POLICY, "shop", ""),
				Key.target(Kind.FAILOVER_POLICY, "", ""), Key.target(Kind.SECURITY_POLICY, "shop", "webapp"),
				Key.target(Kind.SECURITY_POLICY, "shop", ""), Key.target(Kind.SECURITY_POLICY, "", ""),
				Key.dependencyOf("shop", "webapp"), Key.host("shop.example.com"), Key.clusterLabel("env", "prod"));
		assertThat(compilation.generations()).containsKey(new ResourceId(Kind.ROUTING_POLICY, "shop", "webapp"));
		assertThat(compilation.manifests()).extracting(Manifest::ref)
			.isSorted()
			.extracting(ObjectRef::kind)
			.containsExactly(ObjectKind.SERVICE, ObjectKind.VIRTUAL_SERVICE);
	}

	@Test
	void missingOrElsewhereIsEmptyWithoutError() {
		Compiler compiler = TestRenderers.compiler();
		for (UnitId unit : List.of(new UnitId("east", "shop", "none"), new UnitId("west", "shop", "webapp"),
				new UnitId("west", "shop", ""), new UnitId("east", "none", ""))) {
			Compilation compilation = compiler.compile(unit, Declared.snapshot(shop()));
			assertThat(compilation.manifests()).isEmpty();
			assertThat(compilation.diagnostics()).isEmpty();
			assertThat(compilation.reads()).contains(Key.resource(unit.subject()));
		}
		assertThatThrownBy(() -> compiler.compile(WEBAPP.on(""), Declared.snapshot(shop())))
			.isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void placementFollowsLabels() {
		Compiler compiler = TestRenderers.compiler();
		assertThat(compiler.place(UnitId.placement("shop", "webapp"), Declared.snapshot(shop())).clusters())
			.containsExactly("east");
		List<Resource<?>> relabelled = shop();
		relabelled.set(0, Declared.documents(SHOP.replace("region: eu}}\n", "region: us}}\n")).getFirst());
		assertThat(compiler.place(UnitId.placement("shop", ""), Declared.snapshot(relabelled)).clusters()).isEmpty();
	}

	@Test
	void policyOfAMissingServiceIsReportedAtThePlacement() {
		List<Resource<?>> resources = shop();
		resources.removeIf((resource) -> resource.id().equals(WEBAPP.subject()));
		Placement placement = TestRenderers.compiler()
			.place(UnitId.placement("shop", "webapp"), Declared.snapshot(resources));
		assertThat(placement.clusters()).isEmpty();
		assertThat(placement.diagnostics()).singleElement()
			.satisfies((diagnostic) -> assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.SERVICE_NOT_FOUND));
	}

	@Test
	void effectiveShowsWhereEachFieldComesFrom() {
		Effective effective = TestRenderers.compiler()
			.effective(new dev.meshwright.model.ServiceRef("shop", "webapp"), Declared.snapshot(shop()))
			.orElseThrow();
		ResourceId policy = new ResourceId(Kind.ROUTING_POLICY, "shop", "webapp");
		assertThat(effective.origins())
			.containsEntry("/service/ports/0/targetPort",
					new Effective.Declared(WEBAPP.subject(), "/spec/ports/0/targetPort"))
			.containsEntry("/service/ports/1/targetPort", new Effective.Default())
			.containsEntry("/service/exposure/tls/mode", new Effective.Default())
			.containsEntry("/routing/rules/0/split/0/version",
					new Effective.Declared(policy, "/spec/rules/0/split/0/version"))
			.containsEntry("/routing/rules/2/name", new Effective.Default())
			.containsEntry("/routing/rules/2/split/0/weight", new Effective.Default())
			.containsEntry("/namespace/deletionPolicy", new Effective.Default());
		assertThat(effective.values()).containsEntry("clusters", List.of("east"));
	}

}
