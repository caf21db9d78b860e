package dev.meshwright.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;

/**
 * Watches the API server beside the application and stamps what becomes visible with this
 * JVM's clock, by which the start of each action is stamped, too.
 */
final class Observer implements AutoCloseable {

	private final Map<String, Map<ObjectRef, Long>> firstSeen = new ConcurrentHashMap<>();

	private final List<Expectation> expectations = new CopyOnWriteArrayList<>();

	private final List<Watch> watches = new ArrayList<>();

	private final LongAdder writes = new LongAdder();

	Observer(KubernetesClient client) {
		for (ObjectKind kind : ObjectKind.values()) {
			var objects = client.genericKubernetesResources(RawClient.context(kind)).inAnyNamespace();
			String from = objects.list().getMetadata().getResourceVersion();
			this.watches
				.add(objects.watch(new ListOptionsBuilder().withResourceVersion(from).build(), new Events(kind)));
		}
	}

	/** Asks for the moment at which an object is first seen to be as described. */
	CompletableFuture<Long> expect(ObjectRef ref, Predicate<GenericKubernetesResource> fulfilled) {
		Expectation expectation = new Expectation(ref, fulfilled, new CompletableFuture<>());
		this.expectations.add(expectation);
		return expectation.seenAt();
	}

	/**
	 * Waits until so many objects were seen in a namespace.
	 * @return when the last of them was first seen, by {@link System#nanoTime}
	 */
	long awaitObjects(String namespace, int count, Duration patience) {
		Map<ObjectRef, Long> seen = seen(namespace);
		long end = System.nanoTime() + patience.toNanos();
		while (seen.size() < count) {
			if (System.nanoTime() - end > 0) {
				throw new IllegalStateException(
						namespace + ": " + seen.size() + " of " + count + " objects within " + patience);
			}
			Product.sleep(5);
		}
		if (seen.size() > count) {
			throw new IllegalStateException(namespace + ": " + seen.size() + " objects instead of " + count);
		}
		return Collections.max(seen.values());
	}

	private Map<ObjectRef, Long> seen(String namespace) {
		return this.firstSeen.computeIfAbsent(namespace, (name) -> new ConcurrentHashMap<>());
	}

	/** How often an object was written or deleted until now, by whomever. */
	long writes() {
		return this.writes.sum();
	}

	/** Waits for what was asked for. */
	static long await(CompletableFuture<Long> seenAt, Duration patience) {
		try {
			return seenAt.get(patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IllegalStateException("not visible within " + patience, ex);
		}
	}

	/** When the last of what was asked for was seen. */
	static long last(List<CompletableFuture<Long>> seen, Duration patience) {
		return seen.stream().mapToLong((each) -> await(each, patience)).max().orElseThrow();
	}

	@Override
	public void close() {
		this.watches.forEach(Watch::close);
	}

	private record Expectation(ObjectRef ref, Predicate<GenericKubernetesResource> fulfilled,
			CompletableFuture<Long> seenAt) {
	}

	private final class Events implements Watcher<GenericKubernetesResource> {

		private final ObjectKind kind;

		private Events(ObjectKind kind) {
			this.kind = kind;
		}

		@Override
		public void eventReceived(Action action, GenericKubernetesResource resource) {
			long now = System.nanoTime();
			String namespace = resource.getMetadata().getNamespace();
			ObjectRef ref = new ObjectRef(this.kind, (namespace != null) ? namespace : "",
					resource.getMetadata().getName());
			seen(ref.namespace()).putIfAbsent(ref, now);
			Observer.this.writes.increment();
			if (action == Action.DELETED) {
				// tells what it was
				return;
			}
			for (Expectation expectation : Observer.this.expectations) {
				if (expectation.ref().equals(ref) && expectation.fulfilled().test(resource)) {
					Observer.this.expectations.remove(expectation);
					expectation.seenAt().complete(now);
				}
			}
		}

		@Override
		public void onClose(WatcherException cause) {
			Observer.this.expectations.forEach((expectation) -> expectation.seenAt().completeExceptionally(cause));
		}

	}

}
