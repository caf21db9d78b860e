package dev.meshwright.api;

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
import dev.meshwright.store.Declared;
import dev.meshwright.store.Placements.Placed;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.ReconcileStore;
import dev.meshwright.store.StoreFixture;
import dev.meshwright.store.UnitReport;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What is summed up while nobody reconciles, so that nothing moves but what is told. */
class StatusViewsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final ReconcileStore rows = ReconcileStore.on(database.dataSource());

	private final StatusViews views = new StatusViews(this.rows.statuses(), this.store.facts(), this.store.halts(),
			new BackupViews(this.store.backupStates()), this.rows.backlogs());

	private final ResourceId policy = new ResourceId(Kind.FAILOVER_POLICY, "quiet", "default");

	@Test
	void aDefaultThatHoldsForNothingIsUnusedOnceItIsWorkedOff() {
		Declared.commit(this.store, Declared.put(ResourceId.service("busy", "web"), Declared.port(80)),
				Declared.put(this.policy, "{}"));
		assertThat(programmed()).as("written").isEqualTo("Pending");
		place(1);
		assertThat(programmed()).isEqualTo("NotUsed");
		Declared.commit(this.store, Declared.put(this.policy, "{'timeout': '2s'}"));
		assertThat(programmed()).as("changed").isEqualTo("Pending");
		place(2);
		assertThat(programmed()).isEqualTo("NotUsed");
		assertThat(reason(Type.COMPILED)).as("it was checked").isEqualTo(Type.COMPILED.plainReason());
		Declared.commit(this.store, Declared.put(ResourceId.service("quiet", "web"), Declared.port(80)));
		assertThat(programmed()).as("there is a service now").isEqualTo("NotReported");
	}

	/** The namespace's placement reads its defaults. */
	private void place(long generation) {
		List<Claim> claims = this.rows.units()
			.expandAndClaim(new ClaimRequest("a", 100, Duration.ofMinutes(1), 1, Set.of(), Set.of()));
		List<Placed> placed = claims.stream().filter((claim) -> claim.unit().isNamespace()).map((claim) -> {
			Key key = PolicyTarget.namespace("quiet").key(Kind.FAILOVER_POLICY);
			UnitReport report = new UnitReport(Map.of(this.policy, generation), List
				.of(new Condition(Type.COMPILED, Status.TRUE, Type.COMPILED.plainReason(), "", 0, Instant.EPOCH)),
					List.of());
			return new Placed(claim, this.store.revisions().head(), 1, Set.of(key), Set.of(), true,
					Optional.of(report));
		}).toList();
		assertThat(this.rows.placements().finish(placed)).hasSize(1);
	}

	private String programmed() {
		return reason(Type.PROGRAMMED);
	}

	private String reason(Type type) {
		return this.views.of(this.store.resources().find(Declared.ALICE, this.policy).orElseThrow().resource())
			.conditions()
			.stream()
			.filter((condition) -> condition.type() == type)
			.map(Condition::reason)
			.findFirst()
			.orElseThrow();
	}

}
