package dev.meshwright.fault;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import dev.meshwright.e2e.Injected;
import dev.meshwright.e2e.ShopDeclaration;
import dev.meshwright.e2e.TrafficLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Watches that are cut, refused, ended without a reason, or that die without a word,
 * while others write. Everything is compared by schedule once an hour only, so what is
 * set right here was seen by a watch.
 */
class WatchesFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final int CUTS = Integer.getInteger("fault.cuts", 100);

	private static final int WAIT = 4;

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of("meshwright.cluster-watch-timeout", "6s",
			"meshwright.cluster-request-timeout", "3s", "meshwright.reconcile.resync-interval", "1h"));

	private final FaultRig rig = SHARED.get();

	private final WatchedCluster watched = new WatchedCluster(this.rig);

	private final Journal journal = new Journal();

	/** Where somebody writes. */
	private final String busy = "watches-" + COUNT.incrementAndGet();

	/** Where nobody does. */
	private final String calm = this.busy + "-calm";

	@BeforeEach
	void declare() {
		this.journal.declare(this.rig.api(), this.busy);
		this.journal.declare(this.rig.api(), this.calm);
		new Oracle(this.rig, List.of(this.busy, this.calm)).check(this.journal);
		this.watched.awaitFollowed();
		this.rig.proxy.forget();
	}

	@Test
	void allWatchesCutAtOnceGoOnFromWhereTheyWere() {
		Map<String, String> before = versions();
		underWrites(() -> {
			cutAll();
			FaultRig.await("every kind is asked for again",
					() -> this.watched.watches()
						.stream()
						.map((each) -> each.seen().object())
						.distinct()
						.count() == WatchedCluster.KINDS);
			this.watched.awaitFollowed();
		});
		assertThat(this.watched.lists()).isEmpty();
		this.watched.assertUntouched(this.calm, before);
		this.watched.assertDriftIsHealed(this.calm);
		check();
	}

	@Test
	void aHundredCutsLeaveNoThreadAndNoConnectionBehind() {
		Map<String, String> calmBefore = versions();
		long pid = this.rig.replicas.getFirst().pid();
		underWrites(() -> {
			FaultRig.await("watches can be counted", () -> Footprint.of(pid).watches() == WatchedCluster.KINDS);
			Footprint before = Footprint.of(pid);
			for (int cut = 0; cut < CUTS; cut++) {
				cutAll();
				FaultRig.await("all are there again", () -> this.rig.proxy.openWatches() == WatchedCluster.KINDS);
				// one that ends sooner counts as refused
				FaultRig.sleep(Duration.ofMillis(2300));
				FaultRig.await("all are there", () -> this.rig.proxy.openWatches() == WatchedCluster.KINDS);
			}
			awaitFootprint(pid, before);
		});
		this.watched.assertUntouched(this.calm, calmBefore);
		this.watched.assertDriftIsHealed(this.calm);
		check();
	}

	/** What others do while nothing arrives is seen when the silence is noticed. */
	@Test
	void aWatchThatDiesWithoutAWordIsNoticed() {
		underWrites(() -> {
			double silent = this.watched.metric("meshwright_watches_ended_total", "cause=\"silent\"");
			silenceAll();
			this.watched.drift(this.calm);
			FaultRig.await("the metric shows the silence",
					() -> this.watched.metric("meshwright_watches_silence_seconds", "cluster=\"east\"") > 8);
			assertThat(this.watched.isHealed(this.calm)).as("nobody could know").isFalse();
			this.watched.awaitHealed(this.calm);
			FaultRig.await("all are noticed", () -> this.watched.metric("meshwright_watches_ended_total",
					"cause=\"silent\"") >= silent + WatchedCluster.KINDS);
			assertThat(this.watched.lists()).as("they go on from where they were").isEmpty();
			this.rig.proxy.heal();
			this.watched.awaitFollowed();
		});
		check();
	}

	/**
	 * Where no watch gets an answer nobody believes that nothing changed: a comparison
	 * reads.
	 */
	@Test
	void watchesThatAreNeverAnsweredAreNotBelieved() {
		CountDownLatch released = new CountDownLatch(1);
		long pid = this.rig.replicas.getFirst().pid();
		underWrites(() -> {
			Footprint before = Footprint.of(pid);
			silenceAll();
			this.rig.proxy.faults((request) -> request.watches() ? new Injected.Hold(released) : Injected.NONE);
			this.watched.drift(this.calm);
			FaultRig.await("nobody says that he sees everything", () -> this.watched.followed() == 0);
			FaultRig.await("the metric says so",
					() -> this.watched.metric("meshwright_watches_kinds", "state=\"blind\"") == WatchedCluster.KINDS);
			assertThat(this.rig.api().get("/readyz").status()).as("others are served").isEqualTo(200);
			assertThat(this.rig.api()
				.send("POST", ShopDeclaration.service(this.calm) + "/sync", "", "application/json")
				.status()).isEqualTo(202);
			this.watched.awaitHealed(this.calm);
			FaultRig.await("they are asked for again and again", () -> this.rig.proxy.log().faults() > 40);
			awaitFootprint(pid, before);
			released.countDown();
			this.rig.proxy.heal();
			this.watched.awaitFollowed();
		});
		this.watched.assertDriftIsHealed(this.calm);
		check();
	}

	/** An API server that ends watches at once and never says that they are too old. */
	@Test
	void watchesThatAreOverAtOnceAreMadeUpForByLists() {
		underWrites(() -> {
			this.rig.proxy.faults((request) -> request.watches() ? Injected.END_CLEANLY : Injected.NONE);
			this.rig.proxy.cutWatches();
			FaultRig.await("every kind is listed", () -> this.watched.lists().size() == WatchedCluster.KINDS);
			this.watched.drift(this.calm);
			this.watched.awaitHealed(this.calm);
			assertThat(this.rig.proxy.log().faults()).as("watches that were over at once")
				.isGreaterThanOrEqualTo(3 * WatchedCluster.KINDS);
			assertThat(this.watched.lists()).as("lists of a kind, later each time")
				.allSatisfy((kind, times) -> assertThat(times).as(kind).isLessThanOrEqualTo(12));
			this.rig.proxy.heal();
			this.watched.awaitFollowed();
		});
		check();
	}

	@Test
	void whoIsAskedToWaitBeforeWatchingAgainWaitsAndListsNothing() {
		Map<String, String> before = versions();
		Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
		underWrites(() -> {
			this.rig.proxy.faults((request) -> request.watches()
					&& refused.computeIfAbsent(request.object(), (kind) -> new AtomicInteger()).incrementAndGet() <= 4
							? new Injected.Answer(429, WAIT) : Injected.NONE);
			this.rig.proxy.cutWatches();
			FaultRig.await("every kind was refused four times",
					() -> this.rig.proxy.log().faults() == 4 * WatchedCluster.KINDS);
			this.watched.awaitFollowed();
		});
		refused.keySet().forEach((kind) -> {
			List<TrafficLog.Exchange> asked = this.watched.watches()
				.stream()
				.filter((each) -> each.seen().object().equals(kind))
				// one may have been begun anew before the fault
				.dropWhile((each) -> each.fault() == Injected.NONE)
				.toList();
			for (int number = 1; number <= 4; number++) {
				assertThat(Duration.ofNanos(asked.get(number).begun() - asked.get(number - 1).ended()))
					.as("pause before %s is asked for again", kind)
					.isGreaterThanOrEqualTo(Duration.ofSeconds(WAIT).minusMillis(200));
			}
		});
		assertThat(this.watched.lists()).isEmpty();
		this.watched.assertUntouched(this.calm, before);
		this.watched.assertDriftIsHealed(this.calm);
		check();
	}

	private void cutAll() {
		this.watched.awaitFollowed();
		assertThat(this.rig.proxy.cutWatches()).as("watches cut; one may have been over at that moment")
			.isGreaterThanOrEqualTo(WatchedCluster.KINDS - 2);
	}

	private void silenceAll() {
		FaultRig.await("every watch is silent", () -> this.rig.proxy.silenceWatches() >= WatchedCluster.KINDS);
	}

	/** A fault without any traffic proves nothing. */
	private void underWrites(Runnable fault) {
		try (Writers writers = new Writers(this.journal, this.rig::api, List.of(this.busy))) {
			awaitPushes("before", () -> pushed() >= 5);
			long acknowledged = this.journal.acknowledged();
			int before = pushed();
			fault.run();
			assertThat(this.journal.acknowledged()).as("writes meanwhile").isGreaterThan(acknowledged);
			awaitPushes("meanwhile", () -> pushed() >= before + 5);
		}
	}

	private static void awaitPushes(String when, BooleanSupplier condition) {
		FaultRig.await("changes are pushed " + when, condition);
	}

	private int pushed() {
		return (int) this.rig.proxy.log()
			.done()
			.stream()
			.filter((each) -> each.seen().object().contains("/namespaces/" + this.busy + "/"))
			.count();
	}

	/** What was there before may be there, and connections kept for the next calls. */
	private static void awaitFootprint(long pid, Footprint before) {
		FaultRig.await("threads and connections are given back", () -> {
			Footprint now = Footprint.of(pid);
			return now.watches() <= WatchedCluster.KINDS && now.sockets() <= before.sockets() + WatchedCluster.KINDS;
		});
	}

	private Map<String, String> versions() {
		return this.rig.live(this.calm).resourceVersions();
	}

	private void check() {
		this.rig.proxy.heal();
		new Oracle(this.rig, List.of(this.busy, this.calm)).check(this.journal);
	}

}
