package dev.meshwright.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Commits.Validation;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.meshwright.store.Declared.ALICE;
import static dev.meshwright.store.Declared.delete;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who depends on what is known from the commit on, and not for longer than it is true.
 */
class ValidatedReadsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static int count;

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final ReconcileStore rows = ReconcileStore.on(database.dataSource());

	private final List<Claim> held = new ArrayList<>();

	private final String ns = "validated" + ++count;

	private final ResourceId caller = ResourceId.service(this.ns, "caller");

	private final ResourceId called = ResourceId.service(this.ns, "called");

	private final UnitId placement = UnitId.placement(this.ns, "caller");

	private final UnitId unit = this.placement.on("east");

	@Test
	void aCommitTellsWhoDependsOnWhatBeforeAnybodyCompiled() {
		commit(this.store.revisions().head());
		assertThat(readers()).containsExactly(this.placement, this.unit);
	}

	@Test
	void whoCameToDependOnAChangeAfterItsValidationMakesItInvalid() {
		Validation alone = validation(this.store.revisions().head(), this.called,
				Map.of(UnitId.placement(this.ns, "called"), Set.of(Key.resource(this.called))));
		commit(alone.revision());
		assertThatExceptionOfType(StoreFailure.ConcurrentChange.class)
			.isThrownBy(() -> this.store.commits().commit(ALICE, List.of(put(this.called, port(81))), "test", alone))
			.withMessageContaining(this.ns + "/caller");
		Validation again = validation(this.store.revisions().head(), this.called,
				Map.of(UnitId.placement(this.ns, "called"), Set.of(), this.placement, Set.of(), this.unit, Set.of()));
		this.store.commits().commit(ALICE, List.of(put(this.called, port(81))), "test", again);
	}

	@Test
	void whatWorkersRecordTakesItsPlace() {
		long revision = commit(this.store.revisions().head());
		place(claim(this.placement), revision - 1, Set.of("east"));
		assertThat(readers()).as("an older snapshot does not know what was committed later")
			.containsExactly(this.placement, this.unit);
		this.rows.units().resyncAll();
		place(claim(this.placement), revision, Set.of("east"));
		assertThat(readers()).containsExactly(this.unit);
		Claim pushing = claim(this.unit);
		this.rows.pushes()
			.begin(List.of(new PushBeginning(pushing, revision, 1, true, Set.of(Key.resource(this.caller)), List.of(),
					List.of(), Set.of(), Set.of())));
		assertThat(readers()).isEmpty();
		assertThat(left()).isZero();
	}

	@Test
	void theNextCommitTakesThePlaceOfTheLastHoweverLateWorkersAre() {
		commit(this.store.revisions().head());
		int once = left();
		long revision = this.store.commits()
			.commit(ALICE, List.of(put(this.caller, port(81))), "test",
					validation(this.store.revisions().head(), this.caller,
							Map.of(this.placement, Set.of(Key.resource(this.caller)), this.unit,
									Set.of(Key.resource(this.caller), Key.resource(this.called)))))
			.revision();
		assertThat(left()).isEqualTo(once - 1);
		assertThat(readers()).containsExactly(this.unit);
		place(claim(this.placement), revision, Set.of("east"));
		assertThat(readers()).containsExactly(this.unit);
	}

	@Test
	void aCommitDoesNotWaitForWorkersThatRecord() {
		long first = commit(this.store.revisions().head());
		int once = left();
		long second = this.store.transaction().execute((_) -> {
			new ValidatedReads(this.store.jdbc()).forget(List.of(new ReadRows.Reads(this.unit, first, Set.of())));
			return CompletableFuture.supplyAsync(() -> commit(first, 81)).orTimeout(20, TimeUnit.SECONDS).join();
		});
		assertThat(second).isGreaterThan(first);
		assertThat(left()).isEqualTo(once);
		assertThat(readers()).containsExactly(this.placement, this.unit);
	}

	@Test
	void whatWasValidatedForAClusterThatIsNotNamedAnyMoreGoes() {
		long revision = commit(this.store.revisions().head());
		place(claim(this.placement), revision, Set.of("west"));
		assertThat(left()).isZero();
	}

	@Test
	void aDeletedServiceLeavesNothing() {
		commit(this.store.revisions().head());
		long revision = this.store.commits()
			.commit(ALICE, List.of(delete(this.caller)), "test",
					validation(this.store.revisions().head(), this.caller,
							Map.of(this.placement, Set.of(Key.resource(this.caller)), this.unit, Set.of())))
			.revision();
		Claim claim = claim(this.placement);
		this.rows.placements()
			.finish(List.of(new Placements.Placed(claim, revision, 1, Set.of(Key.resource(this.caller)), Set.of(),
					false, Optional.empty())));
		assertThat(left()).isZero();
	}

	/** Declares the caller, whose placement and unit were found to read the called. */
	private long commit(long validatedAt) {
		return commit(validatedAt, 80);
	}

	private long commit(long validatedAt, int port) {
		Set<Key> reads = Set.of(Key.resource(this.caller), Key.resource(this.called));
		return this.store.commits()
			.commit(ALICE, List.of(put(this.caller, port(port))), "test",
					validation(validatedAt, this.caller, Map.of(this.placement, reads, this.unit, reads)))
			.revision();
	}

	private static Validation validation(long revision, ResourceId read, Map<UnitId, Set<Key>> compiled) {
		return new Validation(revision, Set.of(Key.resource(read)), Optional.of(compiled));
	}

	private SortedSet<UnitId> readers() {
		return this.store.snapshots()
			.read((snapshot) -> new TreeSet<>(snapshot.unitsReading(List.of(Key.resource(this.called)))));
	}

	/** Claims all that is due and gives the claim of one. */
	private Claim claim(UnitId wanted) {
		this.held.addAll(this.rows.units()
			.expandAndClaim(new ClaimRequest("a", 100, Duration.ofMinutes(1), 1, Set.of(), Set.of())));
		return this.held.reversed().stream().filter((claim) -> claim.unit().equals(wanted)).findFirst().orElseThrow();
	}

	private void place(Claim claim, long revision, Set<String> clusters) {
		this.rows.placements()
			.finish(List.of(new Placements.Placed(claim, revision, 1, Set.of(Key.resource(this.caller)), clusters, true,
					Optional.empty())));
	}

	private int left() {
		return this.store.jdbc()
			.sql("select count(*) from validated_read where namespace = :ns")
			.param("ns", this.ns)
			.query(Integer.class)
			.single();
	}

}
