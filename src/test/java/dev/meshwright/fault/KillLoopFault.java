package dev.meshwright.fault;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of two processes is killed every few seconds while ten thousand objects are made.
 * {@code -Dfault.objects} and {@code -Dfault.minutes} make it smaller or longer.
 */
class KillLoopFault {

	private static final int OBJECTS = Integer.getInteger("fault.objects", 10_000);

	private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("fault.minutes", 10));

	/** A Deployment, a Service, an account, a VirtualService or DestinationRule. */
	private static final int OBJECTS_A_SERVICE = 4;

	private static final int SERVICES = 250;

	@Test
	void progressIsKeptAndNothingIsDoneTwice(@TempDir Path directory) throws Exception {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		int kills = 0;
		try (FaultRig rig = FaultRig.start(directory, 2, Map.of("meshwright.reconcile.lease", "6s"))) {
			List<String> namespaces = new ArrayList<>();
			for (int number = 0; number * SERVICES * OBJECTS_A_SERVICE < OBJECTS; number++) {
				namespaces.add("kill-loop-" + number);
				rig.declare(FleetDeclaration.of(namespaces.getLast(), SERVICES, "example/app:1"));
			}
			long end = System.nanoTime() + TIME.toNanos();
			long most = 0;
			Oracle oracle = new Oracle(rig, namespaces);
			while (System.nanoTime() < end) {
				FaultRig.sleep(Duration.ofMillis(5000 + random.nextLong(25_000)));
				var victim = rig.replicas.get(random.nextInt(2));
				victim.kill();
				kills++;
				victim.start();
				long made = made(rig);
				assertThat(made).as("objects made, kill %s, seed %s", kills, seed).isGreaterThanOrEqualTo(most);
				most = made;
			}
			oracle.check();
			assertThat(kills).isGreaterThanOrEqualTo(3);
			assertThat((double) rig.proxy.log().done().size()).as("writes for %s objects", made(rig))
				.isLessThanOrEqualTo(1.5 * made(rig));
		}
	}

	private static long made(FaultRig rig) {
		return rig.proxy.log()
			.done()
			.stream()
			.filter((each) -> each.seen().method().equals("PATCH"))
			.map((each) -> each.seen().object())
			.distinct()
			.count();
	}

}
