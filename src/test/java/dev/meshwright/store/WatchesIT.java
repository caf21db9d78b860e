package dev.meshwright.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Watches.Held;
import dev.meshwright.store.Watches.Sighting;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the holder of a cluster's watches notes, and what one notes that has lost them.
 */
class WatchesIT {

	private static final Duration LEASE = Duration.ofMinutes(1);

	private static final UnitId DRIFTED = new UnitId("east", "shop", "drifted");

	private static final UnitId WAITING = new UnitId("east", "shop", "waiting");

	private static final Sighting SIGHTING = new Sighting(new ObjectRef(ObjectKind.SERVICE, "shop", "drifted"), "uid",
			"7", "hash", false);

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final Watches watches = ReconcileStore.on(database.dataSource()).watches();

	private Held held;

	@BeforeEach
	void hold() {
		for (String table : List.of("unit", "sighting", "followed_kind", "watch_holder")) {
			this.store.jdbc().sql("delete from " + table).update();
		}
		this.held = this.watches.hold("one", Set.of("east"), LEASE).getFirst();
		unit(DRIFTED, false);
		unit(WAITING, true);
	}

	@Test
	void whatDiffersIsComparedAndWhatWaitedGoesOn() {
		assertThat(note(this.held, Set.of(WAITING, DRIFTED))).isTrue();
		assertThat(due(DRIFTED)).isTrue();
		assertThat(due(WAITING)).isTrue();
		assertThat(sightings()).isOne();
	}

	@Test
	void whatFailedOrIsAtWorkWaitsOn() {
		this.store.jdbc().sql("update unit set attempts = 1 where service = 'waiting'").update();
		assertThat(note(this.held, Set.of(WAITING))).isTrue();
		assertThat(due(WAITING)).isFalse();
		this.store.jdbc().sql("update unit set attempts = 0, worker = 'other' where service = 'waiting'").update();
		assertThat(note(this.held, Set.of(WAITING))).isTrue();
		assertThat(due(WAITING)).isFalse();
	}

	@Test
	void whoHasLostTheWatchesNotesNothingAtAll() {
		this.watches.release("one");
		Held taken = this.watches.hold("two", Set.of("east"), LEASE).getFirst();
		assertThat(taken.fence()).isGreaterThan(this.held.fence());
		assertThat(note(this.held, Set.of(WAITING))).isFalse();
		assertThat(this.watches.follow(this.held, Set.of(ObjectKind.SERVICE))).isFalse();
		assertThat(due(DRIFTED)).isFalse();
		assertThat(due(WAITING)).isFalse();
		assertThat(sightings()).isZero();
		assertThat(note(taken, Set.of(WAITING))).isTrue();
		assertThat(due(WAITING)).isTrue();
	}

	private boolean note(Held holder, Set<UnitId> available) {
		return this.watches.note(holder, Map.of(SIGHTING, DRIFTED), List.of(), available);
	}

	/** A unit that is at rest, or waits for an hour in the middle of its push. */
	private void unit(UnitId unit, boolean continues) {
		this.store.jdbc()
			.sql("""
					insert into unit (cluster, namespace, service, dirty_revision, done_revision, continues, not_before)
					values (:cluster, :namespace, :service, 1, 1, :continues, now() + interval '1 hour')""")
			.param("cluster", unit.cluster())
			.param("namespace", unit.namespace())
			.param("service", unit.service())
			.param("continues", continues)
			.update();
	}

	private boolean due(UnitId unit) {
		return this.store.jdbc()
			.sql("select (resync or continues) and not_before <= now() from unit where service = :service")
			.param("service", unit.service())
			.query(Boolean.class)
			.single();
	}

	private int sightings() {
		return this.store.jdbc().sql("select count(*) from sighting").query(Integer.class).single();
	}

}
