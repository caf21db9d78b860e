package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.ObjectKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** The loop itself: what it takes on, and when; how it stops; whom it holds up. */
@ExtendWith(OutputCaptureExtension.class)
class ReconcileLoopIT {

	private final ClusterGateway east = TestGateways.sandbox();

	private World world;

	private ReconcileLoop loop;

	@BeforeEach
	void make() {
		this.world = new World(this.east, "shop");
		this.loop = loop(Duration.ofMinutes(10), Duration.ofSeconds(10));
	}

	@AfterEach
	void close() {
		this.world.gateway.before = (apply) -> apply;
		this.loop.stop();
		this.world.close();
	}

	private ReconcileLoop loop(Duration resync, Duration lease) {
		return this.world
			.loop(new ReconcileProperties(true, resync, Duration.ofSeconds(1), Duration.ofMillis(100), lease, 64, 128));
	}

	@Test
	void pushesWhatIsDeclaredBeforeAndAfterItsStart() {
		declare("web");
		this.loop.start();
		await(() -> isProgrammed("web"));
		declare("api");
		await(() -> isProgrammed("api"));
	}

	@Test
	void aStopFinishesWhatIsUnderWayAndTakesOnNothingNew() throws Exception {
		CountDownLatch reached = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		hold("web", reached, released);
		this.loop.start();
		declare("web");
		assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
		Thread stop = Thread.startVirtualThread(this.loop::stop);
		Thread.sleep(300);
		declare("later");
		Thread.sleep(300);
		assertThat(stop.isAlive()).as("waits for what is under way").isTrue();
		released.countDown();
		stop.join();
		assertThat(this.loop.isRunning()).isFalse();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(count("unit where worker is not null")).as("claims left behind").isZero();
		assertThat(count("unit where service = 'later' and fence > 0")).as("taken on").isZero();
		this.loop.start();
		await(() -> isProgrammed("later"));
	}

	@Test
	void aSlowPushKeepsItsClaimBeyondTheLease() throws Exception {
		this.loop = loop(Duration.ofMinutes(10), Duration.ofMillis(900));
		CountDownLatch reached = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		this.loop.start();
		declare("web");
		await(() -> isProgrammed("web"));
		hold("web", reached, released);
		this.world.declare("web", Objects.service("shop", "web", 81));
		assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
		long fence = fence("web");
		Thread.sleep(2500);
		assertThat(this.world.claim("rival")).isEmpty();
		released.countDown();
		await(() -> this.world.live(Objects.service("shop", "web", 81).ref()).body().toString().contains("port=81"));
		assertThat(fence("web")).isEqualTo(fence);
	}

	@Test
	void aScheduledResyncHealsWhatIsMissing() {
		this.loop = loop(Duration.ofMillis(300), Duration.ofSeconds(10));
		this.loop.start();
		declare("web");
		await(() -> isProgrammed("web"));
		var ref = Objects.service("shop", "web", 80).ref();
		String uid = this.world.live(ref).uid();
		this.east.delete(ref, uid, null);
		await(() -> this.east.get(ref).filter((live) -> !live.uid().equals(uid)).isPresent());
	}

	@Test
	void aDeadClusterHoldsUpNoOther() {
		AtomicBoolean dead = new AtomicBoolean();
		WatchedGateway west = this.world.cluster("west", TestGateways.sandbox());
		west.always = () -> {
			if (dead.get()) {
				World.sleep(Duration.ofMillis(500));
				throw new ClusterFailure.Unavailable("no route to host");
			}
		};
		this.world.placed = java.util.Set.of("east", "west");
		this.loop.start();
		declare("web");
		await(() -> isProgrammed("web") && isProgrammed("web", "west"));
		dead.set(true);
		for (int number = 0; number < 20; number++) {
			declare("s" + number);
		}
		await(() -> isProgrammed("s19"));
		await(() -> reason("s1", "west").equals("Unreachable"));
		assertThat(this.world.programmed("s1", "west").status()).isEqualTo(Status.UNKNOWN);
		dead.set(false);
		await(() -> isProgrammed("s19", "west"));
	}

	@Test
	void aSecondClusterThatIsTheSameOneGetsNoPushes(CapturedOutput output) {
		this.loop.start();
		declare("web");
		await(() -> isProgrammed("web"));
		WatchedGateway twin = this.world.cluster("twin", this.east);
		this.world.place("east", "twin");
		await(() -> reason("web", "twin").equals("WrongCluster"));
		assertThat(twin.writes).isEmpty();
		assertThat(this.world.programmed("web", "twin").message()).contains("east", "Delete one of the two");
		assertThat(this.world.programmed("web", "twin").status()).isNotEqualTo(Status.TRUE);
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		await(() -> output.getOut().contains("Nothing is pushed to cluster twin (WrongCluster): "));
	}

	private void hold(String service, CountDownLatch reached, CountDownLatch released) {
		this.world.gateway.before = (apply) -> {
			if (apply.ref().kind() == ObjectKind.SERVICE && apply.ref().name().equals(service)) {
				reached.countDown();
				try {
					assertThat(released.await(30, TimeUnit.SECONDS)).isTrue();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
			return apply;
		};
	}

	private void declare(String service) {
		this.world.declare(service, Objects.account("shop", service), Objects.service("shop", service, 80));
	}

	private boolean isProgrammed(String service) {
		return isProgrammed(service, World.CLUSTER);
	}

	private boolean isProgrammed(String service, String cluster) {
		return reason(service, cluster).equals("Programmed");
	}

	private String reason(String service, String cluster) {
		try {
			return this.world.condition(service, cluster, Condition.Type.PROGRAMMED).reason();
		}
		catch (java.util.NoSuchElementException ex) {
			return "";
		}
	}

	private static void await(BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("came in time").isLessThan(end);
			World.sleep(Duration.ofMillis(20));
		}
	}

	private long fence(String service) {
		return this.world.store.jdbc()
			.sql("select fence from unit where cluster = 'east' and service = :service")
			.param("service", service)
			.query(Long.class)
			.single();
	}

	private long count(String what) {
		return this.world.store.jdbc().sql("select count(*) from " + what).query(Long.class).single();
	}

}
