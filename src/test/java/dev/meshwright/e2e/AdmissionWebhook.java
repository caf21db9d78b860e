package dev.meshwright.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * A validating webhook that refuses what is done to VirtualServices in one namespace
 * while it is switched on.
 */
public final class AdmissionWebhook implements AutoCloseable {

	public static final String MESSAGE = "the change freeze is on until Monday";

	private static final String NAME = "freeze.meshwright.test";

	private final AdmissionServer server = new AdmissionServer((request) -> {
		LockSupport.parkNanos(this.delay.toNanos());
		return """
				"allowed": %s, "status": {"code": 403, "message": "%s"}""".formatted(!this.refusing, MESSAGE);
	});

	private final KubernetesClient kubernetes;

	private volatile boolean refusing = true;

	private volatile Duration delay = Duration.ZERO;

	/** One that refuses every change. */
	public AdmissionWebhook(KubernetesClient kubernetes, String namespace) {
		this(kubernetes, namespace, "CREATE", "UPDATE");
	}

	/**
	 * One that refuses some operations.
	 * @param kubernetes an administrator's client
	 * @param namespace where
	 * @param operations which, such as {@code DELETE}
	 */
	public AdmissionWebhook(KubernetesClient kubernetes, String namespace, String... operations) {
		this.kubernetes = kubernetes;
		kubernetes.resource(configuration(namespace, operations)).create();
	}

	private ValidatingWebhookConfiguration configuration(String namespace, String... operations) {
		return new ValidatingWebhookConfigurationBuilder().withNewMetadata()
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
			.withApiGroups("networking.istio.io")
			.withApiVersions("*")
			.withOperations(operations)
			.withResources("virtualservices")
			.endRule()
			.endWebhook()
			.build();
	}

	/** Lets everything pass from now on. */
	public void allow() {
		this.refusing = false;
	}

	/** Answers so late from now on. */
	public void delay(Duration delay) {
		this.delay = delay;
	}

	/** Does not answer at all any more, while the API server goes on asking. */
	public void unplug() {
		this.server.close();
	}

	@Override
	public void close() {
		this.kubernetes.admissionRegistration().v1().validatingWebhookConfigurations().withName(NAME).delete();
		this.server.close();
	}

}
