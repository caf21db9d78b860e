package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

import dev.meshwright.model.ObjectKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * The peers: what a plain client does that only applies objects, without deciding,
 * recording or checking anything.
 */
final class RawClient {

	private final KubernetesClient client;

	RawClient(KubernetesClient client) {
		this.client = client;
	}

	static ResourceDefinitionContext context(ObjectKind kind) {
		String apiVersion = kind.apiVersion();
		return new ResourceDefinitionContext.Builder().withGroup(kind.group())
			.withVersion(apiVersion.substring(apiVersion.indexOf('/') + 1))
			.withKind(kind.kind())
			.withPlural(kind.plural())
			.withNamespaced(kind.namespaced())
			.build();
	}

	/** One server-side apply. */
	void apply(GenericKubernetesResource object) {
		ObjectKind kind = ObjectKind.of(object.getApiVersion(), object.getKind()).orElseThrow();
		this.client.genericKubernetesResources(context(kind))
			.inNamespace(object.getMetadata().getNamespace())
			.resource(object)
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager("bench")
				.withForce(true)
				.build());
	}

	/** Makes a namespace that is not ours. */
	void createNamespace(String name) {
		this.client.resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build()).create();
	}

	/**
	 * Applies objects with a number of calls in flight.
	 * @return objects a second
	 */
	double applyAll(List<GenericKubernetesResource> objects, int inFlight) {
		Semaphore slots = new Semaphore(inFlight);
		long start = System.nanoTime();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<?>> calls = new ArrayList<>();
			for (GenericKubernetesResource object : objects) {
				slots.acquire();
				calls.add(threads.submit(() -> {
					try {
						apply(object);
					}
					finally {
						slots.release();
					}
				}));
			}
			for (Future<?> call : calls) {
				call.get();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("a raw apply failed", ex);
		}
		return objects.size() / ((System.nanoTime() - start) / 1e9);
	}

	/**
	 * Applies objects with {@code kubectl apply --server-side}, one process, one file.
	 * @return objects a second, the process's start included
	 */
	static double kubectl(List<GenericKubernetesResource> objects, Path kubeconfig, Path directory)
			throws IOException, InterruptedException {
		Path file = directory.resolve("kubectl.yaml");
		StringBuilder yaml = new StringBuilder();
		objects.forEach((object) -> yaml.append("---\n").append(Serialization.asYaml(object)).append('\n'));
		Files.writeString(file, yaml);
		Path log = directory.resolve("kubectl.log");
		long start = System.nanoTime();
		Process process = new ProcessBuilder("kubectl", "--kubeconfig", kubeconfig.toString(), "apply", "--server-side",
				"-f", file.toString())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		if (process.waitFor() != 0) {
			throw new IllegalStateException("kubectl failed: " + Files.readString(log));
		}
		return objects.size() / ((System.nanoTime() - start) / 1e9);
	}

}
