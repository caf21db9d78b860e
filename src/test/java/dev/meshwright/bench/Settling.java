package dev.meshwright.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;

/**
 * A new version that gets a share of the route: its Deployment is made and reported
 * available at once, then the cluster's settle time passes, then the route moves.
 */
final class Settling {

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	private final Rig rig;

	private final Product product;

	private final String namespace;

	Settling(Rig rig, Product product, String namespace) {
		this.rig = rig;
		this.product = product;
		this.namespace = namespace;
	}

	Samples measure(String name, int services) throws IOException, SQLException {
		Samples samples = new Samples(name);
		Fleet before = new Fleet();
		for (int i = 0; i < services; i++) {
			before.managed(this.namespace, "settle-" + i);
		}
		this.product.put(new Fleet().namespace(this.namespace, "bench"));
		this.product.put(before);
		this.product.awaitSettled();
		Product.sleep(2000);
		for (int i = 0; i < services; i++) {
			samples.add(addVersion("settle-" + i));
		}
		return samples;
	}

	private double addVersion(String service) throws IOException {
		CompletableFuture<Long> made = this.rig.observer()
			.expect(new ObjectRef(ObjectKind.DEPLOYMENT, this.namespace, service + "-v3"), (object) -> true);
		CompletableFuture<Long> switched = this.rig.observer()
			.expect(new ObjectRef(ObjectKind.VIRTUAL_SERVICE, this.namespace, service), Settling::routesToThree);
		this.product.put(new Fleet().managed(this.namespace, service, List.of("v1", "v2", "v3")));
		long accepted = System.nanoTime();
		Observer.await(made, PATIENCE);
		sayAvailable(service + "-v3");
		return (Observer.await(switched, PATIENCE) - accepted) / 1e6;
	}

	private static boolean routesToThree(GenericKubernetesResource virtualService) {
		return virtualService.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec
				&& spec.get("http") instanceof List<?> http && http.getFirst() instanceof Map<?, ?> rule
				&& rule.get("route") instanceof List<?> route && route.size() == 3;
	}

	/** There is no controller that would start pods. */
	private void sayAvailable(String name) {
		Deployment deployment = this.rig.looker()
			.apps()
			.deployments()
			.inNamespace(this.namespace)
			.withName(name)
			.require();
		this.rig.looker().resource(deployment).editStatus((live) -> {
			int replicas = live.getSpec().getReplicas();
			live.setStatus(new DeploymentStatusBuilder().withObservedGeneration(live.getMetadata().getGeneration())
				.withReplicas(replicas)
				.withReadyReplicas(replicas)
				.withUpdatedReplicas(replicas)
				.withAvailableReplicas(replicas)
				.build());
			return live;
		});
	}

}
