package dev.meshwright.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A validating webhook that refuses every change of VirtualServices in one namespace
 * while it is switched on.
 */
public final class AdmissionWebhook implements AutoCloseable {

	public static final String MESSAGE = "the change freeze is on until Monday";

	private static final String NAME = "freeze.meshwright.test";

	private final LoopbackTls tls = LoopbackTls.create();

	private final HttpsServer server;

	private final KubernetesClient kubernetes;

	private volatile boolean refusing = true;

	public AdmissionWebhook(KubernetesClient kubernetes, String namespace) {
		this.kubernetes = kubernetes;
		try {
			this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		this.server.setHttpsConfigurator(new HttpsConfigurator(this.tls.serverContext()));
		this.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		this.server.createContext("/", this::review);
		this.server.start();
		kubernetes.resource(configuration(namespace)).create();
	}

	private io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration configuration(
			String namespace) {
		return new ValidatingWebhookConfigurationBuilder().withNewMetadata()
			.withName(NAME)
			.endMetadata()
			.addNewWebhook()
			.withName(NAME)
			.withAdmissionReviewVersions("v1")
			.withSideEffects("None")
			.withFailurePolicy("Fail")
			.withNewClientConfig()
			.withUrl("https://127.0.0.1:" + this.server.getAddress().getPort() + "/")
			.withCaBundle(this.tls.caBundle())
			.endClientConfig()
			.withNewNamespaceSelector()
			.addToMatchLabels("kubernetes.io/metadata.name", namespace)
			.endNamespaceSelector()
			.addNewRule()
			.withApiGroups("networking.istio.io")
			.withApiVersions("*")
			.withOperations("CREATE", "UPDATE")
			.withResources("virtualservices")
			.endRule()
			.endWebhook()
			.build();
	}

	/** Lets changes pass from now on. */
	public void allow() {
		this.refusing = false;
	}

	private void review(HttpExchange exchange) throws IOException {
		try (exchange) {
			JsonNode review = JsonMapper.shared().readTree(exchange.getRequestBody());
			String answer = """
					{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
					 "response": {"uid": "%s", "allowed": %s, "status": {"code": 403, "message": "%s"}}}
					""".formatted(review.path("request").path("uid").asString(), !this.refusing, MESSAGE);
			byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, bytes.length);
			exchange.getResponseBody().write(bytes);
		}
	}

	@Override
	public void close() {
		this.kubernetes.admissionRegistration().v1().validatingWebhookConfigurations().withName(NAME).delete();
		this.server.stop(0);
	}

}
