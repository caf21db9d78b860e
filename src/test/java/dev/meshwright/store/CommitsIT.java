package dev.meshwright.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.Key;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Commits.Committed;
import dev.meshwright.store.Commits.Outcome;
import dev.meshwright.store.Commits.Result;
import dev.meshwright.store.Commits.Validation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.meshwright.store.Declared.ALICE;
import static dev.meshwright.store.Declared.UNVALIDATED;
import static dev.meshwright.store.Declared.commit;
import static dev.meshwright.store.Declared.delete;
import static dev.meshwright.store.Declared.exposed;
import static dev.meshwright.store.Declared.one;
import static dev.meshwright.store.Declared.policy;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static dev.meshwright.store.Declared.resourceVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CommitsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	@Test
	void generationCountsSpecsAndResourceVersionMovesWithEveryChange() {
		ResourceId id = ResourceId.service("counting", "webapp");
		Result created = one(this.store, put(id, port(80)));
		Result labelled = one(this.store, put(id, port(80), Map.of("tier", "web"), Precondition.NONE));
		Result changed = one(this.store, put(id, port(81), Map.of("tier", "web"), Precondition.NONE));
		assertThat(List.of(created.outcome(), labelled.outcome(), changed.outcome())).containsExactly(Outcome.CREATED,
				Outcome.UPDATED, Outcome.UPDATED);
		assertThat(generations(created, labelled, changed)).containsExactly(1L, 1L, 2L);
		assertThat(metadata(labelled).revision()).isEqualTo(metadata(created).revision() + 1);
		assertThat(metadata(changed).revision()).isEqualTo(metadata(created).revision() + 2);
		assertThat(metadata(changed).uid()).isEqualTo(metadata(created).uid());
		assertThat(this.store.resources().find(ALICE, id)).contains(changed.stored());
	}

	@Test
	void anEqualPutChangesNothing() {
		ResourceId id = ResourceId.service("equal", "webapp");
		Committed first = commit(this.store, put(id, port(80)));
		Committed again = commit(this.store, put(id, "{'ports': [{'protocol': 'HTTP', 'port': 80, 'name': 'http'}]}"));
		assertThat(again.revision()).isEqualTo(first.revision()).isEqualTo(this.store.revisions().head());
		assertThat(again.results().getFirst().outcome()).isEqualTo(Outcome.UNCHANGED);
		assertThat(metadata(again.results().getFirst())).isEqualTo(metadata(first.results().getFirst()));
	}

	@Test
	void aDeletedResourceIsShownUntilItIsDeclaredAgainAsANewIncarnation() {
		ResourceId id = ResourceId.service("deleting", "webapp");
		Result created = one(this.store, put(id, port(80)));
		one(this.store, put(id, port(81)));
		Result deleted = one(this.store, delete(id));
		assertThat(deleted.outcome()).isEqualTo(Outcome.DELETED);
		assertThat(metadata(deleted).deletionTimestamp()).isNotNull();
		assertThat(this.store.resources().find(ALICE, id)).contains(deleted.stored());
		assertThat(this.store.snapshots().<Boolean>read((snapshot) -> snapshot.find(id).isPresent())).isFalse();

		Result deletedAgain = one(this.store, delete(id));
		assertThat(deletedAgain.outcome()).isEqualTo(Outcome.UNCHANGED);
		assertThat(deletedAgain.stored()).isEqualTo(deleted.stored());

		Result anew = one(this.store, put(id, port(81), Map.of(), new Precondition(null, null, true)));
		assertThat(anew.outcome()).isEqualTo(Outcome.CREATED);
		assertThat(metadata(anew).generation()).isOne();
		assertThat(metadata(anew).uid()).isNotEqualTo(metadata(created).uid());
		assertThat(this.store.resources().find(ALICE, id)).contains(anew.stored());
		assertThat(metadata(one(this.store, delete(id))).uid()).isEqualTo(metadata(anew).uid());
	}

	@Test
	void whatDoesNotExistCannotBeDeleted() {
		assertThatExceptionOfType(StoreFailure.NotFound.class)
			.isThrownBy(() -> commit(this.store, delete(ResourceId.service("nowhere", "nothing"))));
	}

	@Test
	void everyPreconditionThatDoesNotHoldIsNamed() {
		ResourceId one = ResourceId.service("guarded", "one");
		ResourceId two = ResourceId.service("guarded", "two");
		ResourceId absent = ResourceId.service("guarded", "absent");
		long revision = commit(this.store, put(one, port(80)), put(two, port(80))).revision();
		String uid = metadata(one(this.store, put(one, port(80)))).uid().toString();
		assertThatExceptionOfType(StoreFailure.PreconditionFailed.class)
			.isThrownBy(() -> commit(this.store,
					put(one, port(81), Map.of(), new Precondition(Long.toString(revision), uid, false)),
					put(two, port(81), Map.of(), new Precondition(null, null, true)),
					put(absent, port(81), Map.of(), resourceVersion(revision))))
			.satisfies((failure) -> assertThat(failure.resources()).containsOnlyKeys(two, absent));
		assertThatExceptionOfType(StoreFailure.PreconditionFailed.class)
			.isThrownBy(() -> commit(this.store,
					new Change.Delete(one, new Precondition(null, "00000000-0000-0000-0000-000000000000", false))))
			.satisfies((failure) -> assertThat(failure.resources().get(one)).contains("0000", uid));
		assertThat(this.store.revisions().head()).isEqualTo(revision);
		assertThat(Declared.outcome(this.store, put(one, port(81), Map.of(), resourceVersion(revision))))
			.isEqualTo(Outcome.UPDATED);
	}

	@Test
	void aHostBelongsToOneServiceUntilItIsGivenUp() {
		ResourceId first = ResourceId.service("claims", "first");
		ResourceId second = ResourceId.service("claims", "second");
		commit(this.store, put(first, exposed("claims.example.com")));
		assertThatExceptionOfType(StoreFailure.AlreadyClaimed.class)
			.isThrownBy(() -> commit(this.store, put(second, exposed("claims.example.com"))))
			.satisfies((failure) -> {
				assertThat(failure.resource()).isEqualTo(second);
				assertThat(failure.claim()).isEqualTo("host=claims.example.com");
				assertThat(failure.holder()).isEqualTo(first);
			});
		commit(this.store, put(second, exposed("claims.example.com")), put(first, port(80)));
		commit(this.store, delete(second));
		assertThat(Declared.outcome(this.store, put(first, exposed("claims.example.com")))).isEqualTo(Outcome.UPDATED);
	}

	/** A version before may not have known all of them. */
	@Test
	void aWriteGivesAResourceTheKeysThatItLacks() {
		ResourceId id = ResourceId.service("lacking", "webapp");
		commit(this.store, put(id, exposed("lacking.example.com")));
		List<String> carried = keys("index_entry");
		List<String> claimed = keys("unique_claim");
		this.store.jdbc().sql("delete from index_entry where namespace = 'lacking' and key like 'host=%'").update();
		this.store.jdbc()
			.sql("""
					insert into index_entry (key, kind, namespace, name) values ('former=1', 'Service', 'lacking', 'webapp')""")
			.update();
		this.store.jdbc().sql("delete from unique_claim where namespace = 'lacking'").update();
		commit(this.store, put(id, exposed("lacking.example.com"), Map.of("tier", "web"), Precondition.NONE));
		assertThat(keys("index_entry")).isEqualTo(carried).isNotEmpty();
		assertThat(keys("unique_claim")).isEqualTo(claimed).isNotEmpty();
	}

	private List<String> keys(String table) {
		return this.store.jdbc()
			.sql("select key from " + table + " where namespace = 'lacking' order by key")
			.query(String.class)
			.list();
	}

	@Test
	void twoPoliciesOfOneChangeSetCannotHaveTheSameTarget() {
		assertThatExceptionOfType(StoreFailure.AlreadyClaimed.class)
			.isThrownBy(() -> commit(this.store, put(policy("targets", "a"), "{'service': 'webapp'}"),
					put(policy("targets", "b"), "{'service': 'webapp'}")));
	}

	@Test
	void aFailedChangeSetLeavesNothing() {
		ResourceId holder = ResourceId.service("rollback", "holder");
		commit(this.store, put(holder, exposed("rollback.example.com")));
		List<Long> before = counts();
		assertThatExceptionOfType(StoreFailure.AlreadyClaimed.class)
			.isThrownBy(() -> commit(this.store, put(ResourceId.service("rollback", "a"), port(80)), delete(holder),
					put(ResourceId.service("rollback", "b"), exposed("other.rollback.example.com")),
					put(ResourceId.service("rollback", "c"), exposed("other.rollback.example.com"))));
		assertThatExceptionOfType(StoreFailure.ConcurrentChange.class).isThrownBy(() -> this.store.commits()
			.commit(ALICE, List.of(delete(holder), put(ResourceId.service("rollback", "d"), port(80))), "test",
					new Validation(this.store.revisions().head() - 1, Set.of(Key.resource(holder)))));
		assertThat(counts()).isEqualTo(before);
	}

	private List<Long> counts() {
		return this.store.jdbc().sql("""
				select count(*) from resource union all select count(*) from terminating
				union all select count(*) from revision union all select count(*) from resource_change
				union all select count(*) from index_entry union all select count(*) from unique_claim
				union all select count(*) from changed_key union all select count(*) from audit_event
				union all select revision from revision_head""").query(Long.class).list();
	}

	@Test
	void whatIsOutsideTheCallersNamespacesDoesNotExist() {
		ResourceId id = ResourceId.service("private", "webapp");
		commit(this.store, put(id, port(80)));
		Caller other = new Caller("bob", Set.of(), NamespaceScope.of(Set.of("public")));
		assertThat(this.store.resources().find(other, id)).isEmpty();
		for (Change change : List.of(put(id, port(81)), delete(id))) {
			assertThatExceptionOfType(StoreFailure.NotFound.class)
				.isThrownBy(() -> this.store.commits().commit(other, List.of(change), "test", UNVALIDATED));
		}
	}

	@Test
	void aResourceIsNamedOnce() {
		ResourceId id = ResourceId.service("twice", "webapp");
		assertThatIllegalArgumentException().isThrownBy(() -> commit(this.store, put(id, port(80)), delete(id)));
	}

	@Test
	void changedKeysComeFromBothImages() {
		ResourceId id = ResourceId.service("keys", "webapp");
		commit(this.store, put(id, exposed("before.example.com")));
		long revision = commit(this.store, put(id, exposed("after.example.com"))).revision();
		assertThat(this.store.jdbc()
			.sql("select key from changed_key where revision = :revision")
			.param("revision", revision)
			.query(String.class)
			.list()).contains("resource=Service/keys/webapp", "host=before.example.com", "host=after.example.com");
	}

	@Test
	void aCommitIsRecordedWithItsOrigin() {
		ResourceId id = ResourceId.service("audited", "webapp");
		AuditLog.Origin origin = new AuditLog.Origin("PUT /somewhere", "192.0.2.7");
		Committed committed = ScopedValue.where(AuditLog.Origin.CURRENT, origin)
			.call(() -> commit(this.store, put(id, port(80)), put(ResourceId.service("audited", "other"), port(80))));
		assertThat(this.store.auditLog().list(null, 1).getFirst().entry()).isEqualTo(new AuditLog.Entry("alice",
				"PUT /somewhere", id + " and 1 more", true, "192.0.2.7", committed.revision()));
	}

	@Test
	void aRowThatCannotBeReadIsNotDeclaredAndCanBeMended() {
		ResourceId broken = ResourceId.service("quarantine", "broken");
		commit(this.store, put(broken, exposed("quarantine.example.com")),
				put(ResourceId.service("quarantine", "sound"), port(80)));
		this.store.jdbc()
			.sql("""
					update resource set spec = '{"ports": 7}' where namespace = 'quarantine' and name = 'broken'""")
			.update();
		assertThat(this.store.resources().find(ALICE, broken)).isEmpty();
		assertThat(this.store.snapshots()
			.<Integer>read((snapshot) -> snapshot.index(Key.host("quarantine.example.com")).size())).isZero();
		assertThatExceptionOfType(StoreFailure.NotFound.class).isThrownBy(() -> commit(this.store, delete(broken)));
		long mended = commit(this.store, put(broken, port(80))).revision();
		assertThat(this.store.resources().find(ALICE, broken)).isPresent();
		assertThat(this.store.jdbc()
			.sql("select key from changed_key where revision = " + mended)
			.query(String.class)
			.list()).contains("host=quarantine.example.com");
	}

	@Test
	void fiveThousandChangesAreOneRevision() {
		List<Change> changes = new ArrayList<>();
		for (int i = 0; i < 5000; i++) {
			changes.add(put(ResourceId.service("many", "service-" + i), exposed("many-" + i + ".example.com")));
		}
		Committed created = this.store.commits().commit(ALICE, changes, "many", UNVALIDATED);
		assertThat(created.results()).hasSize(5000).allMatch((result) -> result.outcome() == Outcome.CREATED);
		List<Change> deletes = changes.stream().<Change>map((change) -> delete(change.id())).toList();
		Committed deleted = this.store.commits().commit(ALICE, deletes, "none", UNVALIDATED);
		assertThat(deleted.revision()).isEqualTo(created.revision() + 1);
		assertThat(this.store.revisions().find(ALICE, deleted.revision()).orElseThrow().changes()).hasSize(5000);
	}

	private static Metadata metadata(Result result) {
		return result.stored().resource().metadata();
	}

	private static List<Long> generations(Result... results) {
		return Arrays.stream(results).map((result) -> metadata(result).generation()).toList();
	}

}
