package dev.meshwright.fault;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.Injected;
import dev.meshwright.e2e.Signals;
import dev.meshwright.e2e.TrafficLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Outages of minutes, with writes going on. {@code -Dfault.seconds} makes them shorter.
 */
class OutageFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fault.seconds", 60));

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of());

	private final FaultRig rig = SHARED.get();

	private final String namespace = "outage-" + COUNT.incrementAndGet();

	private final Journal journal = new Journal();

	@BeforeEach
	void declare() {
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		this.rig.proxy.forget();
	}

	@Test
	void aThirdOfTheCallsFailsForMinutes() {
		AtomicInteger number = new AtomicInteger();
		try (Writers writers = writers()) {
			this.rig.proxy.faults((request) -> (number.incrementAndGet() % 10 < 3)
					? new Injected.Answer((number.get() % 2 == 0) ? 500 : 503, null) : Injected.NONE);
			FaultRig.sleep(TIME.multipliedBy(5));
			assertThat(this.rig.proxy.log().faults()).as("calls that failed").isGreaterThan(20);
			this.rig.proxy.heal();
		}
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	@Test
	void aServerThatAsksToWaitIsAskedAsRarelyAsItSays() {
		try (Writers writers = writers()) {
			FaultRig.sleep(Duration.ofSeconds(2));
			this.rig.proxy.faults(
					(request) -> request.path().contains(this.namespace) ? new Injected.Answer(429, 5) : Injected.NONE);
			FaultRig.sleep(TIME);
			List<Long> asked = this.rig.proxy.log()
				.exchanges()
				.stream()
				.filter((each) -> each.fault() != Injected.NONE)
				.map(TrafficLog.Exchange::begun)
				.toList();
			assertThat(asked).as("calls that were turned away").isNotEmpty();
			assertThat((long) asked.size()).as("at most the lane's width every five seconds, narrowing")
				.isLessThanOrEqualTo(32 + 2 * TIME.toSeconds() / 5);
			this.rig.proxy.heal();
		}
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	@Test
	void aServerThatAcceptsAndNeverAnswersHoldsUpNobodyElse() {
		CountDownLatch released = new CountDownLatch(1);
		String other = this.namespace + "-other";
		this.rig.proxy.faults((request) -> request.mutates() && request.path().contains("/" + this.namespace + "/")
				? new Injected.Hold(released) : Injected.NONE);
		this.journal.write(this.rig.api(), this.namespace);
		FaultRig.await("a call hangs", () -> this.rig.proxy.log().faults() > 0);
		this.journal.declare(this.rig.api(), other);
		new Oracle(this.rig, List.of(other)).converges();
		FaultRig.sleep(TIME.dividedBy(2));
		this.journal.write(this.rig.api(), other);
		new Oracle(this.rig, List.of(other)).converges();
		released.countDown();
		this.rig.proxy.heal();
		new Oracle(this.rig, this.journal.namespaces()).check(this.journal);
	}

	/** etcd stands still, so the API server answers nothing that matters. */
	@Test
	void aStandstillOfEtcdIsSatOut() {
		List<ProcessHandle> etcd = ProcessHandle.current()
			.descendants()
			.filter((process) -> process.info().command().orElse("").endsWith("etcd"))
			.toList();
		assertThat(etcd).hasSize(1);
		try (Writers writers = writers()) {
			long before = this.journal.acknowledged();
			FaultRig.await("writes are answered", () -> this.journal.acknowledged() > before + 5);
			Signals.send("STOP", etcd.getFirst().pid());
			try {
				FaultRig.sleep(TIME);
				var condition = this.rig.api()
					.awaitReason("/api/v1/namespaces/" + this.namespace + "/services/webapp", "Programmed",
							"Unreachable");
				assertThat(condition.path("status").asString()).isEqualTo("Unknown");
			}
			finally {
				Signals.send("CONT", etcd.getFirst().pid());
			}
		}
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	private Writers writers() {
		return new Writers(this.journal, this.rig::api, List.of(this.namespace));
	}

}
