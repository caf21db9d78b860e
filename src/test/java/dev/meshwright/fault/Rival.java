package dev.meshwright.fault;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * Another controller, with a field manager of its own, that owns fields of an object: it
 * applies them by force, as controllers do.
 */
final class Rival {

	static final String NAME = "rival-controller";

	private final FaultRig rig;

	private final String object;

	private final AtomicInteger beats = new AtomicInteger();

	/** One that is after an object of a namespace. */
	Rival(FaultRig rig, String apiVersion, String kind, String namespace, String name) {
		this.rig = rig;
		this.object = """
				apiVersion: %s
				kind: %s
				metadata:
				  namespace: %s
				  name: %s
				""".formatted(apiVersion, kind, namespace, name);
	}

	/**
	 * Owns these fields from now on, and no others.
	 * @param fields as YAML; empty for none
	 */
	void owns(String fields) {
		apply(this.object + fields);
	}

	/**
	 * Says that it is alive and owns the same fields: the object moves each time, as one
	 * does that carries a heartbeat or a status.
	 */
	void beats(String fields) {
		apply(this.object + "  annotations: {rival.example/beat: \"" + this.beats.incrementAndGet() + "\"}\n" + fields);
	}

	/** Insists on its fields, again and again, until it is closed. */
	Insistence insists(String fields, Duration every) {
		return new Insistence(fields, every);
	}

	private void apply(String yaml) {
		this.rig.kubernetes.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager(NAME)
				.withForce(true)
				.build(), yaml);
	}

	/** What it does meanwhile. */
	final class Insistence implements AutoCloseable {

		private final AtomicInteger rounds = new AtomicInteger();

		private final Thread thread;

		private volatile boolean closed;

		private Insistence(String fields, Duration every) {
			this.thread = Thread.ofVirtual().start(() -> {
				while (!this.closed) {
					beats(fields);
					this.rounds.incrementAndGet();
					FaultRig.sleep(every);
				}
			});
		}

		int rounds() {
			return this.rounds.get();
		}

		@Override
		public void close() {
			this.closed = true;
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
