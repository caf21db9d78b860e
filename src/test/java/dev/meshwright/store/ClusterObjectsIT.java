package dev.meshwright.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.ClusterObjects.ClusterObject;
import dev.meshwright.store.ClusterObjects.Counts;
import dev.meshwright.store.ClusterObjects.Page;
import dev.meshwright.store.ClusterObjects.Query;
import dev.meshwright.store.ClusterObjects.Seen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** The inventory of a cluster, page by page, with what was seen of it. */
class ClusterObjectsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static final Caller A = new Caller("a", Set.of(), NamespaceScope.of(Set.of("a", "none")));

	private static final Query EVERYTHING = new Query("east", null, null, false, false, 500, null);

	private final JdbcClient jdbc = JdbcClient.create(database.dataSource());

	private final ClusterObjects objects = new JdbcClusterObjects(this.jdbc);

	@BeforeEach
	void objects() {
		for (String table : List.of("inventory", "sighting", "tombstone", "watch_holder", "followed_kind")) {
			this.jdbc.sql("delete from " + table).update();
		}
		object("east", "Namespace", "", "a", "a", "");
		object("east", "Service", "a", "web", "a", "web");
		object("east", "Deployment.apps", "a", "web-v1", "a", "web");
		object("east", "Service", "b", "api", "b", "api");
		object("east", "ServiceAccount", "b", "api", "b", "api");
		object("west", "Service", "a", "web", "a", "web");
	}

	@Test
	void whatNeedsSomebodysEyeIsCounted() {
		StoreFixture store = new StoreFixture(database.dataSource());
		Declared.commit(store, Declared.put(ResourceId.cluster("east"), "{'mesh': 'istio'}"),
				Declared.put(ResourceId.cluster("idle"), "{'mesh': 'istio'}"));
		this.jdbc.sql("update inventory set orphaned = true where object_name = 'api'").update();
		this.jdbc.sql("update inventory set forced = 1 where object_name = 'web'").update();
		this.jdbc.sql("update inventory set forced = 3 where object_name = 'web-v1'").update();
		sighted("Service", "a", "web", null);
		sighted("Service", "b", "nobodys", "x");
		assertThat(this.objects.counts(2)).containsExactly(new Counts("east", 1, 1, 2), new Counts("idle", 0, 0, 0));
		assertThat(this.objects.counts(1).getFirst().fought()).isEqualTo(2);
	}

	private void object(String cluster, String kind, String objectNamespace, String name, String namespace,
			String service) {
		this.jdbc.sql("""
				insert into inventory (cluster, object_kind, object_namespace, object_name, namespace, service, uid,
					resource_version, hash, owned_hash, body, revision)
				values (:cluster, :kind, :in, :name, :namespace, :service, 'uid-' || :name, '7', 'h', 'o', '{}', 3)""")
			.param("cluster", cluster)
			.param("kind", kind)
			.param("in", objectNamespace)
			.param("name", name)
			.param("namespace", namespace)
			.param("service", service)
			.update();
	}

	private void sighted(String kind, String namespace, String name, @Nullable String uid) {
		this.jdbc.sql("""
				insert into sighting (cluster, object_kind, object_namespace, object_name, uid, resource_version)
				values ('east', :kind, :namespace, :name, :uid, '8')""")
			.param("kind", kind)
			.param("namespace", namespace)
			.param("name", name)
			.param("uid", uid)
			.update();
	}

	private List<String> list(Caller caller, Query query) {
		return this.objects.list(caller, query).items().stream().map((object) -> object.ref().toString()).toList();
	}

	private ClusterObject object(String ref) {
		return this.objects.list(Declared.ALICE, EVERYTHING)
			.items()
			.stream()
			.filter((object) -> object.ref().toString().equals(ref))
			.findFirst()
			.orElseThrow();
	}

	/** Every page, one after the other. */
	private List<String> pages(Caller caller, Query query) {
		List<String> all = new ArrayList<>();
		@Nullable ObjectRef after = null;
		while (true) {
			Page page = this.objects.list(caller, new Query(query.cluster(), query.kind(), query.namespace(),
					query.orphaned(), query.drifted(), query.limit(), after));
			assertThat(page.items()).hasSizeLessThanOrEqualTo(query.limit());
			page.items().forEach((object) -> all.add(object.ref().toString()));
			if (!page.more()) {
				return all;
			}
			after = page.items().getLast().ref();
		}
	}

	@Test
	void itIsShownToWhoeverMaySeeTheNamespaceThatItBelongsTo() {
		String[] ofA = { "Deployment.apps a/web-v1", "Namespace a", "Service a/web" };
		assertThat(list(Declared.ALICE, EVERYTHING)).containsExactly("Deployment.apps a/web-v1", "Namespace a",
				"Service a/web", "Service b/api", "ServiceAccount b/api");
		assertThat(list(A, EVERYTHING)).containsExactly(ofA);
		assertThat(list(Declared.ALICE, new Query("east", null, "a", false, false, 500, null))).containsExactly(ofA);
		assertThat(list(A, new Query("east", null, "b", false, false, 500, null))).isEmpty();
		assertThat(list(new Caller("c", Set.of(), NamespaceScope.of(Set.of())), EVERYTHING)).isEmpty();
		ClusterObject web = object("Service a/web");
		assertThat(web.unit()).hasToString("east/a/web");
		assertThat(web.uid()).isEqualTo("uid-web");
		assertThat(web.revision()).isEqualTo(3);
		assertThat(web.deleting() || web.orphaned()).isFalse();
	}

	@Test
	void pagesGoOnWhereTheOneBeforeEnded() {
		for (int limit = 1; limit <= 6; limit++) {
			Query query = new Query("east", null, null, false, false, limit, null);
			assertThat(pages(Declared.ALICE, query)).isEqualTo(list(Declared.ALICE, EVERYTHING));
			assertThat(pages(A, query)).isEqualTo(list(A, EVERYTHING));
		}
		sighted("Service", "a", "web", "uid-web");
		sighted("Service", "b", "api", null);
		assertThat(pages(Declared.ALICE, new Query("east", null, null, false, true, 1, null)))
			.containsExactly("Service a/web", "Service b/api");
	}

	@Test
	void filtersNarrowItDown() {
		this.jdbc.sql("update inventory set orphaned = true where object_name in ('api', 'web-v1')").update();
		sighted("Service", "a", "web", "uid-web");
		sighted("ServiceAccount", "b", "api", null);
		sighted("Service", "b", "nobodys", "x");
		assertThat(list(Declared.ALICE, new Query("east", ObjectKind.SERVICE, null, false, false, 500, null)))
			.containsExactly("Service a/web", "Service b/api");
		assertThat(list(Declared.ALICE, new Query("east", null, null, true, false, 500, null)))
			.containsExactly("Deployment.apps a/web-v1", "Service b/api", "ServiceAccount b/api");
		assertThat(list(A, new Query("east", null, null, true, false, 500, null)))
			.containsExactly("Deployment.apps a/web-v1");
		assertThat(list(Declared.ALICE, new Query("east", null, null, false, true, 500, null)))
			.containsExactly("Service a/web", "ServiceAccount b/api");
		assertThat(list(A, new Query("east", null, null, false, true, 500, null))).containsExactly("Service a/web");
		assertThat(list(Declared.ALICE, new Query("east", null, null, true, true, 500, null)))
			.containsExactly("ServiceAccount b/api");
		assertThat(list(Declared.ALICE, new Query("east", ObjectKind.SERVICE, "b", true, false, 500, null)))
			.containsExactly("Service b/api");
	}

	@Test
	void whatWasSeenIsShownAndWhatNobodySawIsUnknown() {
		assertThat(object("Service a/web").seen()).isEqualTo(Seen.UNKNOWN);
		this.jdbc.sql("insert into watch_holder values ('east', 'me', 4, now() + interval '1 minute')").update();
		this.jdbc.sql("insert into followed_kind values ('east', 'Service', 4), ('east', 'Namespace', 3)").update();
		sighted("Deployment.apps", "a", "web-v1", null);
		sighted("ServiceAccount", "b", "api", "another");
		assertThat(object("Service a/web").seen()).isEqualTo(Seen.AS_PUSHED);
		assertThat(object("Service a/web").seenAt()).isNull();
		assertThat(object("Namespace a").seen()).as("seen by a former holder").isEqualTo(Seen.UNKNOWN);
		assertThat(object("Deployment.apps a/web-v1").seen()).isEqualTo(Seen.MISSING);
		assertThat(object("Deployment.apps a/web-v1").seenAt()).isNotNull();
		assertThat(object("ServiceAccount b/api").seen()).isEqualTo(Seen.REPLACED);
		sighted("Service", "a", "web", "uid-web");
		assertThat(object("Service a/web").seen()).isEqualTo(Seen.DIFFERS);
		this.jdbc.sql("update inventory set intent_fence = 1 where object_name = 'api'").update();
		assertThat(object("Service b/api").seen()).as("a push is under way").isEqualTo(Seen.UNKNOWN);
		this.jdbc.sql("update inventory set intent_fence = null, orphaned = true where object_name = 'api'").update();
		assertThat(object("Service b/api").seen()).as("nothing says how it should be").isEqualTo(Seen.UNKNOWN);
		this.jdbc.sql("update watch_holder set lease_until = now() - interval '1 second'").update();
		this.jdbc.sql("delete from sighting").update();
		assertThat(object("Service a/web").seen()).as("nobody watches any more").isEqualTo(Seen.UNKNOWN);
	}

	@Test
	void whatIsToGoSaysSoWhileItIsThatObject() {
		this.jdbc.sql("""
				insert into tombstone (cluster, object_kind, object_namespace, object_name, uid, revision)
				values ('east', 'Service', 'a', 'web', 'uid-web', 4), ('east', 'Service', 'b', 'api', 'former', 4)""")
			.update();
		assertThat(object("Service a/web").deleting()).isTrue();
		assertThat(object("Service b/api").deleting()).isFalse();
		this.jdbc.sql("update tombstone set worked_off_at = now()").update();
		assertThat(object("Service a/web").deleting()).isFalse();
	}

	/**
	 * With plans from when next to nothing was stored and with plans for what is: a page
	 * of five from the middle, in blocks that it touches.
	 */
	@Test
	void aPageCostsTheSameHoweverMuchThereIs() {
		this.jdbc.sql("create extension if not exists pg_stat_statements").update();
		try (HikariDataSource pool = database.connect()) {
			pool.setMaximumPoolSize(1);
			pool.setConnectionInitSql("set enable_seqscan = off");
			JdbcClient one = JdbcClient.create(pool);
			ClusterObjects kept = new JdbcClusterObjects(one);
			List<Long> few = blocks(kept, one);
			this.jdbc
				.sql("""
						insert into inventory (cluster, object_kind, object_namespace, object_name, namespace, service, uid, hash,
							body, orphaned)
						select c, k, 'n' || n % 100, 's' || n, 'n' || n % 100, 's' || n, n, 'h', '{}', n % 500 = 0
						from generate_series(1, 10000) n, unnest(array['Service', 'ServiceAccount']) k,
							unnest(array['east', 'west']) c""")
				.update();
			this.jdbc.sql("""
					insert into sighting (cluster, object_kind, object_namespace, object_name, resource_version)
					select cluster, object_kind, object_namespace, object_name, '9' from inventory
					where object_name like 's%' and right(object_name, 2) = '00'""").update();
			assertThat(blocks(kept, one)).as("with plans that were kept")
				.allSatisfy((blocks) -> assertThat(blocks).isLessThan(200));
			this.jdbc.sql("vacuum analyze").update();
			assertThat(blocks(kept, one)).as("with plans for what is stored, before: " + few)
				.allSatisfy((blocks) -> assertThat(blocks).isLessThan(100));
		}
	}

	/**
	 * What a call of each form touches. Whoever may not see all looks through what is
	 * orphaned or differs, which is little.
	 */
	private List<Long> blocks(ClusterObjects kept, JdbcClient one) {
		ObjectRef middle = new ObjectRef(ObjectKind.SERVICE, "n5", "s505");
		Caller few = new Caller("few", Set.of(), NamespaceScope.of(Set.of("n1", "n6", "n7")));
		Caller tail = new Caller("tail", Set.of(), NamespaceScope.of(Set.of("n99")));
		assertThat(blocks(() -> kept.counts(2), one)).as("a few blocks for each of 200 that differ, 40 000 that do not")
			.isLessThan(2000);
		return Stream
			.of(new Query("east", null, null, false, false, 5, middle),
					new Query("east", ObjectKind.SERVICE_ACCOUNT, null, false, false, 5, null),
					new Query("east", null, "n50", false, false, 5, middle),
					new Query("east", null, null, true, false, 5, middle),
					new Query("east", null, null, false, true, 5, middle))
			.flatMap((query) -> Stream.of(Declared.ALICE, few, tail)
				.filter((caller) -> caller == Declared.ALICE || !query.drifted() && !query.orphaned())
				.map((caller) -> blocks(() -> kept.list(caller, query), one)))
			.toList();
	}

	/** Often enough for its plan to be kept. */
	private static long blocks(Runnable call, JdbcClient one) {
		for (int i = 0; i < 12; i++) {
			call.run();
		}
		one.sql("select pg_stat_statements_reset()").query().listOfRows();
		call.run();
		return one
			.sql("select sum(shared_blks_hit + shared_blks_read) from pg_stat_statements"
					+ " where query like '%from inventory i%'")
			.query(Long.class)
			.single();
	}

}
