package dev.meshwright.cluster;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The shared server is what the other tests take it for. */
class RealApiServerIT {

	@Test
	void servesAFreshNamespaceAndIstiosKinds() {
		RealApiServer server = RealApiServer.get();
		String namespace = server.freshNamespace();
		assertThat(server.client().namespaces().withName(namespace).get()).isNotNull();
		assertThat(server.client().apiextensions().v1().customResourceDefinitions().list().getItems())
			.extracting((crd) -> crd.getMetadata().getName())
			.contains("virtualservices.networking.istio.io", "httproutes.gateway.networking.k8s.io");
		assertThat(server.kubeconfig()).contains("client-key-data").doesNotContain("client-key:");
	}

}
