package dev.meshwright.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.routing.Destination;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.routing.TcpRule;
import dev.meshwright.model.service.ServiceSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IndexKeysTest {

	private static <S extends Spec> Resource<S> resource(ResourceId id, S spec, Map<String, String> labels) {
		return new Resource<>(id, new Metadata(UUID.nameUUIDFromBytes(id.toString().getBytes()), 1, 1, labels, Map.of(),
				Instant.EPOCH, null, "test"), spec);
	}

	private static Resource<ServiceSpec> service(String host, List<String> dependencies) {
		return resource(ResourceId.service("shop", "webapp"),
				new ServiceSpec(List.of(), List.of(), null, null, null,
						new ServiceSpec.Exposure(List.of(host), "public", null, null), dependencies, null, null),
				Map.of());
	}

	@Test
	void serviceIsFoundByHostDependencyAndAccount() {
		assertThat(IndexKeys.of(service("a.example.com", List.of("cart", "pay/card")))).containsExactlyInAnyOrder(
				Key.host("a.example.com"), Key.dependencyOf("shop", "cart"), Key.dependencyOf("pay", "card"),
				Key.account("shop", "webapp"));
	}

	@Test
	void serviceIsFoundByTheCertificateThatItIsExposedWith() {
		var exposure = new ServiceSpec.Exposure(List.of("a.example.com"), "public", null,
				new ServiceSpec.Exposure.Tls(null, "shop-cert", null, null));
		Key key = Key.credential("shop", exposure).orElseThrow();
		var before = resource(ResourceId.service("shop", "webapp"),
				new ServiceSpec(List.of(), List.of(), null, null, null, exposure, null, null, null), Map.of());
		assertThat(IndexKeys.of(before)).contains(key);
		assertThat(Key.credential("bank", exposure)).isNotEqualTo(Key.credential("shop", exposure));
		var after = resource(ResourceId.service("shop", "webapp"),
				new ServiceSpec(List.of(), List.of(), null, "another", null, exposure, null, null, null), Map.of());
		assertThat(IndexKeys.changed(before, after)).as("its neighbours need not know")
			.doesNotContain(key)
			.contains(Key.host("a.example.com"), Key.account("shop", "another"), Key.account("shop", "webapp"));
		assertThat(IndexKeys.changed(before, null)).contains(key);
		assertThat(IndexKeys.changed(null, after)).contains(key);
		assertThat(IndexKeys.changed(before, service("a.example.com", List.of()))).contains(key);
	}

	@Test
	void changeCarriesTheKeysOfBothImages() {
		assertThat(IndexKeys.changed(service("a.example.com", List.of()), service("b.example.com", List.of())))
			.contains(Key.resource(ResourceId.service("shop", "webapp")), Key.host("a.example.com"),
					Key.host("b.example.com"));
		assertThat(IndexKeys.changed(null, null)).isEmpty();
	}

	@Test
	void policyIsFoundByTargetAndByTheOtherServicesItRoutesTo() {
		HttpRule rule = new HttpRule(null, null, null,
				List.of(new Destination(null, "v1", null, null, null), new Destination("cart", null, null, null, null),
						new Destination("shop/webapp", null, null, null, null)),
				null, null, null, null, null, List.of(new HttpRule.Mirror("pay/card", null, null, null)), null, null,
				null);
		TcpRule tcp = new TcpRule(null, null, null, List.of(new Destination("db", null, null, null, null)));
		var policy = resource(new ResourceId(Kind.ROUTING_POLICY, "shop", "p"),
				new RoutingPolicySpec("webapp", List.of(rule), null, List.of(tcp), null, null), Map.of());
		assertThat(IndexKeys.of(policy)).containsExactlyInAnyOrder(Key.target(Kind.ROUTING_POLICY, "shop", "webapp"),
				Key.routesTo("shop", "cart"), Key.routesTo("pay", "card"), Key.routesTo("shop", "db"));
		assertThat(IndexKeys.claims(policy)).containsExactly(Key.target(Kind.ROUTING_POLICY, "shop", "webapp"));
	}

	@Test
	void namespaceIsFoundByHostAndCluster() {
		var namespace = resource(ResourceId.namespace("shop"),
				new NamespaceSpec(null, new NamespaceSpec.Placement(List.of("east"), null), null, null, null,
						List.of("*.example.com"), null, null, null, null, null, null, null, null, null),
				Map.of());
		assertThat(IndexKeys.of(namespace)).containsExactlyInAnyOrder(Key.placedOn("east"),
				Key.namespaceHost("*.example.com"));
		assertThat(IndexKeys.claims(namespace)).containsExactly(Key.namespaceHost("*.example.com"));
	}

	@Test
	void clusterIsFoundByLabelAndAmongAll() {
		var cluster = resource(ResourceId.cluster("east"),
				new ClusterSpec(new ClusterSpec.Connection(null, null, new ClusterSpec.Sandbox()),
						ClusterSpec.Mesh.ISTIO, null, null, null, null, null, null, null, null, null, null, null, null,
						null, null),
				Map.of("env", "prod"));
		assertThat(IndexKeys.of(cluster)).containsExactlyInAnyOrder(Key.clusters(), Key.clusterLabel("env", "prod"));
		assertThat(IndexKeys.claims(cluster)).isEmpty();
	}

	@Test
	void externalHostIsClaimedInItsNamespace() {
		var external = resource(ResourceId.service("shop", "maps"),
				new ServiceSpec(List.of(), null,
						new ServiceSpec.External(List.of("maps.example.org"), null, null, null, null, null, null), null,
						null, null, null, null, null),
				Map.of());
		assertThat(IndexKeys.claims(external)).containsExactly(IndexKeys.externalHost("shop", "maps.example.org"));
	}

	@Test
	void policyOfEachLevelHasItsOwnTargetAndClaim() {
		Map<ResourceId, String> targets = Map.of(ResourceId.of(Kind.FAILOVER_POLICY, "p"), "target=FailoverPolicy//",
				new ResourceId(Kind.FAILOVER_POLICY, "shop", "p"), "target=FailoverPolicy/shop/",
				new ResourceId(Kind.FAILOVER_POLICY, "shop", "q"), "target=FailoverPolicy/shop/webapp");
		targets.forEach((id, key) -> {
			var policy = resource(id, new FailoverPolicySpec(id.name().equals("q") ? "webapp" : null, null, null, null,
					null, null, null, null, null), Map.of());
			assertThat(IndexKeys.of(policy)).containsExactly(new Key(key));
			assertThat(IndexKeys.claims(policy)).containsExactly(new Key(key));
		});
		assertThat(PolicyTarget.above(new ServiceRef("shop", "webapp")).stream().map(PolicyTarget::toString))
			.containsExactly("the platform", "namespace shop", "service shop/webapp");
	}

	@Test
	void overridesAreFoundByTargetAndByTheBackupAndClaimNothing() {
		ResourceId id = new ResourceId(Kind.OVERRIDE, "shop", "o");
		var backup = resource(id, new OverrideSpec(new OverrideSpec.Target("webapp"),
				new OverrideSpec.Change(null, new OverrideSpec.Backup("pages/static")), "why", null), Map.of());
		assertThat(IndexKeys.of(backup)).containsExactlyInAnyOrder(Key.target(Kind.OVERRIDE, "shop", "webapp"),
				Key.routesTo("pages", "static"));
		assertThat(IndexKeys.claims(backup)).isEmpty();
		var evacuation = resource(id,
				new OverrideSpec(new OverrideSpec.Target(null),
						new OverrideSpec.Change(new OverrideSpec.Evacuate("east", null, null, null, null), null), "why",
						Instant.EPOCH),
				Map.of());
		assertThat(IndexKeys.of(evacuation)).containsExactly(Key.target(Kind.OVERRIDE, "shop", ""));
	}

}
