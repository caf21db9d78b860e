package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A caller whose account changes is known by both, until its pods have only the new one.
 */
class FormerAccountTest {

	private static final String SHOP = """
			kind: Cluster
			metadata: {name: east}
			spec: {mesh: istio, connection: {sandbox: {}}}
			---
			kind: Namespace
			metadata: {name: shop}
			spec: {injection: sidecar, placement: {clusters: [east]}}
			---
			kind: Service
			metadata: {namespace: shop, name: webapp}
			spec: {ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, selector: {app: webapp}}]}
			---
			kind: Service
			metadata: {namespace: shop, name: front}
			spec: {serviceAccount: new, ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, workload: {image: a}}]}
			---
			kind: SecurityPolicy
			metadata: {namespace: shop, name: webapp}
			spec: {service: webapp, mutualTLS: {mode: STRICT}, access: {allow: [{from: [{services: [front]}]}], deny: [{from: [{notServices: [front]}]}]}}
			""";

	@Test
	void bothAreMeantWhereverTheServiceIsNamed() {
		SecurityModel model = compile(SHOP, "new", "old");
		SecurityModel.Source allowed = model.enforced().allow().getFirst().from().getFirst();
		assertThat(allowed.identities().stream().map((identity) -> identity.principal().orElseThrow()))
			.containsExactly("cluster.local/ns/shop/sa/new", "cluster.local/ns/shop/sa/old");
		assertThat(model.enforced().deny().getFirst().from().getFirst().notPrincipals())
			.containsExactly("cluster.local/ns/shop/sa/new", "cluster.local/ns/shop/sa/old");
	}

	@Test
	void onlyTheDeclaredOneOnceItIsTheOnlyOne() {
		assertThat(compile(SHOP, "new").enforced().allow().getFirst().from().getFirst().identities()).hasSize(1);
		assertThat(compile(SHOP).enforced().allow().getFirst().from().getFirst().identities()).hasSize(1);
	}

	@Test
	void aFormerAccountThatAnotherServiceHasNowIsThatOnes() {
		SecurityModel model = compile(
				SHOP + """
						---
						kind: Service
						metadata: {namespace: shop, name: other}
						spec: {serviceAccount: old, ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, selector: {app: o}}]}
						""",
				"new", "old");
		assertThat(model.enforced().allow().getFirst().from().getFirst().identities()).hasSize(1);
	}

	private static SecurityModel compile(String yaml, String... inUse) {
		AtomicReference<ServiceModel> seen = new AtomicReference<>();
		Snapshot snapshot = new InUse(Declared.snapshot(Declared.documents(yaml)), List.of(inUse));
		Compilation compilation = TestRenderers.compiler(seen).compile(new UnitId("east", "shop", "webapp"), snapshot);
		assertThat(compilation.hasErrors()).as(compilation.diagnostics().toString()).isFalse();
		assertThat(compilation.reads()).contains(Key.accountsInUse("shop", "front"));
		return seen.get().security();
	}

	private record InUse(Snapshot snapshot, List<String> accounts) implements Snapshot {

		@Override
		public long revision() {
			return this.snapshot.revision();
		}

		@Override
		public Optional<Resource<?>> find(ResourceId id) {
			return this.snapshot.find(id);
		}

		@Override
		public List<Resource<?>> index(Key key) {
			return this.snapshot.index(key);
		}

		@Override
		public Optional<ClusterFacts> facts(String cluster) {
			return this.snapshot.facts(cluster);
		}

		@Override
		public SortedSet<String> accountsInUse(ServiceRef service) {
			return service.name().equals("front") ? new TreeSet<>(this.accounts) : new TreeSet<>();
		}

	}

}
