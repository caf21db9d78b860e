package dev.meshwright.e2e;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import tools.jackson.databind.JsonNode;

/**
 * A mutating webhook for the Deployments of one namespace: it takes images from another
 * registry, takes the first variable away, and adds a container and a label.
 */
public final class RewritingWebhook implements AutoCloseable {

	public static final String REGISTRY = "mirror.example/";

	private static final String NAME = "rewrite.meshwright.test";

	private final AdmissionServer server = new AdmissionServer(RewritingWebhook::verdict);

	private final KubernetesClient kubernetes;

	/**
	 * One that is asked as soon as the API server heeds it.
	 * @param kubernetes an administrator's client
	 */
	public RewritingWebhook(KubernetesClient kubernetes, String namespace) {
		this.kubernetes = kubernetes;
		kubernetes.resource(configuration(namespace)).create();
	}

	private MutatingWebhookConfiguration configuration(String namespace) {
		return new MutatingWebhookConfigurationBuilder().withNewMetadata()
			.withName(NAME)
			.endMetadata()
			.addNewWebhook()
			.withName(NAME)
			.withAdmissionReviewVersions("v1")
			.withSideEffects("None")
			.withFailurePolicy("Fail")
			.withClientConfig(this.server.reachedAt())
			.withNewNamespaceSelector()
			.addToMatchLabels("kubernetes.io/metadata.name", namespace)
			.endNamespaceSelector()
			.addNewRule()
			.withApiGroups("apps")
			.withApiVersions("*")
			.withOperations("CREATE", "UPDATE")
			.withResources("deployments")
			.endRule()
			.endWebhook()
			.build();
	}

	private static String verdict(JsonNode request) {
		JsonNode template = request.at("/object/spec/template");
		JsonNode containers = template.at("/spec/containers");
		List<String> operations = new ArrayList<>();
		String image = containers.path(0).path("image").asString("");
		if (!image.startsWith(REGISTRY)) {
			operations
				.add(operation("replace", "/spec/template/spec/containers/0/image", "\"" + REGISTRY + image + "\""));
		}
		if (containers.path(0).has("env")) {
			operations.add("{\"op\": \"remove\", \"path\": \"/spec/template/spec/containers/0/env/0\"}");
		}
		if (containers.size() == 1) {
			operations.add(operation("add", "/spec/template/spec/containers/-",
					"{\"name\": \"agent\", \"image\": \"agent:1\"}"));
		}
		operations.add(operation("add", "/metadata/labels/scanned", "\"yes\""));
		String patch = Base64.getEncoder()
			.encodeToString(("[" + String.join(",", operations) + "]").getBytes(StandardCharsets.UTF_8));
		return "\"allowed\": true, \"patchType\": \"JSONPatch\", \"patch\": \"" + patch + "\"";
	}

	private static String operation(String name, String path, String value) {
		return "{\"op\": \"%s\", \"path\": \"%s\", \"value\": %s}".formatted(name, path, value);
	}

	/** Ends it for what is written from now on. */
	@Override
	public void close() {
		this.kubernetes.admissionRegistration().v1().mutatingWebhookConfigurations().withName(NAME).delete();
		this.server.close();
	}

}
