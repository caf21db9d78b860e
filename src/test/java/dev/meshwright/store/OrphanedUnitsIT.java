package dev.meshwright.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Key;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** A cluster that will never answer again must not hold up a delete for ever. */
class OrphanedUnitsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static int count;

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final ReconcileStore rows = ReconcileStore.on(database.dataSource());

	private final String ns = "orphaned" + ++count;

	private final String cluster = "cluster" + count;

	private final ResourceId service = ResourceId.service(this.ns, "web");

	private final ObjectRef object = new ObjectRef(ObjectKind.SERVICE, this.ns, "web");

	@Test
	void aDeletedServiceThatWaitsForAClusterIsLetGo() {
		Claim working = pushed();
		Declared.commit(this.store, Declared.delete(this.service));
		assertThat(this.store.resources().find(Declared.ALICE, this.service)).isPresent();
		Declared.commit(this.store, new Change.Delete(this.service, Precondition.NONE, true));
		assertThat(left()).isZero();
		assertThat(this.rows.units().renew(List.of(working), Duration.ofMinutes(1))).as("its worker lost its claim")
			.isEmpty();
		placementEnds();
		assertThat(this.store.resources().find(Declared.ALICE, this.service)).isEmpty();
	}

	@Test
	void aDeletedClusterTakesAllThatIsOnItAlong() {
		Declared.commit(this.store, Declared.put(ResourceId.cluster(this.cluster), "{'mesh': 'istio'}"));
		pushed();
		Declared.commit(this.store, new Change.Delete(ResourceId.cluster(this.cluster), Precondition.NONE, true));
		assertThat(left()).isZero();
		this.rows.units().expand();
		assertThat(this.rows.units().claim(request())).extracting(Claim::unit)
			.contains(UnitId.placement(this.ns, "web"));
	}

	@Test
	void whatTwoThatEndTogetherLeaveToEachOtherIsForgottenByWhoeverFindsNothingToDo() {
		ResourceId policy = Declared.policy(this.ns, "web");
		Declared.commit(this.store, Declared.put(this.service, Declared.port(80)),
				Declared.put(policy, "{'service': 'web', 'rules': [{'name': 'all', 'split': [{'version': 'v1'}]}]}"));
		Declared.commit(this.store, Declared.delete(policy));
		this.rows.units().expand();
		assertThat(this.store.resources().find(Declared.ALICE, policy)).as("a unit is at work").isPresent();
		this.store.jdbc()
			.sql("update unit set done_revision = dirty_revision, continues = false, resync = false, resyncing = false")
			.update();
		assertThat(this.rows.units().expandAndClaim(request())).isEmpty();
		assertThat(this.store.resources().find(Declared.ALICE, policy)).isEmpty();
	}

	/** The service has an object on the cluster, and its unit is claimed once more. */
	private Claim pushed() {
		Declared.commit(this.store, Declared.put(this.service, Declared.port(80)));
		long head = this.store.revisions().head();
		this.rows.placements()
			.finish(List.of(new Placements.Placed(claim(), head, 1, Set.of(Key.resource(this.service)),
					Set.of(this.cluster), true, Optional.empty())));
		Claim claim = claim();
		this.rows.pushes()
			.begin(List.of(new PushBeginning(claim, head, 1, true, Set.of(Key.resource(this.service)),
					List.of(new PushBeginning.Intent(this.object, "hash")), List.of(), Set.of(), Set.of())));
		this.rows.pushes()
			.finish(List.of(new PushEnd(claim, head,
					List.of(new PushEnd.Pushed(this.object, "uid", "1", "hash", "owned", Map.of(), Set.of(), head, 0)),
					true, true, Optional.empty(), false, false, false, Optional.empty())));
		assertThat(left()).isOne();
		this.rows.units().resync(this.cluster);
		return claim();
	}

	private void placementEnds() {
		Claim claim = claim();
		assertThat(claim.unit().isPlacement()).isTrue();
		this.rows.placements()
			.finish(List.of(new Placements.Placed(claim, this.store.revisions().head(), 1,
					Set.of(Key.resource(this.service)), Set.of(), false, Optional.empty())));
	}

	private Claim claim() {
		return this.rows.units()
			.expandAndClaim(request())
			.stream()
			.filter((claim) -> claim.unit().namespace().equals(this.ns))
			.findFirst()
			.orElseThrow();
	}

	private static ClaimRequest request() {
		return new ClaimRequest("a", 100, Duration.ofMinutes(1), 1, Set.of(), Set.of());
	}

	private int left() {
		return this.store.jdbc()
			.sql("select count(*) from inventory where cluster = :cluster")
			.param("cluster", this.cluster)
			.query(Integer.class)
			.single();
	}

}
