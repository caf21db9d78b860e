package dev.meshwright.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Condition.Type;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Statuses.UnitStatus;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What a default policy makes due, and what is known of it. */
class DefaultPoliciesIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static final Key PLATFORM = PolicyTarget.platform().key(Kind.FAILOVER_POLICY);

	private static final ResourceId POLICY = ResourceId.of(Kind.FAILOVER_POLICY, "platform");

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final ReconcileStore rows = ReconcileStore.on(database.dataSource());

	@BeforeEach
	void empty() {
		Declared.commit(this.store, Declared.put(ResourceId.service("seed", "web"), Declared.port(1)));
		this.rows.units().expand();
		this.store.jdbc().sql("delete from unit").update();
		this.store.jdbc().sql("delete from unit_read").update();
		this.store.jdbc().sql("delete from unit_status").update();
	}

	@Test
	void aNamespacesDefaultThatNothingReadMakesItsPlacementDue() {
		Declared.commit(this.store,
				Declared.put(new ResourceId(Kind.FAILOVER_POLICY, "fresh", "default"), "{'service': null}"));
		assertThat(this.rows.units().expandAndClaim(request())).extracting(Claim::unit)
			.containsExactly(UnitId.placement("fresh", ""));
	}

	@Test
	void aDefaultMakesItsReadersDueAndShowsTheirWorst() {
		unit("east", "a", Status.TRUE);
		unit("east", "b", Status.FALSE);
		unit("west", "c", Status.TRUE);
		Declared.commit(this.store, Declared.put(POLICY, "{}"));
		assertThat(this.rows.statuses().of(POLICY)).as("written, not expanded").allMatch(UnitStatus::pending);
		List<Claim> due = this.rows.units().expandAndClaim(request());
		assertThat(due).extracting((claim) -> claim.unit().service()).containsExactlyInAnyOrder("a", "b", "c");
		assertThat(this.rows.statuses().of(POLICY)).allMatch((unit) -> unit.observedGeneration() == 0);
		due.forEach((claim) -> end(claim, claim.unit().service().equals("b") ? Status.FALSE : Status.TRUE, 1));
		List<UnitStatus> known = this.rows.statuses().of(POLICY);
		assertThat(known).extracting(UnitStatus::cluster).containsExactly("east", "west");
		assertThat(known).allMatch((unit) -> unit.observedGeneration() == 1 && !unit.pending());
		assertThat(known.getFirst().conditions()).singleElement().satisfies((condition) -> {
			assertThat(condition.status()).isEqualTo(Status.FALSE);
			assertThat(condition.message()).startsWith("1 of the units").doesNotContain("b:");
		});
		assertThat(known.getLast().conditions()).extracting(Condition::status).containsExactly(Status.TRUE);
		this.store.facts().unreachable("west", "no route");
		assertThat(this.rows.statuses().of(POLICY).getLast().conditions()).extracting(Condition::reason)
			.containsExactly("Unreachable");

		Declared.commit(this.store, Declared.delete(POLICY));
		List<Claim> again = this.rows.units().expandAndClaim(request());
		assertThat(terminating()).as("while readers are at work").isEqualTo(1);
		assertThat(again).hasSize(3);
		again.forEach((claim) -> end(claim, Status.TRUE, 0));
		assertThat(terminating()).isZero();
	}

	@Test
	void aReasonToLookBeatsThePlainOneOfMore() {
		String plain = Type.PROGRAMMED.plainReason();
		unit("east", "a", Status.TRUE, plain);
		unit("east", "b", Status.TRUE, "Held");
		unit("east", "c", Status.TRUE, plain);
		Declared.commit(this.store, Declared.put(POLICY, "{}"));
		assertThat(this.rows.statuses().of(POLICY)).singleElement()
			.satisfies((unit) -> assertThat(unit.conditions()).singleElement().satisfies((condition) -> {
				assertThat(condition.reason()).isEqualTo("Held");
				assertThat(condition.message()).startsWith("1 of the units");
			}));
		Declared.commit(this.store, Declared.delete(POLICY));
	}

	private int terminating() {
		return this.store.jdbc()
			.sql("select count(*) from terminating where kind = 'FailoverPolicy'")
			.query(Integer.class)
			.single();
	}

	private void unit(String cluster, String service, Status status) {
		unit(cluster, service, status, "Tested");
	}

	private void unit(String cluster, String service, Status status, String reason) {
		this.store.jdbc()
			.sql("insert into unit (cluster, namespace, service, dirty_revision) values (:cluster, 'ns', :service, 1)")
			.param("cluster", cluster)
			.param("service", service)
			.update();
		this.rows.units().claim(request()).forEach((claim) -> end(claim, status, reason, 0));
	}

	private void end(Claim claim, Status status, long generation) {
		end(claim, status, "Tested", generation);
	}

	private void end(Claim claim, Status status, String reason, long generation) {
		long head = this.store.revisions().head();
		assertThat(this.rows.pushes()
			.begin(List.of(new PushBeginning(claim, head, 1, true, Set.of(PLATFORM), List.of(), List.of(), Set.of(),
					Set.of()))))
			.hasSize(1);
		Condition condition = new Condition(Type.PROGRAMMED, status, reason, claim.unit() + ": said", 0, Instant.EPOCH);
		UnitReport report = new UnitReport((generation == 0) ? Map.of() : Map.of(POLICY, generation),
				List.of(condition), List.of());
		this.rows.pushes()
			.finish(List.of(new PushEnd(claim, head, List.of(), false, false, Optional.empty(), false, false, false,
					Optional.of(report))));
	}

	private static ClaimRequest request() {
		return new ClaimRequest("a", 100, Duration.ofMinutes(1), 1, Set.of(), Set.of());
	}

}
