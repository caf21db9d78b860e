package dev.meshwright.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Change.Precondition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.meshwright.store.Declared.commit;
import static dev.meshwright.store.Declared.delete;
import static dev.meshwright.store.Declared.exposed;
import static dev.meshwright.store.Declared.policy;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static org.assertj.core.api.Assertions.assertThat;

class SnapshotsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	@Test
	void aSnapshotShowsOneRevisionWhateverIsCommittedMeanwhile() {
		ResourceId id = ResourceId.service("stable", "webapp");
		ResourceId later = ResourceId.service("stable", "later");
		long revision = commit(this.store, put(id, port(80))).revision();
		this.store.snapshots().read((snapshot) -> {
			assertThat(snapshot.revision()).isEqualTo(revision);
			long newer = CompletableFuture
				.supplyAsync(() -> commit(this.store, put(id, port(81)), put(later, exposed("stable.example.com"))))
				.join()
				.revision();
			assertThat(newer).isEqualTo(revision + 1);
			assertThat(snapshot.revision()).isEqualTo(revision);
			assertThat(snapshot.find(id).orElseThrow().metadata().generation()).isOne();
			assertThat(snapshot.find(later)).isEmpty();
			assertThat(snapshot.index(Key.host("stable.example.com"))).isEmpty();
			return snapshot;
		});
	}

	@Test
	void indexesFollowWhatIsDeclared() {
		ResourceId east = ResourceId.cluster("index-east");
		ResourceId west = ResourceId.cluster("index-west");
		String spec = "{'connection': {'sandbox': {}}, 'region': 'eu'}";
		Map<String, String> labels = Map.of("index", "yes");
		commit(this.store, put(west, spec, labels, Precondition.NONE), put(east, spec, labels, Precondition.NONE));
		Key key = Key.clusterLabel("index", "yes");
		assertThat(index(key)).containsExactly(east, west);
		commit(this.store, put(east, spec), delete(west));
		assertThat(index(key)).isEmpty();
		assertThat(index(Key.clusters())).containsExactly(east);

		commit(this.store, put(policy("index", "p"), "{'service': 'webapp'}"));
		assertThat(index(Key.target(Kind.ROUTING_POLICY, "index", "webapp"))).containsExactly(policy("index", "p"));
	}

	@Test
	void whatIsExpectedIsFoundAsWhatIsNot() {
		ResourceId service = ResourceId.service("expected", "webapp");
		ResourceId broken = ResourceId.service("expected", "broken");
		ResourceId missing = ResourceId.service("expected", "missing");
		long revision = commit(this.store, put(service, exposed("expected.example.com")), put(broken, port(80)),
				put(policy("expected", "p"), "{'service': 'webapp'}"))
			.revision();
		this.store.jdbc()
			.sql("update resource set spec = '[]' where namespace = 'expected' and name = 'broken'")
			.update();
		List<Key> keys = List.of(Key.host("expected.example.com"), Key.host("nobody.example.com"),
				Key.target(Kind.ROUTING_POLICY, "expected", "webapp"), Key.account("expected", "broken"));
		List<ResourceId> ids = List.of(service, broken, missing);
		List<Object> asked = this.store.snapshots().read((snapshot) -> answers(snapshot, ids, keys));
		List<Object> expected = this.store.snapshots().read((snapshot) -> {
			snapshot.expect(ids.subList(1, 2), keys.subList(0, 1));
			snapshot.expect(ids, keys);
			snapshot.expect(ids, keys);
			return answers(snapshot, ids, keys);
		});
		assertThat(expected).isEqualTo(asked).contains(revision, Optional.of(broken));
	}

	/** Also when nothing of it is there. */
	@Test
	void whatIsExpectedIsAskedForOnce() {
		ResourceId missing = ResourceId.service("expected", "nowhere");
		Key nobody = Key.host("nowhere.example.com");
		this.store.snapshots().read((snapshot) -> {
			snapshot.expect(Set.of(missing), Set.of(nobody));
			// whoever asked the database again would be told that its table is gone
			this.store.jdbc().sql("set local search_path to pg_catalog").update();
			assertThat(snapshot.find(missing)).isEmpty();
			assertThat(snapshot.index(nobody)).isEmpty();
			return snapshot;
		});
	}

	private static List<Object> answers(Snapshots.StoredSnapshot snapshot, List<ResourceId> ids, List<Key> keys) {
		List<Object> answers = new ArrayList<>(List.of(snapshot.revision()));
		ids.forEach((id) -> answers.add(snapshot.find(id)));
		keys.forEach((key) -> answers.add(snapshot.index(key)));
		keys.forEach((key) -> answers.add(snapshot.unreadable(Set.of(key))));
		ids.forEach((id) -> answers.add(snapshot.unreadable(Set.of(Key.resource(id)))));
		return answers;
	}

	@Test
	void knowsWhichUnitsReadAKey() {
		this.store.jdbc().sql("""
				insert into unit_read (key, cluster, namespace, service) values
				('host=a', 'east', 'shop', 'webapp'), ('host=b', 'east', 'shop', 'webapp'),
				('host=b', '', 'shop', ''), ('host=c', 'west', 'shop', 'webapp')""").update();
		assertThat(this.store.snapshots()
			.<SortedSet<UnitId>>read(
					(snapshot) -> snapshot.unitsReading(Set.of(Key.host("a"), Key.host("b"), Key.host("x")))))
			.containsExactly(UnitId.placement("shop", ""), new UnitId("east", "shop", "webapp"));
	}

	private List<ResourceId> index(Key key) {
		return this.store.snapshots()
			.read((snapshot) -> snapshot.index(key).stream().<ResourceId>map(Resource::id).toList());
	}

}
