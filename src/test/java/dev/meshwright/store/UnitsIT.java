package dev.meshwright.store;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.meshwright.model.Caller;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Cause;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Expanding, claiming and recording, where they meet. */
class UnitsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final ReconcileStore rows = ReconcileStore.on(database.dataSource());

	private static int count;

	private final String ns = "ns" + ++count;

	private final UnitId unit = new UnitId("east", this.ns, "web");

	@BeforeEach
	void empty() {
		declare("seed", 1);
		this.rows.units().expand();
		this.store.jdbc().sql("delete from unit").update();
		this.store.jdbc().sql("delete from unit_read").update();
	}

	@Test
	void aWrittenServiceMakesItsPlacementDueByItsName() {
		long revision = declare("web", 80);
		List<Claim> claims = this.rows.units().expandAndClaim(request("a"));
		assertThat(claims).singleElement().satisfies((claim) -> {
			assertThat(claim.unit()).isEqualTo(UnitId.placement(this.ns, "web"));
			assertThat(claim.cause()).isEqualTo(Cause.REVISION);
			assertThat(claim.revision()).isEqualTo(revision);
			assertThat(claim.takenOver()).isFalse();
		});
	}

	@Test
	void twoWorkersShareWithoutOverlap() throws Exception {
		for (int number = 0; number < 40; number++) {
			declare("s" + number, 80);
		}
		this.rows.units().expand();
		var first = CompletableFuture.supplyAsync(() -> some("a"));
		var second = CompletableFuture.supplyAsync(() -> some("b"));
		Set<UnitId> claimed = new HashSet<>(first.get());
		claimed.addAll(second.get());
		assertThat(first.get().size() + second.get().size()).isEqualTo(40);
		assertThat(claimed).hasSize(40);
	}

	private List<UnitId> some(String worker) {
		List<UnitId> units = new java.util.ArrayList<>();
		for (int round = 0; round < 40; round++) {
			this.rows.units()
				.claim(new ClaimRequest(worker, 3, Duration.ofMinutes(1), 1, Set.of(), Set.of()))
				.forEach((claim) -> units.add(claim.unit()));
		}
		return units;
	}

	@Test
	void aChangedKeyFindsTheUnitsThatReadIt() {
		claimedUnit(Set.of(Key.resource(ResourceId.service(this.ns, "web")),
				Key.target(Kind.ROUTING_POLICY, this.ns, "web")));
		assertThat(this.rows.units().expandAndClaim(request("a"))).isEmpty();
		Declared.commit(this.store, Declared.put(Declared.policy(this.ns, "web"), "{'service': 'web'}"));
		assertThat(this.rows.units().expandAndClaim(request("a"))).extracting(Claim::unit).containsExactly(this.unit);
	}

	@Test
	void aChangeBetweenSnapshotAndRecordingKeepsTheUnitDirty() {
		Claim claim = unitClaim("a");
		long snapshot = head();
		long later = declare("web", 81);
		// the expander cannot know that the unit is about to record this key
		assertThat(this.rows.units().expand()).isEqualTo(1);
		record(claim, snapshot, Set.of(Key.resource(ResourceId.service(this.ns, "web"))));
		assertThat(again()).extracting(Claim::unit, Claim::revision)
			.contains(org.assertj.core.groups.Tuple.tuple(this.unit, later));
	}

	@Test
	void aChangeThatIsExpandedAfterRecordingIsFoundByIt() {
		Claim claim = unitClaim("a");
		long snapshot = head();
		long later = declare("web", 81);
		record(claim, snapshot, Set.of(Key.resource(ResourceId.service(this.ns, "web"))));
		assertThat(again()).extracting(Claim::unit, Claim::revision)
			.contains(org.assertj.core.groups.Tuple.tuple(this.unit, later));
	}

	@Test
	void anUnrelatedChangeDirtiesNobody() {
		Claim claim = unitClaim("a");
		long snapshot = head();
		declare("other", 81);
		this.rows.units().expand();
		record(claim, snapshot, Set.of(Key.resource(ResourceId.service(this.ns, "web"))));
		assertThat(again()).extracting(Claim::unit).doesNotContain(this.unit);
	}

	@Test
	void anExpiredClaimIsTakenOverAndItsHolderCanDoNothingMore() {
		Claim paused = unitClaim("a");
		this.store.jdbc().sql("update unit set lease_until = now() - interval '1 s'").update();
		Claim taker = only(this.rows.units().claim(request("b")));
		assertThat(taker.takenOver()).isTrue();
		assertThat(taker.fence()).isGreaterThan(paused.fence());
		assertThat(this.rows.units().renew(List.of(paused, taker), Duration.ofMinutes(1))).containsExactly(taker);
		assertThat(this.rows.pushes().begin(List.of(beginning(paused, head(), Set.of())))).isEmpty();
		assertThat(this.rows.pushes().finish(List.of(end(paused, head(), Optional.empty())))).isEmpty();
		assertThat(this.rows.pushes().finish(List.of(end(taker, head(), Optional.empty())))).containsExactly(taker);
		assertThat(this.rows.pushes().finish(List.of(end(taker, head(), Optional.empty())))).as("a claim ends once")
			.isEmpty();
	}

	@Test
	void whatWaitsIsDueInTimeAndANewRevisionDoesNotWait() {
		Claim claim = unitClaim("a");
		this.rows.pushes()
			.begin(List.of(beginning(claim, head(), Set.of(Key.resource(ResourceId.service(this.ns, "web"))))));
		this.rows.pushes().finish(List.of(end(claim, head(), Optional.of(Duration.ofMinutes(1)))));
		assertThat(this.rows.units().claim(request("a"))).isEmpty();
		assertThat(this.rows.units().untilDue(request("a"), Duration.ofHours(1))).isBetween(Duration.ofSeconds(50),
				Duration.ofMinutes(1));
		declare("web", 82);
		assertThat(again()).extracting(Claim::unit, Claim::cause)
			.contains(org.assertj.core.groups.Tuple.tuple(this.unit, Cause.REVISION));
	}

	@Test
	void onlyACallerCutsTheWaitAfterAFailureShort() {
		Claim failing = unitClaim("a");
		this.rows.units().resyncAll();
		fail(failing);
		assertThat(mine()).as("what came up during the attempt waits, too").isEmpty();
		this.rows.units().sync(Caller.system("test"), new ServiceRef(this.ns, "web"));
		Claim again = only(mine());
		this.rows.units().sync(Caller.system("test"), new ServiceRef(this.ns, "web"));
		fail(again);
		assertThat(only(mine()).cause()).isEqualTo(Cause.RESYNC);
	}

	private void fail(Claim claim) {
		this.rows.pushes()
			.finish(List.of(new PushEnd(claim, head(), List.of(), false, false, Optional.of(Duration.ofMinutes(1)),
					true, false, false, Optional.empty())));
	}

	@Test
	void aResyncThatIsAskedForWhileOneLastsIsNotLost() {
		claimedUnit(Set.of());
		this.rows.units().resync("east");
		Claim resync = only(mine());
		assertThat(resync.cause()).isEqualTo(Cause.RESYNC);
		this.rows.units().resync("east");
		this.rows.pushes().finish(List.of(end(resync, head(), Optional.empty())));
		Claim again = only(mine());
		assertThat(again.cause()).isEqualTo(Cause.RESYNC);
		this.rows.pushes().finish(List.of(end(again, head(), Optional.empty())));
		assertThat(mine()).isEmpty();
	}

	@Test
	void aResyncOfAPlacementThatIsAskedForWhileOneLastsIsNotLost() {
		declare("web", 80);
		UnitId placement = UnitId.placement(this.ns, "web");
		place(only(again()));
		this.rows.units().resyncAll();
		Claim resync = only(again().stream().filter((claim) -> claim.unit().equals(placement)).toList());
		this.rows.units().resyncAll();
		place(resync);
		assertThat(again()).filteredOn((claim) -> claim.unit().equals(placement))
			.extracting(Claim::cause)
			.containsExactly(Cause.RESYNC);
	}

	private void place(Claim claim) {
		this.rows.placements()
			.finish(List.of(new Placements.Placed(claim, head(), 1, Set.of(), Set.of("east"), true, Optional.empty())));
	}

	@Test
	void aResyncThatDidNotComeToItsEndIsOneAgain() {
		claimedUnit(Set.of());
		this.rows.units().resync("east");
		Claim killed = only(mine());
		this.store.jdbc().sql("update unit set lease_until = now() - interval '1 s'").update();
		Claim taker = only(mine());
		assertThat(taker.fence()).isGreaterThan(killed.fence());
		assertThat(taker.cause()).isEqualTo(Cause.RESYNC);
		this.rows.pushes()
			.finish(List.of(new PushEnd(taker, head(), List.of(), false, false, Optional.of(Duration.ofMinutes(1)),
					true, false, false, Optional.empty())));
		assertThat(mine()).as("waits").isEmpty();
		this.store.jdbc().sql("update unit set not_before = now()").update();
		assertThat(only(mine()).cause()).isEqualTo(Cause.RESYNC);
	}

	@Test
	void aUnitThatComesBackGoesOnAboveItsOldFence() {
		Claim first = unitClaim("a");
		this.rows.pushes()
			.finish(List.of(new PushEnd(first, head(), List.of(), false, false, Optional.empty(), false, true, true,
					Optional.empty())));
		assertThat(this.store.jdbc()
			.sql("select count(*) from unit where cluster = 'east' and namespace = :ns")
			.param("ns", this.ns)
			.query(Long.class)
			.single()).isZero();
		Claim second = unitClaim("b");
		assertThat(second.fence()).isGreaterThan(first.fence());
		assertThat(this.rows.pushes().finish(List.of(end(first, head(), Optional.empty())))).isEmpty();
	}

	private List<Claim> mine() {
		return this.rows.units()
			.claim(request("a"))
			.stream()
			.filter((claim) -> claim.unit().equals(this.unit))
			.toList();
	}

	@Test
	void leavesUnitsOfBusyClustersAndOfNewerCompilers() {
		unitRow();
		assertThat(
				this.rows.units().claim(new ClaimRequest("a", 10, Duration.ofMinutes(1), 1, Set.of("east"), Set.of())))
			.isEmpty();
		this.store.jdbc().sql("update unit set compiler_version = 2").update();
		assertThat(this.rows.units().claim(request("a"))).isEmpty();
		assertThat(this.rows.units().untilDue(request("a"), Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void anObjectBelongsToOneUnit() {
		Claim first = unitClaim("a");
		UnitId rival = new UnitId("east", this.ns, "rival");
		this.store.jdbc()
			.sql("insert into unit (cluster, namespace, service, dirty_revision) values ('east', :ns, 'rival', 1)")
			.param("ns", this.ns)
			.update();
		Claim second = only(this.rows.units().claim(request("a")));
		var ref = new dev.meshwright.model.ObjectRef(dev.meshwright.model.ObjectKind.SERVICE, this.ns, "web");
		var intents = List.of(new PushBeginning.Intent(ref, "hash"));
		assertThat(begin(first, intents).refused()).isEmpty();
		assertThat(second.unit()).isEqualTo(rival);
		assertThat(begin(second, intents).refused()).containsEntry(ref, this.unit);
	}

	private Pushes.Begun begin(Claim claim, List<PushBeginning.Intent> intents) {
		return this.rows.pushes()
			.begin(List.of(new PushBeginning(claim, head(), 1, true, Set.of(), intents, List.of(), Set.of(), Set.of())))
			.getFirst();
	}

	private void unitRow() {
		this.store.jdbc()
			.sql("insert into unit (cluster, namespace, service, dirty_revision) values ('east', :ns, 'web', 1)")
			.param("ns", this.ns)
			.update();
	}

	private Claim unitClaim(String worker) {
		unitRow();
		return only(this.rows.units().claim(request(worker)));
	}

	private void claimedUnit(Set<Key> reads) {
		record(unitClaim("a"), head(), reads);
	}

	private void record(Claim claim, long snapshot, Set<Key> reads) {
		assertThat(this.rows.pushes().begin(List.of(beginning(claim, snapshot, reads)))).hasSize(1);
		this.rows.pushes().finish(List.of(end(claim, snapshot, Optional.empty())));
	}

	private static PushBeginning beginning(Claim claim, long snapshot, Set<Key> reads) {
		return new PushBeginning(claim, snapshot, 1, true, reads, List.of(), List.of(), Set.of(), Set.of());
	}

	private static PushEnd end(Claim claim, long snapshot, Optional<Duration> again) {
		return new PushEnd(claim, snapshot, List.of(), false, false, again, false, true, false, Optional.empty());
	}

	/** After what gathers in a burst has been waited for. */
	private List<Claim> again() {
		this.store.jdbc().sql("update unit set not_before = least(not_before, now())").update();
		return this.rows.units().expandAndClaim(request("c"));
	}

	private static ClaimRequest request(String worker) {
		return new ClaimRequest(worker, 100, Duration.ofMinutes(1), 1, Set.of(), Set.of());
	}

	private static Claim only(List<Claim> claims) {
		assertThat(claims).hasSize(1);
		return claims.getFirst();
	}

	private long declare(String service, int port) {
		return Declared.commit(this.store, Declared.put(ResourceId.service(this.ns, service), Declared.port(port)))
			.revision();
	}

	private long head() {
		return this.store.revisions().head();
	}

}
