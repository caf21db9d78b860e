package dev.meshwright.fault;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.ShopDeclaration;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Somebody whom a fault does not concern (I7): changes a route, waits until the change is
 * live, and begins again, until it is closed.
 */
final class Bystander implements AutoCloseable {

	private static final int FEWEST = 5;

	private final AtomicInteger rounds = new AtomicInteger();

	private final Thread thread;

	private volatile boolean closed;

	/**
	 * Starts.
	 * @param rig where
	 * @param journal where its writes are written down
	 * @param namespace its own, declared in the journal
	 */
	Bystander(FaultRig rig, Journal journal, String namespace) {
		this.thread = Thread.ofVirtual().start(() -> {
			while (!this.closed) {
				try {
					round(rig, journal, namespace);
				}
				catch (IllegalStateException | NoSuchElementException ex) {
					// the only replica is being started again, and answers later
					FaultRig.sleep(Duration.ofMillis(50));
				}
			}
		});
	}

	private void round(FaultRig rig, Journal journal, String namespace) {
		journal.write(rig.api(), namespace);
		while (!isLive(rig, namespace)) {
			if (this.closed) {
				return;
			}
			FaultRig.sleep(Duration.ofMillis(50));
		}
		this.rounds.incrementAndGet();
	}

	private static boolean isLive(FaultRig rig, String namespace) {
		int weight = Journal.weight(rig.api().get(ShopDeclaration.routingPolicy(namespace)).body());
		return weights(rig, namespace).contains(String.valueOf(weight));
	}

	/** The weights that the live route of a shop says. */
	static List<String> weights(FaultRig rig, String namespace) {
		GenericKubernetesResource route = rig.live(namespace).get("VirtualService", "webapp");
		return JsonMapper.shared().readTree(Serialization.asJson(route)).findValuesAsString("weight");
	}

	/** That it still gets on while the fault lasts. */
	void assertUnharmed() {
		int before = this.rounds.get();
		FaultRig.await("a bystander's changes go live", () -> this.rounds.get() > before + 1);
		assertThat(this.rounds.get()).as("I7: changes of a bystander that went live").isGreaterThanOrEqualTo(FEWEST);
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
