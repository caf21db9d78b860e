package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Declared;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.StoreFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Overrides end by the database's clock, once, whoever looks. */
class OverrideExpiryIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static final Duration LONGEST = Duration.ofHours(1);

	private static int count;

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final OverrideExpiry expiry = replica();

	private final String ns = "expiry" + ++count;

	private static OverrideExpiry replica() {
		StoreFixture store = new StoreFixture(database.dataSource());
		return new OverrideExpiry(store.overrides(), new ControllerWrites(store.snapshots(), store.commits(),
				new Compiler(List.of(), new CompilerSettings(new TreeSet<>(), Set.of()))));
	}

	@BeforeEach
	void declare() {
		this.store.jdbc().sql("delete from resource where kind = 'Override'").update();
		Declared.commit(this.store, Declared.put(ResourceId
			.namespace(this.ns), "{'placement': {'clusters': []}}"), Declared.put(ResourceId.service(this.ns, "web"),
					"""
							{'ports': [{'name': 'http', 'port': 80, 'protocol': 'HTTP'}],
							 'versions': [{'name': 'v1', 'workload': {'image': 'a'}}, {'name': 'v2', 'workload': {'image': 'a'}}]}"""));
	}

	@Test
	void whatEndedWhileNobodyLookedIsTakenBackOnceByOneOfSeveralReplicas() throws Exception {
		override("past", "'2026-01-01T00:00:00Z'");
		long before = revision();
		List<Callable<Duration>> rounds = new ArrayList<>();
		for (int replica = 0; replica < 4; replica++) {
			OverrideExpiry other = replica();
			rounds.add(() -> other.round(LONGEST));
		}
		try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (var round : threads.invokeAll(rounds)) {
				round.get();
			}
		}
		assertThat(this.expiry.round(LONGEST)).isEqualTo(LONGEST);
		assertThat(declared("past")).isFalse();
		assertThat(revision()).isEqualTo(before + 1);
		assertThat(this.store.jdbc()
			.sql("select author || ': ' || message from revision where revision = :revision")
			.param("revision", revision())
			.query(String.class)
			.single())
			.isEqualTo("system:override-expiry: Override/" + this.ns + "/past expired at 2026-01-01T00:00:00Z (drill)");
	}

	@Test
	void othersStayAndTheNextEndIsKnown() {
		override("for-ever", "null");
		String soon = this.store.jdbc()
			.sql("select to_char((now() + interval '10 minutes') at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
			.query(String.class)
			.single();
		override("later", "'" + soon + "'");
		// the database could read neither, and yet must not keep the others from ending
		override("far", "'9999-12-31T23:59:59+17:59'");
		override("first", "'0000-01-01T00:00:00Z'");
		assertThat(this.expiry.round(LONGEST)).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(10));
		assertThat(declared("for-ever") && declared("later") && declared("far")).isTrue();
		assertThat(declared("first")).isFalse();
	}

	@Test
	void whatWasProlongedMeanwhileStays() {
		override("prolonged", "'2026-01-01T00:00:00Z'");
		StoreFixture slow = new StoreFixture(database.dataSource());
		OverrideExpiry late = new OverrideExpiry(() -> {
			var found = slow.overrides().timed();
			override("prolonged", "'2999-01-01T00:00:00Z'");
			return found;
		}, new ControllerWrites(slow.snapshots(), slow.commits(),
				new Compiler(List.of(), new CompilerSettings(new TreeSet<>(), Set.of()))));
		late.round(LONGEST);
		assertThat(declared("prolonged")).isTrue();
	}

	@Test
	void itEndsEvenIfSomethingElseIsWrongByNow() {
		override("broken", "'2026-01-01T00:00:00Z'");
		Declared.commit(this.store, Declared.delete(ResourceId.service(this.ns, "web")));
		this.expiry.round(LONGEST);
		assertThat(declared("broken")).isFalse();
	}

	private void override(String name, String expiresAt) {
		Declared.commit(this.store, Declared.put(id(name), """
				{'target': {'service': 'web'}, 'change': {'evacuate': {'version': 'v1'}}, 'reason': 'drill',
				 'expiresAt': %s}""".formatted(expiresAt)));
	}

	private ResourceId id(String name) {
		return new ResourceId(Kind.OVERRIDE, this.ns, name);
	}

	private boolean declared(String name) {
		return this.store.snapshots().read((snapshot) -> snapshot.find(id(name)).isPresent());
	}

	private long revision() {
		return this.store.jdbc().sql("select revision from revision_head").query(Long.class).single();
	}

}
