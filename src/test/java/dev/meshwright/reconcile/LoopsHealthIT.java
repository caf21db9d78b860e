package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.store.Overrides;
import dev.meshwright.store.Signals;
import dev.meshwright.store.StoreFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever runs by itself is missed when it does not run any more, and only then. */
class LoopsHealthIT {

	/** Longer than any loop here is quiet by itself. */
	private static final Duration PATIENCE = Duration.ofSeconds(6);

	private final World world = new World(TestGateways.sandbox(Duration.ofMillis(500)), "shop");

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ReconcileLoop loop = this.world.loop(World.WATCHED);

	private final WatchLoop watches = this.world.watchLoop(World.WATCHED);

	private Signals signals = this.world.store.signals();

	private Overrides overrides = this.world.store.overrides();

	private final ClusterQuestions questions = new ClusterQuestions(List.of(), this.world.store.jobs(),
			(topic, seen, atMost) -> this.signals.await(topic, seen, atMost), World.WATCHED,
			new Lead(this.world.rows.upgrades(), this.world.rows.units(), 1, false, this.meters));

	private final Controllers controllers = controllers();

	private final LoopsHealth health = new LoopsHealth(List.of(this.loop, this.watches, this.controllers),
			this.questions, this.meters, PATIENCE);

	private Controllers controllers() {
		StoreFixture store = this.world.store;
		Compiler compiler = new Compiler(List.of(), new CompilerSettings(new TreeSet<>(), Set.of()));
		ControllerWrites writes = new ControllerWrites(store.snapshots(), store.commits(), compiler);
		BackupProperties backups = new BackupProperties(Duration.ofSeconds(1));
		Failover failover = new Failover(store.backupStates(), store.snapshots(), compiler,
				new ReadyEndpoints(this.world.access), writes, backups);
		return new Controllers(new OverrideExpiry(() -> this.overrides.timed(), writes), this.world.rows.units(),
				failover, backups, store.signals(), World.WATCHED);
	}

	private void start() {
		this.world.declare("web", Objects.account("shop", "web"), Objects.service("shop", "web", 80));
		this.loop.start();
		this.watches.start();
		this.controllers.start();
		this.questions.start();
	}

	@AfterEach
	void close() {
		this.questions.stop();
		this.controllers.stop();
		this.watches.stop();
		this.loop.stop();
		this.world.close();
	}

	@Test
	void whateverEndsIsNamedUntilItIsStartedAnew() {
		start();
		await().until(() -> followed() == ObjectKind.values().length);
		assertThat(this.health.health()).isEqualTo(Health.up().build());
		assertThat(deadLoops()).isZero();

		this.overrides = () -> {
			throw new AssertionError("the expiry's stack is full");
		};
		this.signals = (topic, seen, atMost) -> {
			throw new AssertionError("the questions' stack is full");
		};
		this.world.gateway.beforeScan = (kind, namespace) -> {
			if (kind == ObjectKind.SERVICE) {
				throw new AssertionError("the watch's stack is full");
			}
		};
		this.watches.stop();
		this.watches.start();
		await().untilAsserted(
				() -> assertThat(dead()).containsExactly("override-expiry", "questions", "watch of Service in east"));
		assertThat(this.health.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(deadLoops()).isEqualTo(3);
		await().until(() -> followed() == ObjectKind.values().length - 1);

		this.overrides = this.world.store.overrides();
		this.signals = this.world.store.signals();
		this.world.gateway.beforeScan = (kind, namespace) -> {
		};
		List.of(this.questions, this.controllers, this.watches).forEach((each) -> {
			each.stop();
			each.start();
		});
		await().until(() -> followed() == ObjectKind.values().length);
		await().untilAsserted(() -> assertThat(this.health.health()).isEqualTo(Health.up().build()));
	}

	@Test
	void whatStandsStillIsNamedUntilItGoesOn() {
		CountDownLatch standing = new CountDownLatch(1);
		this.world.gateway.beforeScan = (kind, namespace) -> {
			if (kind == ObjectKind.SERVICE) {
				awaitUninterruptibly(standing);
			}
		};
		start();
		await().untilAsserted(() -> assertThat(dead()).containsExactly("watch of Service in east"));
		standing.countDown();
		await().until(() -> followed() == ObjectKind.values().length);
		await().untilAsserted(() -> assertThat(this.health.health()).isEqualTo(Health.up().build()));
	}

	@Test
	void whoWaitsForTheDatabaseIsNotDead() {
		AtomicBoolean listed = new AtomicBoolean();
		this.world.gateway.beforeScan = (kind, namespace) -> {
			if (kind == ObjectKind.SERVICE && listed.compareAndSet(false, true)) {
				rename("watch_holder", "watch_holder_away");
			}
		};
		start();
		await().untilTrue(listed);
		await().during(PATIENCE.multipliedBy(2)).until(this::dead, List::isEmpty);
		assertThat(this.watches.dead(Duration.ZERO)).as("it waited").isNotEmpty();
		rename("watch_holder_away", "watch_holder");
		await().until(() -> followed() == ObjectKind.values().length);
	}

	private void rename(String from, String to) {
		this.world.store.jdbc().sql("alter table " + from + " rename to " + to).update();
	}

	@SuppressWarnings("unchecked")
	private List<String> dead() {
		Object dead = this.health.health().getDetails().get("dead");
		return (dead != null) ? (List<String>) dead : List.of();
	}

	private double deadLoops() {
		return this.meters.get("meshwright.loops.dead").gauge().value();
	}

	private int followed() {
		return this.world.store.jdbc().sql("""
				select count(*) from followed_kind k join watch_holder h on h.cluster = k.cluster and h.fence = k.fence
				where h.lease_until > now()""").query(Integer.class).single();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofMinutes(2));
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean interrupted = false;
		while (true) {
			try {
				latch.await();
				break;
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
