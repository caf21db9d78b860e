package dev.meshwright.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.store.Change.Precondition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.meshwright.store.Declared.commit;
import static dev.meshwright.store.Declared.delete;
import static dev.meshwright.store.Declared.policy;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The past answers as the present did when it was the present. */
class HistoricSnapshotIT {

	private static final int REVISIONS = 60;

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	private final Random random = new Random(20260101);

	private final List<ResourceId> services = List.of(ResourceId.service("a", "one"), ResourceId.service("a", "two"),
			ResourceId.service("b", "one"));

	private final List<ResourceId> policies = List.of(policy("a", "p"), policy("a", "q"), policy("b", "p"));

	private final List<ResourceId> clusters = List.of(ResourceId.cluster("east"), ResourceId.cluster("west"));

	@Test
	void everyKeyIsAnsweredAsItWasAnsweredThen() {
		Map<Long, Map<Object, Object>> then = new LinkedHashMap<>();
		while (then.size() < REVISIONS) {
			long revision = commit(this.store, changes()).revision();
			then.put(revision, this.store.snapshots().read(this::answers));
		}
		assertThat(then.values().stream().flatMap((answers) -> answers.values().stream()).distinct()).as("traffic")
			.hasSizeGreaterThan(REVISIONS);
		then.forEach((revision, answers) -> {
			Map<Object, Object> now = this.store.snapshots().readAt(revision, this::answers);
			assertThat(now).as("revision " + revision).isEqualTo(answers);
		});
	}

	@Test
	void thereIsNoRevisionZeroNorOneToCome() {
		long head = commit(this.store, put(ResourceId.service("c", "one"), port(80))).revision();
		assertThat(this.store.snapshots().<Long>readAt(head, Snapshot::revision)).isEqualTo(head);
		for (long revision : new long[] { 0, -1, head + 1 }) {
			assertThatExceptionOfType(StoreFailure.NoRevision.class)
				.isThrownBy(() -> this.store.snapshots().readAt(revision, Snapshot::revision));
		}
	}

	@Test
	void asMuchIsReadAsIsAllowedAndNoMore() {
		long first = commit(this.store, put(ResourceId.service("d", "one"), port(80)),
				put(ResourceId.service("d", "two"), port(80)))
			.revision();
		commit(this.store, put(ResourceId.service("d", "one"), port(81)),
				put(ResourceId.service("d", "two"), port(81)));
		Key key = Key.account("d", "one");
		this.store.transaction().executeWithoutResult((_) -> {
			assertThat(new HistoricSnapshot(this.store.jdbc(), first, 2).index(key)).hasSize(1);
			assertThatExceptionOfType(StoreFailure.TooFarBack.class)
				.isThrownBy(() -> new HistoricSnapshot(this.store.jdbc(), first, 1).index(key));
		});
	}

	@Test
	void whatCannotBeReadIsNotTakenForAbsent() {
		ResourceId id = ResourceId.service("e", "one");
		long first = commit(this.store, put(id, port(80))).revision();
		long second = commit(this.store, put(id, port(81))).revision();
		this.store.jdbc().sql("""
				update resource_change set before = jsonb_set(before, '{spec,ports}', '1')
				where revision = :second""").param("second", second).update();
		assertThatExceptionOfType(StoreFailure.Unreadable.class).isThrownBy(
				() -> this.store.snapshots().readAt(first, (snapshot) -> snapshot.index(Key.account("e", "one"))));
	}

	private Map<Object, Object> answers(Snapshot snapshot) {
		Map<Object, Object> answers = new HashMap<>();
		List<ResourceId> ids = new ArrayList<>(this.services);
		ids.addAll(this.policies);
		ids.addAll(this.clusters);
		ids.forEach((id) -> answers.put(id, snapshot.find(id)));
		keys().forEach((key) -> answers.put(key, snapshot.index(key)));
		answers.values().removeIf((answer) -> answer.equals(Optional.empty()) || answer.equals(List.of()));
		return answers;
	}

	private static List<Key> keys() {
		List<Key> keys = new ArrayList<>(List.of(Key.clusters()));
		for (String value : new String[] { "0", "1", "2" }) {
			keys.add(Key.host("h" + value + ".example.com"));
			keys.add(Key.clusterLabel("zone", value));
			keys.add(Key.target(Kind.ROUTING_POLICY, "a", value + "x"));
			keys.add(Key.target(Kind.ROUTING_POLICY, "b", value + "x"));
		}
		for (String namespace : new String[] { "a", "b" }) {
			for (String name : new String[] { "one", "two" }) {
				keys.add(Key.dependencyOf(namespace, name));
				keys.add(Key.routesTo(namespace, name));
				keys.add(Key.account(namespace, name));
			}
		}
		return keys;
	}

	/** A change set of one to three changes; what is unique is claimed once in it. */
	private Change[] changes() {
		Map<ResourceId, Change> changes = new HashMap<>();
		Snapshot present = this.store.snapshots().read((snapshot) -> {
			this.services.forEach(snapshot::find);
			this.policies.forEach(snapshot::find);
			this.clusters.forEach(snapshot::find);
			return snapshot;
		});
		for (int count = 1 + this.random.nextInt(3); count > 0; count--) {
			ResourceId id = pick(List.of(this.services, this.policies, this.clusters).get(this.random.nextInt(3)));
			boolean delete = present.find(id).isPresent() && this.random.nextInt(4) == 0;
			changes.put(id, delete ? delete(id) : put(id, spec(id), labels(id), Precondition.NONE));
		}
		return changes.values().toArray(Change[]::new);
	}

	private Map<String, String> labels(ResourceId id) {
		return (id.kind() == Kind.CLUSTER) ? Map.of("zone", "" + this.random.nextInt(3)) : Map.of();
	}

	private String spec(ResourceId id) {
		return switch (id.kind()) {
			case CLUSTER -> "{'connection': {'sandbox': {}}, 'region': 'r" + this.random.nextInt() + "'}";
			case SERVICE -> "{'ports': [{'name': 'http', 'port': " + (1 + this.random.nextInt(9999))
					+ ", 'protocol': 'HTTP'}], 'dependencies': ['" + other() + "'], 'exposure': {'hosts': ['h"
					+ this.services.indexOf(id) + ".example.com'], 'gateway': 'public'}}";
			default -> "{'service': '" + this.policies.indexOf(id) + "x', 'rules': [{'name': 'r"
					+ this.random.nextInt(99) + "', 'split': [{'service': '" + other() + "'}]}]}";
		};
	}

	private String other() {
		ResourceId service = pick(this.services);
		return service.namespace() + "/" + service.name();
	}

	private ResourceId pick(List<ResourceId> ids) {
		return ids.get(this.random.nextInt(ids.size()));
	}

}
