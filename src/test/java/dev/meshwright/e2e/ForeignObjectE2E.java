package dev.meshwright.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What others have put into a cluster is left alone and named. */
class ForeignObjectE2E {

	@Test
	void foreignObjectOfTheSameNameIsNotTouched(@TempDir Path directory) throws Exception {
		String namespace = "foreign";
		try (ClusterUnderTest cluster = new ClusterUnderTest(directory, Map.of())) {
			cluster.kubernetes
				.resource(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
				.create();
			cluster.live(namespace).create(somebodyElsesVirtualService());
			String before = cluster.live(namespace).get("VirtualService", "webapp").getMetadata().getResourceVersion();

			assertThat(cluster.api().changeSet(ShopDeclaration.of(namespace, 90)).status()).isEqualTo(200);
			var condition = cluster.api()
				.awaitReason(ShopDeclaration.routingPolicy(namespace), "Programmed", "Conflict");

			assertThat(condition.path("status").asString()).isEqualTo("False");
			assertThat(condition.path("message").asString()).contains("VirtualService").contains("foreign/webapp");
			GenericKubernetesResource after = cluster.live(namespace).get("VirtualService", "webapp");
			assertThat(after.getMetadata().getResourceVersion()).isEqualTo(before);
			assertThat(cluster.live(namespace).get("Deployment", "webapp-v1")).as("the rest is pushed").isNotNull();
		}
	}

	private static GenericKubernetesResource somebodyElsesVirtualService() {
		GenericKubernetesResource resource = new GenericKubernetesResource();
		resource.setApiVersion("networking.istio.io/v1");
		resource.setKind("VirtualService");
		resource.setMetadata(new ObjectMetaBuilder().withName("webapp").build());
		resource.setAdditionalProperty("spec", Map.of("hosts", List.of("somebody.else.example"), "http",
				List.of(Map.of("route", List.of(Map.of("destination", Map.of("host", "somebody.else.example")))))));
		return resource;
	}

}
