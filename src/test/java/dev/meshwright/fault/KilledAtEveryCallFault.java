package dev.meshwright.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.meshwright.e2e.ApiServerProxy.Seen;
import dev.meshwright.e2e.ShopDeclaration;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Kill -9 before and after each call of an update and of a removal. */
class KilledAtEveryCallFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of("meshwright.reconcile.lease", "3s"));

	private final FaultRig rig = SHARED.get();

	private final String namespace = "killed-at-" + COUNT.incrementAndGet();

	private final AtomicInteger calls = new AtomicInteger();

	private volatile boolean over;

	/** Plays the Deployment controller, as a route waits for what it leads to. */
	@BeforeEach
	void control() {
		Thread.startVirtualThread(() -> {
			while (!this.over) {
				try {
					this.rig.live(this.namespace).makeDeploymentsAvailable();
				}
				catch (KubernetesClientException ex) {
					// it was changed or deleted at the same moment
				}
				FaultRig.sleep(Duration.ofMillis(200));
			}
		});
	}

	@AfterEach
	void end() {
		this.over = true;
	}

	@BeforeEach
	void declare() {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		new Oracle(this.rig, List.of(this.namespace)).converges();
	}

	@ParameterizedTest
	@CsvSource({ "before,1", "after,1", "before,2", "after,2", "before,3", "after,3", "before,4", "after,4", "before,5",
			"after,5", "before,6", "after,6" })
	void ofAnUpdateOfVersionsAndRoute(String when, int call) throws Exception {
		killAt(when, call);
		write(ShopDeclaration.of(this.namespace, 40)
			.replace(":1.29", ":1.31")
			.replace("name: v2", "name: v3")
			.replace("version: v2", "version: v3"));
		assertKilledAndWhole(call);
	}

	@ParameterizedTest
	@CsvSource({ "before,1", "after,1", "before,2", "after,2", "before,3", "after,3", "before,4", "after,4", "before,5",
			"after,5", "before,6", "after,6" })
	void ofARemoval(String when, int call) throws Exception {
		killAt(when, call);
		write("""
				kind: ChangeSet
				delete:
				  - {kind: RoutingPolicy, metadata: {namespace: %1$s, name: webapp}}
				  - {kind: Service, metadata: {namespace: %1$s, name: webapp}}
				""".formatted(this.namespace));
		assertKilledAndWhole(call);
		assertThat(this.rig.live(this.namespace).resourceVersions()).as("orphans").isEmpty();
		FaultRig.await("the service is gone",
				() -> this.rig.api().get(ShopDeclaration.service(this.namespace)).status() == 404);
	}

	/** The process may die before it answers, but not before it has committed. */
	private void write(String changeSet) {
		try {
			assertThat(this.rig.api().changeSet(changeSet).status()).isEqualTo(200);
		}
		catch (IllegalStateException ex) {
			// killed meanwhile
		}
	}

	private void killAt(String when, int call) {
		Consumer<Seen> kill = (request) -> {
			if (request.mutates() && request.path().contains("/" + this.namespace + "/")
					&& this.calls.incrementAndGet() == call) {
				this.rig.replicas.getFirst().kill();
				if (when.equals("before")) {
					throw new UncheckedIOException(new IOException("killed"));
				}
			}
		};
		if (when.equals("before")) {
			this.rig.proxy.before(kill);
		}
		else {
			this.rig.proxy.after(kill);
		}
	}

	private void assertKilledAndWhole(int call) throws Exception {
		FaultRig.await("the call at which it is killed", () -> !this.rig.replicas.getFirst().alive());
		assertThat(this.calls.get()).as("it was killed at work").isGreaterThanOrEqualTo(call);
		this.rig.heal();
		new Oracle(this.rig, List.of(this.namespace)).check();
	}

}
