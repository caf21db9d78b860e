package dev.meshwright.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Who is claimed before whom, and how often what changes in a burst. */
class UrgencyIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final ReconcileStore rows = ReconcileStore.on(database.dataSource());

	private static int port = 1;

	@BeforeEach
	void empty() {
		declareMany("seed", 1);
		this.store.jdbc().sql("delete from unit").update();
		this.store.jdbc().sql("delete from unit_read").update();
		this.rows.units().expand();
		this.store.jdbc().sql("delete from unit").update();
	}

	@Test
	void whatChangedAloneComesBeforeWhatChangedInBulk() {
		declareMany("bulk", 100);
		this.rows.units().expand();
		declareMany("fresh", 1);
		List<Claim> claims = this.rows.units().expandAndClaim(request("a", 8, Set.of()));
		assertThat(claims).filteredOn(Claim::urgent)
			.extracting(Claim::unit)
			.containsExactly(UnitId.placement("fresh", "s0"));
		assertThat(claims).as("the rest of the batch is bulk").hasSize(8);
	}

	@Test
	void urgentChangesLeaveAQuarterToTheOthers() {
		declareMany("bulk", 100);
		for (int number = 0; number < 20; number++) {
			declareMany("fresh" + number, 1);
		}
		this.rows.units().expand();
		List<Claim> claims = this.rows.units().claim(request("a", 8, Set.of()));
		assertThat(claims).filteredOn(Claim::urgent).hasSize(8);
		assertThat(claims).filteredOn((claim) -> !claim.urgent()).hasSize(2);
	}

	@Test
	void ofAFullClusterOnlyUrgentUnitsAreClaimed() {
		unit("east", "one", true);
		unit("east", "two", false);
		unit("west", "three", false);
		assertThat(this.rows.units().claim(request("a", 10, Set.of("east"))))
			.extracting((claim) -> claim.unit().service())
			.containsExactlyInAnyOrder("one", "three");
		assertThat(this.rows.units().untilDue(request("a", 10, Set.of("east")), Duration.ofSeconds(5)))
			.as("what is left alone is not due")
			.isPositive();
	}

	@Test
	void aResyncIsNeverUrgentAndWhatIsDoneIsUrgentNoLonger() {
		unit("east", "one", true);
		Claim claim = only(this.rows.units().claim(request("a", 10, Set.of())));
		this.rows.pushes().finish(List.of(end(claim)));
		this.rows.units().resync("east");
		assertThat(only(this.rows.units().claim(request("a", 10, Set.of()))).urgent()).isFalse();
	}

	@Test
	void whatIsGivenBackCanBeClaimedByOthersAtOnce() {
		unit("east", "one", true);
		Claim first = only(this.rows.units().claim(request("a", 10, Set.of())));
		assertThat(this.rows.units().claim(request("b", 10, Set.of()))).isEmpty();
		this.rows.units().giveBack(List.of(first));
		Claim second = only(this.rows.units().claim(request("b", 10, Set.of())));
		assertThat(second.fence()).isGreaterThan(first.fence());
		assertThat(second.revision()).isEqualTo(first.revision());
		this.rows.units().giveBack(List.of(first));
		assertThat(this.rows.units().renew(List.of(second), Duration.ofMinutes(1))).as("only its own")
			.containsExactly(second);
	}

	@Test
	void ofARecoveredClusterWhatFailedIsDueAgain() {
		unit("east", "one", true);
		unit("west", "two", true);
		for (Claim claim : this.rows.units().claim(request("a", 10, Set.of()))) {
			this.rows.pushes()
				.finish(List.of(new PushEnd(claim, claim.revision(), List.of(), false, false,
						Optional.of(Duration.ofMinutes(5)), true, true, false, Optional.empty())));
		}
		assertThat(this.rows.units().claim(request("a", 10, Set.of()))).isEmpty();
		assertThat(this.rows.units().retry("east")).isEqualTo(1);
		assertThat(only(this.rows.units().claim(request("a", 10, Set.of()))).unit().service()).isEqualTo("one");
	}

	@Test
	void whatChangesWhileItIsPushedGathersWhatElseThereIs() {
		unit("east", "one", true);
		this.rows.units().expand();
		Claim claim = only(this.rows.units().claim(request("a", 10, Set.of())));
		this.store.jdbc()
			.sql("insert into unit_read (key, cluster, namespace, service) values (:key, 'east', 'shop', 'one')")
			.param("key", Key.resource(ResourceId.service("shop", "one")).text())
			.update();
		Declared.commit(this.store, Declared.put(ResourceId.service("shop", "one"), Declared.port(port++)));
		this.rows.units().expand();
		double claimed = claimedAt(Duration.ofMinutes(-1));
		this.rows.pushes().finish(List.of(end(claim)));
		double due = seconds("(select not_before from unit where cluster = 'east' and service = 'one')");
		assertThat(due).as("counted from its beginning").isCloseTo(claimed + gathering(), within(1e-5));
		Declared.commit(this.store, Declared.put(ResourceId.service("shop", "one"), Declared.port(port++)));
		this.rows.units().expand();
		assertThat(seconds("(select not_before from unit where cluster = 'east' and service = 'one')"))
			.as("further changes do not prolong it")
			.isLessThanOrEqualTo(due);
	}

	@Test
	void whatChangesDuringALongPushIsDueWhenThatEnds() {
		unit("east", "one", true);
		this.rows.units().expand();
		Claim claim = only(this.rows.units().claim(request("a", 10, Set.of())));
		this.store.jdbc().sql("update unit set dirty_revision = dirty_revision + 1").update();
		claimedAt(Duration.ofMinutes(1));
		double before = seconds("now()");
		this.rows.pushes().finish(List.of(end(claim)));
		assertThat(seconds("(select not_before from unit where cluster = 'east' and service = 'one')"))
			.isBetween(before, seconds("now()"));
	}

	/** As if it had been claimed so long before it was. */
	private double claimedAt(Duration before) {
		this.store.jdbc()
			.sql("update unit set claimed_at = claimed_at - make_interval(secs => :before) where cluster = 'east'")
			.param("before", UnitRows.seconds(before))
			.update();
		return seconds("(select claimed_at from unit where cluster = 'east' and service = 'one')");
	}

	private static double gathering() {
		return UnitEnds.GATHERING.toMillis() / 1000.0;
	}

	private double seconds(String time) {
		return this.store.jdbc().sql("select extract(epoch from " + time + ")").query(Double.class).single();
	}

	private void declareMany(String namespace, int count) {
		List<Change> changes = new ArrayList<>();
		for (int number = 0; number < count; number++) {
			changes.add(Declared.put(ResourceId.service(namespace, "s" + number), Declared.port(port++)));
		}
		Declared.commit(this.store, changes.toArray(Change[]::new));
	}

	private void unit(String cluster, String service, boolean urgent) {
		this.store.jdbc()
			.sql("""
					insert into unit (cluster, namespace, service, dirty_revision, urgent)
					values (:cluster, 'shop', :service, (select revision from revision_head), :urgent)""")
			.param("cluster", cluster)
			.param("service", service)
			.param("urgent", urgent)
			.update();
	}

	private PushEnd end(Claim claim) {
		return new PushEnd(claim, claim.revision(), List.of(), false, false, Optional.empty(), false, true, false,
				Optional.empty());
	}

	private static ClaimRequest request(String worker, int limit, Set<String> full) {
		return new ClaimRequest(worker, limit, Duration.ofMinutes(1), 1, Set.of(), full);
	}

	private static Claim only(List<Claim> claims) {
		assertThat(claims).hasSize(1);
		return claims.getFirst();
	}

}
