package dev.meshwright.store;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.History.Difference;
import dev.meshwright.store.Resources.LabelSelector;
import dev.meshwright.store.Resources.LabelSelector.Operator;
import dev.meshwright.store.Resources.LabelSelector.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.node.ObjectNode;

import static dev.meshwright.store.Declared.ALICE;
import static dev.meshwright.store.Declared.commit;
import static dev.meshwright.store.Declared.delete;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HistoryIT {

	private static final History.Everything EVERYTHING = new History.Everything();

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	final History history = this.store.history();

	@Test
	void aResourceIsAsItWasStoredThen() {
		ResourceId id = ResourceId.service("then", "webapp");
		StoredResource first = Declared.one(this.store, put(id, port(80))).stored();
		StoredResource labelled = Declared.one(this.store, put(id, port(80), Map.of("tier", "web"), Precondition.NONE))
			.stored();
		long deleted = commit(this.store, delete(id)).revision();
		StoredResource anew = Declared.one(this.store, put(id, port(82))).stored();
		long[] revisions = { revision(first), revision(labelled), deleted, revision(anew) };

		assertThat(this.history.find(ALICE, id, revisions[0])).contains(first);
		assertThat(this.history.find(ALICE, id, revisions[1])).contains(labelled);
		assertThat(this.history.find(ALICE, id, revisions[2])).isEmpty();
		assertThat(this.history.find(ALICE, id, revisions[3])).contains(anew);
		assertThat(anew.resource().metadata().uid()).isNotEqualTo(first.resource().metadata().uid());
		Caller stranger = new Caller("bob", Set.of(), NamespaceScope.of(Set.of("other")));
		assertThat(this.history.find(stranger, id, revisions[0])).isEmpty();
		assertThatExceptionOfType(StoreFailure.NoRevision.class)
			.isThrownBy(() -> this.history.find(ALICE, id, revisions[3] + 1000));
		assertThatExceptionOfType(StoreFailure.NoRevision.class).isThrownBy(() -> this.history.find(ALICE, id, 0));
	}

	@Test
	void whatThisVersionCannotReadIsSaidAndNotLeftOut() {
		ResourceId id = ResourceId.service("older", "webapp");
		long revision = commit(this.store, put(id, port(80))).revision();
		commit(this.store, put(id, port(81)));
		this.store.jdbc().sql("""
				update resource_change set after = jsonb_set(after, '{spec,ports}', '"eighty"')
				where revision = :revision""").param("revision", revision).update();
		assertThatExceptionOfType(StoreFailure.Unreadable.class)
			.isThrownBy(() -> this.history.find(ALICE, id, revision))
			.satisfies((failure) -> assertThat(failure.resource()).isEqualTo(id));
		assertThat(this.history.find(ALICE, id, revision + 1)).isPresent();
	}

	@Test
	void aListIsPagedAndFilteredAsItWas() {
		for (int i = 1; i <= 5; i++) {
			commit(this.store,
					put(ResourceId.service("lists", "s" + i), port(80), Map.of("odd", "" + i % 2), Precondition.NONE));
		}
		long revision = this.store.revisions().head();
		commit(this.store, delete(ResourceId.service("lists", "s2")), put(ResourceId.service("lists", "s3"), port(1)),
				put(ResourceId.service("lists", "s0"), port(1)));

		Resources.Page first = list(LabelSelector.EVERYTHING, 3, null, revision);
		assertThat(names(first)).containsExactly("s1", "s2", "s3");
		assertThat(first.more()).isTrue();
		assertThat(first.revision()).isEqualTo(revision);
		Resources.Page second = list(LabelSelector.EVERYTHING, 3, first.items().getLast().resource().id(), revision);
		assertThat(names(second)).containsExactly("s4", "s5");
		assertThat(second.more()).isFalse();
		assertThat(names(list(LabelSelector.EVERYTHING, 9, null, revision + 1))).containsExactly("s0", "s1", "s3", "s4",
				"s5");
		LabelSelector odd = new LabelSelector(List.of(new Requirement("odd", Operator.IN, Set.of("1"))));
		assertThat(names(list(odd, 9, null, revision))).containsExactly("s1", "s3", "s5");
		assertThat(names(list(odd, 9, null, revision + 1))).containsExactly("s1", "s5");
	}

	@Test
	void differencesAreTheNetOnes() {
		ResourceId changed = ResourceId.service("between", "changed");
		ResourceId back = ResourceId.service("between", "back");
		ResourceId passing = ResourceId.service("between", "passing");
		ResourceId removed = ResourceId.service("between", "removed");
		ResourceId anew = ResourceId.service("between", "anew");
		ResourceId elsewhere = ResourceId.service("elsewhere", "webapp");
		long from = commit(this.store, put(changed, port(1)), put(back, port(1)), put(removed, port(1)),
				put(anew, port(1)))
			.revision();
		commit(this.store, put(changed, port(2)), put(back, port(2)), put(passing, port(2)), delete(anew));
		long to = commit(this.store, put(changed, port(3)), put(back, port(1)), delete(passing), delete(removed),
				put(anew, port(1)), put(elsewhere, port(9)))
			.revision();
		commit(this.store, put(changed, port(4)), put(back, port(4)));

		History.Scope namespace = new History.InNamespace("between");
		assertThat(this.history.differences(ALICE, namespace, from, to, null, 9)).map(HistoryIT::ports)
			.containsExactly("changed 1 3", "removed 1 -");
		assertThat(this.history.differences(ALICE, namespace, to, to, null, 9)).isEmpty();
		assertThat(this.history.differences(ALICE, new History.One(removed), from, to, null, 9)).map(HistoryIT::ports)
			.containsExactly("removed 1 -");
		List<Difference> first = this.history.differences(ALICE, EVERYTHING, from, to, null, 2);
		assertThat(first).map(HistoryIT::ports).containsExactly("changed 1 3", "removed 1 -");
		assertThat(first.getFirst().revision()).isEqualTo(to);
		assertThat(this.history.differences(ALICE, EVERYTHING, from, to, first.getLast().id(), 2)).map(HistoryIT::ports)
			.containsExactly("webapp - 9");
		Caller stranger = new Caller("bob", Set.of(), NamespaceScope.of(Set.of("elsewhere")));
		assertThat(this.history.differences(stranger, EVERYTHING, from, to, null, 9)).map(Difference::id)
			.containsExactly(elsewhere);
	}

	@Test
	void aChangeSetKnowsWhoChangedItLater() {
		ResourceId one = ResourceId.service("mine", "one");
		ResourceId two = ResourceId.service("theirs", "two");
		long revision = commit(this.store, put(one, port(1)), put(two, port(1))).revision();
		long later = commit(this.store, put(two, port(2))).revision();
		History.ChangeSet changeSet = this.history.changeSet(ALICE, revision).orElseThrow();
		assertThat(changeSet.complete()).isTrue();
		assertThat(changeSet.changes()).extracting(Difference::id, Difference::revision)
			.containsExactlyInAnyOrder(org.assertj.core.groups.Tuple.tuple(one, revision),
					org.assertj.core.groups.Tuple.tuple(two, later));
		Caller stranger = new Caller("bob", Set.of(), NamespaceScope.of(Set.of("mine")));
		assertThat(this.history.changeSet(stranger, revision).orElseThrow().complete()).isFalse();
		assertThat(this.history.changeSet(ALICE, later + 1000)).isEmpty();
	}

	private Resources.Page list(LabelSelector labels, int limit, @Nullable ResourceId after, long revision) {
		return this.history.list(ALICE, new Resources.ListQuery(Kind.SERVICE, "lists", labels, limit, after), revision);
	}

	private static List<String> names(Resources.Page page) {
		return page.items().stream().map((stored) -> stored.resource().id().name()).toList();
	}

	private static long revision(StoredResource stored) {
		return stored.resource().metadata().revision();
	}

	private static String ports(Difference change) {
		return change.id().name() + " " + portOf(change.before()) + " " + portOf(change.after());
	}

	private static String portOf(@Nullable ObjectNode image) {
		return (image != null) ? image.at("/spec/ports/0/port").asString() : "-";
	}

}
