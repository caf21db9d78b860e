package dev.meshwright.fault;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.meshwright.e2e.Injected;
import dev.meshwright.e2e.ShopDeclaration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** SIGTERM while a call gets no answer for longer than stopping may last. */
class StoppedAtWorkFault {

	@Test
	void whatCannotBeFinishedIsGivenBackAtOnce(@TempDir Path directory) throws Exception {
		String namespace = "stopped-at-work";
		try (FaultRig rig = FaultRig.start(directory, 2,
				Map.of("meshwright.reconcile.lease", "10m", "meshwright.cluster-request-timeout", "10m"))) {
			rig.declare(ShopDeclaration.of(namespace, 90));
			new Oracle(rig, List.of(namespace)).converges();
			rig.replicas.get(1).pause();
			CountDownLatch released = new CountDownLatch(1);
			rig.proxy.faults((request) -> request.caller().equals("replica-0") && request.mutates()
					? new Injected.Hold(released) : Injected.NONE);
			rig.declare(ShopDeclaration.routing(namespace, 40));
			FaultRig.await("a call hangs", () -> rig.proxy.log().faults() > 0);
			rig.replicas.getFirst().stop();
			assertThat(
					rig.database.sql("select count(*) from unit where worker is not null").query(Long.class).single())
				.as("claims that are left")
				.isZero();
			rig.replicas.get(1).resume();
			rig.proxy.faults((request) -> Injected.NONE);
			// long before the lease would be over
			new Oracle(rig, List.of(namespace)).converges();
			released.countDown();
			new Oracle(rig, List.of(namespace)).check();
		}
	}

}
