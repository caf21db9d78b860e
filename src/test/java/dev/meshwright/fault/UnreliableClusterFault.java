package dev.meshwright.fault;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.ApiServerProxy.Seen;
import dev.meshwright.e2e.Injected;
import dev.meshwright.e2e.ShopDeclaration;
import dev.meshwright.e2e.TrafficLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What an API server, or the way to it, may do to us. */
class UnreliableClusterFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of("meshwright.cluster-request-timeout", "6s"));

	private final FaultRig rig = SHARED.get();

	private final String namespace = "cluster-faults-" + COUNT.incrementAndGet();

	private final Journal journal = new Journal();

	/** The answers of every first call on each object are lost, in one of three ways. */
	@Test
	void lostAnswersChangeNothingTwice() {
		for (Injected fault : List.of(Injected.CUT_AFTER, Injected.CUT_BODY)) {
			String name = this.namespace + ((fault == Injected.CUT_AFTER) ? "-cut" : "-half");
			this.journal.declare(this.rig.api(), name);
			new Oracle(this.rig, List.of(name)).converges();
			Set<String> met = ConcurrentHashMap.newKeySet();
			this.rig.proxy.faults((request) -> request.mutates() && request.path().contains(name)
					&& met.add(request.method() + request.object()) ? fault : Injected.NONE);
			this.rig.proxy.forget();
			this.journal.write(this.rig.api(), name);
			new Oracle(this.rig, List.of(name)).converges();
			assertThat(this.rig.proxy.log().faults()).as("answers lost").isGreaterThanOrEqualTo(1);
			assertThat(versions(name, "PATCH")).as("each object moved once")
				.allSatisfy((object, versions) -> assertThat(versions).as(object).hasSize(1));
		}
		this.rig.proxy.heal();
		new Oracle(this.rig, this.journal.namespaces()).check(this.journal);
	}

	@Test
	void lostAnswersOfCreationsMakeNothingForeign() {
		Set<String> met = ConcurrentHashMap.newKeySet();
		this.rig.proxy
			.faults((request) -> request.mutates() && concerns(request) && met.add(request.method() + request.object())
					? Injected.CUT_AFTER : Injected.NONE);
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
		assertThat(this.rig.proxy.log().faults()).as("answers lost").isGreaterThanOrEqualTo(6);
		assertThat(versions(this.namespace, "PATCH")).as("each object was made once")
			.allSatisfy((object, versions) -> assertThat(versions).as("%s", exchanges(object)).hasSize(1));
	}

	@Test
	void aLostAnswerOfADeleteIsNoReasonToDeleteMore() {
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		Set<String> met = ConcurrentHashMap.newKeySet();
		this.rig.proxy
			.faults((request) -> request.method().equals("DELETE") && concerns(request) && met.add(request.object())
					? Injected.CUT_AFTER : Injected.NONE);
		this.rig.proxy.forget();
		assertThat(this.rig.api().delete(ShopDeclaration.routingPolicy(this.namespace)).status()).isEqualTo(202);
		assertThat(this.rig.api().delete(ShopDeclaration.service(this.namespace)).status()).isEqualTo(202);
		FaultRig.await("the objects are gone", () -> this.rig.live(this.namespace).resourceVersions().isEmpty());
		FaultRig.await("the service is gone",
				() -> this.rig.api().get(ShopDeclaration.service(this.namespace)).status() == 404);
		assertThat(this.rig.proxy.log().faults()).as("answers lost").isGreaterThanOrEqualTo(6);
		new Oracle(this.rig, List.of(this.namespace)).check();
	}

	/** A third of the calls fails, in every way in which calls fail. */
	@Test
	void anUnreliableApiServerCostsAtMostThreeTimesTheCalls() {
		this.rig.declare(FleetDeclaration.of(this.namespace + "-calm", 12, "example/app:1"));
		new Oracle(this.rig, List.of(this.namespace + "-calm")).converges();
		int calm = calls(this.namespace + "-calm");
		AtomicInteger number = new AtomicInteger();
		List<Injected> faults = List.of(new Injected.Answer(500, null), new Injected.Answer(503, null),
				Injected.CUT_BEFORE, Injected.CUT_AFTER);
		this.rig.proxy.faults((request) -> {
			int call = concerns(request) ? number.incrementAndGet() : 1;
			return (call % 10 < 3 && concerns(request)) ? faults.get(call % faults.size()) : Injected.NONE;
		});
		this.rig.declare(FleetDeclaration.of(this.namespace, 12, "example/app:1"));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		assertThat(this.rig.proxy.log().faults()).as("calls that failed").isGreaterThanOrEqualTo(15);
		assertThat(calls(this.namespace)).as("calls, against %s without faults", calm).isLessThanOrEqualTo(3 * calm);
		this.rig.proxy.heal();
		new Oracle(this.rig, List.of(this.namespace, this.namespace + "-calm")).check();
	}

	@Test
	void whatTheApiServerAsksToWaitIsWaited() {
		CountDownLatch asked = new CountDownLatch(1);
		this.rig.proxy.faults((request) -> {
			if (request.mutates() && concerns(request) && asked.getCount() > 0) {
				asked.countDown();
				return new Injected.Answer(429, 4);
			}
			return Injected.NONE;
		});
		this.rig.declare(FleetDeclaration.of(this.namespace, 40, "example/app:1"));
		new Oracle(this.rig, List.of(this.namespace)).check();
		List<TrafficLog.Exchange> own = this.rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> concerns(each.seen()))
			.toList();
		TrafficLog.Exchange first = own.stream()
			.filter((each) -> each.fault() != Injected.NONE)
			.findFirst()
			.orElseThrow();
		long told = first.ended();
		assertThat(own.stream().filter((each) -> each.begun() > told).count()).as("calls left to make")
			.isGreaterThanOrEqualTo(100);
		assertThat(own.stream().filter((each) -> each.begun() > told && each.begun() - told < 3_800_000_000L).count())
			.as("calls meanwhile: only those that were on their way")
			.isLessThanOrEqualTo(32);
	}

	@Test
	void aNamespaceThatHangsHoldsUpNoOther() {
		CountDownLatch released = new CountDownLatch(1);
		String hanging = this.namespace + "-hangs";
		this.rig.proxy.faults((request) -> request.mutates() && request.path().contains(hanging)
				? new Injected.Hold(released) : Injected.NONE);
		this.journal.declare(this.rig.api(), hanging);
		FaultRig.await("calls hang", () -> this.rig.proxy.log().faults() > 0);
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		assertThat(this.rig.live(hanging).resourceVersions()).as("still hanging").isEmpty();
		var condition = this.rig.api().awaitReason("/api/v1/namespaces/" + hanging, "Programmed", "Unreachable");
		assertThat(condition.path("status").asString()).isEqualTo("Unknown");
		released.countDown();
		this.rig.proxy.heal();
		new Oracle(this.rig, this.journal.namespaces()).check(this.journal);
	}

	/** While one apply is on its way a newer one is declared. */
	@Test
	void aLateWriteDoesNotUndoANewerOne() {
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		CountDownLatch released = new CountDownLatch(1);
		Set<String> met = ConcurrentHashMap.newKeySet();
		this.rig.proxy.faults((request) -> isRoute(request) && request.mutates() && met.add("once")
				? new Injected.Hold(released) : Injected.NONE);
		this.journal.write(this.rig.api(), this.namespace);
		FaultRig.await("the apply hangs", () -> this.rig.proxy.log().faults() == 1);
		for (int number = 0; number < 10; number++) {
			this.journal.write(this.rig.api(), this.namespace);
		}
		new Oracle(this.rig, List.of(this.namespace)).converges();
		released.countDown();
		FaultRig.await("the late write came",
				() -> this.rig.proxy.log()
					.exchanges()
					.stream()
					.anyMatch((each) -> each.fault() instanceof Injected.Hold && each.status() == 409));
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	/** Each write is answered, and the last one counts; those in between need no push. */
	@Test
	void aBurstOfChangesIsPushedAtMostTenTimesASecond() {
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		this.rig.proxy.forget();
		long begin = System.nanoTime();
		for (int number = 0; number < 100; number++) {
			assertThat(this.journal.write(this.rig.api(), this.namespace)).isEqualTo(200);
		}
		new Oracle(this.rig, List.of(this.namespace)).converges();
		long tenths = (System.nanoTime() - begin) / 100_000_000;
		long pushes = this.rig.proxy.mutations().stream().filter(UnreliableClusterFault.this::isRoute).count();
		assertThat(pushes).as("pushes in %s tenths of a second", tenths).isBetween(1L, Math.min(tenths + 2, 60));
		new Oracle(this.rig, List.of(this.namespace)).check(this.journal);
	}

	@Test
	void aFreshChangeOvertakesWhatChangesInBulk() {
		this.journal.declare(this.rig.api(), this.namespace);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		String bulk = this.namespace + "-bulk";
		this.rig.declare(FleetDeclaration.of(bulk, 150, "example/app:1"));
		FaultRig.await("the bulk is under way", () -> count(bulk) > 20);
		this.rig.proxy.forget();
		this.journal.write(this.rig.api(), this.namespace);
		int before = count(bulk);
		FaultRig.await("the fresh change is live",
				() -> this.rig.proxy.log().done().stream().anyMatch((each) -> isRoute(each.seen())));
		int overtaken = count(bulk);
		assertThat(overtaken - before).as("bulk applies between the commit and its push").isLessThan(150);
		new Oracle(this.rig, List.of(this.namespace, bulk)).check(this.journal);
		assertThat(count(bulk)).as("bulk applies that were still to be made").isGreaterThan(overtaken + 150);
	}

	private int count(String name) {
		return (int) this.rig.proxy.mutations()
			.stream()
			.filter((seen) -> seen.path().contains("/" + name + "/"))
			.count();
	}

	private int calls(String name) {
		return (int) this.rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> each.seen().object().matches(".*/" + name + "(/.*)?"))
			.count();
	}

	/** What was done to an object, for the message of a failure. */
	private List<TrafficLog.Exchange> exchanges(String object) {
		return this.rig.proxy.log().exchanges().stream().filter((each) -> each.seen().object().equals(object)).toList();
	}

	private boolean concerns(Seen request) {
		return request.object().matches(".*/" + this.namespace + "(/.*)?");
	}

	private boolean isRoute(Seen request) {
		return request.object().endsWith("/" + this.namespace + "/virtualservices/webapp");
	}

	/** The resourceVersions that the API server gave to each object of a namespace. */
	private Map<String, Set<String>> versions(String name, String method) {
		Map<String, Set<String>> versions = new ConcurrentHashMap<>();
		this.rig.proxy.log()
			.done()
			.stream()
			.filter((each) -> each.seen().method().equals(method)
					&& each.seen().object().matches(".*/" + name + "(/.*)?"))
			.forEach((each) -> versions.computeIfAbsent(each.seen().object(), (object) -> ConcurrentHashMap.newKeySet())
				.add(each.answer().at("/metadata/resourceVersion").asString()));
		return versions;
	}

}
