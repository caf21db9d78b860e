package dev.meshwright.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.meshwright.e2e.ApiServerProxy.Seen;
import dev.meshwright.e2e.Injected;
import dev.meshwright.e2e.TrafficLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Two processes on one database, of which one goes away in every way there is. */
class ReplicasFault {

	private static final Duration SLOW = Duration.ofSeconds(1);

	private static final AtomicInteger COUNT = new AtomicInteger();

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(2, Map.of("meshwright.reconcile.lease", "6s",
			"meshwright.reconcile.batch", "8", "meshwright.reconcile.units-per-cluster", "16"));

	private final FaultRig rig = SHARED.get();

	private final String namespace = "replicas-" + COUNT.incrementAndGet();

	private final Journal journal = new Journal();

	@Test
	void bothTakePartAndNoneDoesWhatTheOtherDoes() {
		awaitBoth();
		this.rig.declare(FleetDeclaration.of(this.namespace, 60, "example/app:1"));
		new Oracle(this.rig, List.of(this.namespace)).check();
		assertThat(callers(this.namespace)).as("who pushed").containsExactlyInAnyOrder("replica-0", "replica-1");
		assertThat(own().stream().filter(TrafficLog.Exchange::succeeded).map((each) -> each.seen().object()).toList())
			.as("each object was pushed once")
			.doesNotHaveDuplicates();
	}

	@Test
	void oneThatIsKilledIsReplacedWhenItsLeaseIsOver() {
		AtomicInteger pushed = new AtomicInteger();
		this.rig.proxy.after((request) -> {
			if (concerns(request) && request.mutates() && request.caller().equals("replica-0")
					&& pushed.incrementAndGet() == 10) {
				this.rig.replicas.getFirst().kill();
			}
		});
		this.rig.declare(FleetDeclaration.of(this.namespace, 60, "example/app:1"));
		this.rig.replicas.getFirst().awaitEnd();
		new Oracle(this.rig, List.of(this.namespace)).check();
		assertThat(pushed.get()).as("it was killed at work").isGreaterThanOrEqualTo(10);
	}

	/**
	 * It finishes what it has begun, and the other one has nothing to wait for. The other
	 * one is slow, so that it does not do everything meanwhile.
	 */
	@Test
	void oneThatIsAskedToStopLeavesNoClaimBehind() {
		this.rig.proxy.faults((request) -> (concerns(request) && request.caller().equals("replica-1"))
				? new Injected.Delay(SLOW) : Injected.NONE);
		this.rig.declare(FleetDeclaration.of(this.namespace, 120, "example/app:1"));
		FaultRig.await("it is at work", () -> own().stream().anyMatch((each) -> isBy(each, "replica-0")));
		this.rig.replicas.getFirst().stop();
		assertThat(this.rig.database.sql("""
				select count(distinct worker) from unit where worker is not null""").query(Long.class).single())
			.as("workers that hold claims")
			.isLessThanOrEqualTo(1);
		int rest = own().size();
		this.rig.proxy.heal();
		new Oracle(this.rig, List.of(this.namespace)).check();
		assertThat(own().stream().filter(TrafficLog.Exchange::succeeded).map((each) -> each.seen().object()).toList())
			.as("nothing was begun anew")
			.doesNotHaveDuplicates();
		assertThat(own().size()).as("there was work left").isGreaterThan(rest);
	}

	@Test
	void aRollingRestartUnderWritesLosesNothingAndNothingGoesBack() throws Exception {
		List<String> names = List.of(this.namespace + "-a", this.namespace + "-b");
		names.forEach((name) -> this.journal.declare(this.rig.api(), name));
		new Oracle(this.rig, names).converges();
		try (Writers writers = new Writers(this.journal, this.rig::api, names)) {
			for (var replica : this.rig.replicas) {
				long then = this.journal.acknowledged();
				FaultRig.await("writes are answered", () -> this.journal.acknowledged() > then + 10);
				replica.stop();
				replica.start();
			}
		}
		new Oracle(this.rig, names).check(this.journal);
	}

	/**
	 * One stands still for longer than its lease, with a write on its way; the other goes
	 * on; then the first one and its write wake up.
	 */
	@Test
	void oneThatStandsStillBeyondItsLeaseChangesNothingWhenItGoesOn() {
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		CountDownLatch released = new CountDownLatch(1);
		List<Seen> held = new ArrayList<>();
		Set<String> once = ConcurrentHashMap.newKeySet();
		this.rig.proxy.faults((request) -> {
			if (isRoute(request) && request.mutates() && once.add("once")) {
				held.add(request);
				return new Injected.Hold(released);
			}
			return Injected.NONE;
		});
		this.journal.write(this.rig.api(), this.namespace);
		FaultRig.await("a write is on its way", () -> !held.isEmpty());
		int paused = Integer.parseInt(held.getFirst().caller().replace("replica-", ""));
		this.rig.replicas.get(paused).pause();
		try {
			var other = this.rig.replicas.get(1 - paused).client();
			for (int number = 0; number < 3; number++) {
				this.journal.write(other, this.namespace);
			}
			Differ differ = new Differ(other, this.rig.live(this.namespace), this.namespace);
			FaultRig.await("the other one has taken over", () -> differ.differences().isEmpty());
		}
		finally {
			this.rig.replicas.get(paused).resume();
		}
		released.countDown();
		FaultRig.await("the late write was refused",
				() -> own().stream()
					.anyMatch((each) -> each.fault() instanceof Injected.Hold
							&& (each.status() == 409 || each.status() == 0) && each.ended() < Long.MAX_VALUE));
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	private List<TrafficLog.Exchange> own() {
		return this.rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> each.seen().mutates() && concerns(each.seen()))
			.toList();
	}

	/**
	 * One that another test has cut off finds its way back in some seconds; a push takes
	 * less.
	 */
	private void awaitBoth() {
		String before = this.namespace + "-before";
		AtomicInteger version = new AtomicInteger();
		FaultRig.await("both take part again", () -> {
			this.rig.declare(FleetDeclaration.of(before, 30, "example/app:" + version.incrementAndGet()));
			new Oracle(this.rig, List.of(before)).converges();
			return callers(before).size() == 2;
		});
	}

	private Set<String> callers(String namespace) {
		return this.rig.proxy.mutations()
			.stream()
			.filter((each) -> concerns(each, namespace))
			.map(Seen::caller)
			.collect(Collectors.toSet());
	}

	private static boolean isBy(TrafficLog.Exchange exchange, String caller) {
		return exchange.seen().caller().equals(caller);
	}

	private boolean concerns(Seen request) {
		return concerns(request, this.namespace);
	}

	private static boolean concerns(Seen request, String namespace) {
		return request.object().matches(".*/" + namespace + "(/.*)?");
	}

	private boolean isRoute(Seen request) {
		return request.object().endsWith("/" + this.namespace + "/virtualservices/webapp");
	}

}
