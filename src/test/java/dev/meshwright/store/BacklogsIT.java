package dev.meshwright.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Backlogs.Backlog;
import dev.meshwright.store.Backlogs.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.meshwright.store.Declared.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

/** What waits is counted by what becomes of it, and says why. */
class BacklogsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	final Backlogs backlogs = ReconcileStore.on(database.dataSource()).backlogs();

	@BeforeEach
	void units() {
		Declared.commit(this.store,
				Declared.put(ResourceId.cluster("idle"), "{'mesh': 'istio', 'connection': {'sandbox': {}}}"));
		this.store.jdbc().sql("delete from unit").update();
		this.store.jdbc().sql("delete from unit_status").update();
		this.store.jdbc()
			.sql("""
					insert into unit (cluster, namespace, service, dirty_revision, done_revision, continues, not_before, attempts,
						worker, lease_until)
					values ('east', 'a', 'rest', 1, 1, false, now(), 0, null, null),
						('east', 'a', 'due', 2, 1, false, now() - interval '1 hour', 0, null, null),
						('east', 'a', 'lost', 2, 1, false, now() - interval '1 minute', 0, 'w', now() - interval '1 second'),
						('east', 'a', 'claimed', 2, 1, false, now() - interval '1 day', 0, 'w', now() + interval '1 hour'),
						('east', 'a', 'settling', 1, 1, true, now() + interval '1 hour', 0, null, null),
						('east', 'a', 'failing', 2, 1, true, now() + interval '1 hour', 3, null, null),
						('east', 'b', 'failing', 2, 1, true, now() + interval '2 hours', 3, null, null),
						('', 'a', 'due', 2, 1, false, now(), 0, null, null)""")
			.update();
		this.store.jdbc()
			.sql("""
					insert into unit_status (cluster, namespace, service, revision, generations, conditions, diagnostics)
					select 'east', namespace, service, 1, '{}', jsonb_build_array(
						jsonb_build_object('type', 'Compiled', 'status', 'True', 'reason', 'Compiled', 'message', ''),
						jsonb_build_object('type', 'Programmed', 'status', 'False', 'reason', 'Conflict', 'message', namespace || '!')),
						'[]' from unit where service = 'failing'""")
			.update();
		this.store.jdbc()
			.sql("""
					insert into unit_status (cluster, namespace, service, revision, generations, conditions, diagnostics)
					values ('east', 'a', 'due', 1, '{}', '[
						{"type": "Programmed", "status": "True", "reason": "Programmed", "message": ""},
						{"type": "Compiled", "status": "False", "reason": "SERVICE_NOT_FOUND", "message": "gone"}]', '[]')""")
			.update();
	}

	@Test
	void unitsAreCountedByWhatBecomesOfThem() {
		List<Backlog> all = this.backlogs.all();
		assertThat(all).map(Backlog::cluster).containsExactly("", "east", "idle");
		Backlog east = all.get(1);
		assertThat(east.due()).isEqualTo(2);
		assertThat(east.working()).isOne();
		assertThat(east.waiting()).isOne();
		assertThat(east.retrying()).isEqualTo(2);
		assertThat(east.age()).isBetween(Duration.ofMinutes(59), Duration.ofHours(3));
		assertThat(east.reachable()).as("nobody has asked it yet").isFalse();
		assertThat(all.getFirst().reachable()).isTrue();
		assertThat(all.getLast().due() + all.getLast().working()).isZero();
		assertThat(this.backlogs.unexpanded()).isEqualTo(this.store.revisions().head());
	}

	@Test
	void theReasonsAreGroupedAndTheirUnitsNamedToThoseWhoMaySeeThem() {
		Backlogs.Stuck stuck = this.backlogs.stuck(ALICE, "east", 1000);
		assertThat(stuck.backlog()).isNotNull();
		assertThat(stuck.reasons()).containsExactly(new Reason("NotReported", 3, "a/claimed", ""),
				new Reason("Conflict", 2, "a/failing", "a!"), new Reason("SERVICE_NOT_FOUND", 1, "a/due", "gone"));
		Caller b = new Caller("b", Set.of(), NamespaceScope.of(Set.of("b")));
		assertThat(this.backlogs.stuck(b, "east", 1000).reasons()).containsExactly(
				new Reason("NotReported", 3, null, null), new Reason("Conflict", 2, "b/failing", "b!"),
				new Reason("SERVICE_NOT_FOUND", 1, null, null));
		assertThat(this.backlogs.stuck(ALICE, "east", 1).reasons())
			.containsExactly(new Reason("NotReported", 1, "a/claimed", ""));
		assertThat(this.backlogs.stuck(ALICE, "nowhere", 10).reasons()).isEmpty();
	}

	@Test
	void onlyWhatIsDirtyIsLookedAt() {
		this.store.jdbc().sql("""
				insert into unit (cluster, namespace, service, dirty_revision, done_revision)
				select 'east', 'rest', 's' || n, 1, 1 from generate_series(1, 20000) n""").update();
		this.store.jdbc().sql("analyze unit").update();
		List<String> plan = this.store.jdbc()
			.sql("""
					explain select count(*) from unit u where u.cluster = 'east'
					and (u.dirty_revision > u.done_revision or u.resync or u.resyncing or u.continues)""")
			.query(String.class)
			.list();
		assertThat(String.join("\n", plan)).containsAnyOf("unit_backlog", "unit_due").doesNotContain("Seq Scan");
	}

}
