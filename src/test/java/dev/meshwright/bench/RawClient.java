package dev.meshwright.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.meshwright.model.ObjectKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * The peers: what a plain client does that only applies objects, rendered beforehand,
 * without deciding, recording or checking anything.
 */
final class RawClient {

	private static final long PATIENCE_SECONDS = 10;

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

	/** One server-side apply of a body that is rendered already. */
	record Call(String path, String body) {

		static Call of(GenericKubernetesResource object) {
			return of(object, "bench");
		}

		/** By another field manager. */
		static Call of(GenericKubernetesResource object, String manager) {
			ObjectKind kind = ObjectKind.of(object.getApiVersion(), object.getKind()).orElseThrow();
			String api = kind.group().isEmpty() ? "/api/" : "/apis/";
			return new Call(
					api + kind.apiVersion() + "/namespaces/" + object.getMetadata().getNamespace() + "/" + kind.plural()
							+ "/" + object.getMetadata().getName() + "?fieldManager=" + manager + "&force=true",
					Serialization.asJson(object));
		}

	}

	/** Applies, once more when there is no answer. */
	void apply(Call call) {
		send(call, request(call).patch("application/apply-patch+yaml", call.body()).build());
	}

	/** Deletes what a call applies. */
	private void delete(Call call) {
		send(call, request(call).delete("application/json", "{\"kind\": \"DeleteOptions\", \"apiVersion\": \"v1\"}")
			.build());
	}

	private HttpRequest.Builder request(Call call) {
		return this.client.getHttpClient()
			.newHttpRequestBuilder()
			.uri(this.client.getMasterUrl().toString().replaceAll("/$", "") + call.path())
			.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	private void send(Call call, HttpRequest request) {
		for (int attempt = 1;; attempt++) {
			CompletableFuture<HttpResponse<byte[]>> answer = this.client.getHttpClient()
				.sendAsync(request, byte[].class);
			try {
				HttpResponse<byte[]> response = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
				if (!response.isSuccessful()) {
					throw new IllegalStateException(call.path() + ": " + response.code() + " "
							+ new String(response.body(), StandardCharsets.UTF_8));
				}
				return;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("interrupted", ex);
			}
			catch (ExecutionException | TimeoutException ex) {
				answer.cancel(true);
				if (attempt == 2) {
					throw new IllegalStateException(call.path(), ex);
				}
				System.out.println("no answer, once more: " + call.path() + ": " + ex);
			}
		}
	}

	/** A copy of an object in another namespace. */
	static GenericKubernetesResource in(String namespace, GenericKubernetesResource object) {
		GenericKubernetesResource copy = Serialization.clone(object);
		copy.getMetadata().setNamespace(namespace);
		return copy;
	}

	/** Applies objects with a number of calls in flight. */
	void applyAll(List<Call> objects, int inFlight) {
		all(objects, inFlight, this::apply);
	}

	/** Deletes objects in the same way. */
	void deleteAll(List<Call> objects, int inFlight) {
		all(objects, inFlight, this::delete);
	}

	private static void all(List<Call> objects, int inFlight, Consumer<Call> action) {
		Semaphore slots = new Semaphore(inFlight);
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<?>> calls = new ArrayList<>();
			for (Call object : objects) {
				slots.acquire();
				calls.add(threads.submit(() -> {
					try {
						action.accept(object);
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
	}

	/** Writes objects as one file of YAML documents. */
	static Path write(List<GenericKubernetesResource> objects, Path directory) throws IOException {
		StringBuilder yaml = new StringBuilder();
		objects.forEach((object) -> yaml.append("---\n").append(Serialization.asYaml(object)).append('\n'));
		return Files.writeString(directory.resolve("kubectl.yaml"), yaml);
	}

	/** Runs {@code kubectl apply --server-side} on a file: one process, as people do. */
	static void kubectl(Path file, Path kubeconfig, Path directory) throws IOException, InterruptedException {
		Path log = directory.resolve("kubectl.log");
		Process process = new ProcessBuilder("kubectl", "--kubeconfig", kubeconfig.toString(), "apply", "--server-side",
				"-f", file.toString())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		if (process.waitFor() != 0) {
			throw new IllegalStateException("kubectl failed: " + Files.readString(log));
		}
	}

}
