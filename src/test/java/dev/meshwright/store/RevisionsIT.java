package dev.meshwright.store;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Revisions.Revision;
import dev.meshwright.store.Revisions.RevisionChange;
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

class RevisionsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	final Revisions revisions = this.store.revisions();

	@Test
	void aRevisionKeepsTheImagesBeforeAndAfter() {
		ResourceId id = ResourceId.service("images", "webapp");
		commit(this.store, put(id, port(80)));
		long number = this.store.commits()
			.commit(ALICE, List.of(put(id, port(81), Map.of("tier", "web"), Precondition.NONE)), "why",
					Declared.UNVALIDATED)
			.revision();
		Revision revision = this.revisions.find(ALICE, number).orElseThrow();
		assertThat(revision.author()).isEqualTo("alice");
		assertThat(revision.message()).isEqualTo("why");
		RevisionChange change = revision.changes().getFirst();
		assertThat(change.id()).isEqualTo(id);
		assertThat(change.before().at("/spec/ports/0/port").asInt()).isEqualTo(80);
		assertThat(change.before().at("/metadata/generation").asInt()).isEqualTo(1);
		assertThat(change.after().at("/spec/ports/0/port").asInt()).isEqualTo(81);
		assertThat(change.after().at("/metadata/labels/tier").asString()).isEqualTo("web");
		assertThat(change.after().at("/metadata/uid")).isEqualTo(change.before().at("/metadata/uid"));
		assertThat(this.revisions.find(ALICE, number + 1000)).isEmpty();
	}

	@Test
	void listsBackwardsAndStreamsForwards() {
		long start = this.revisions.head();
		for (int i = 1; i <= 5; i++) {
			commit(this.store, put(ResourceId.service("streams", "s" + i), port(80)));
		}
		assertThat(numbers(this.revisions.after(ALICE, start, 3))).containsExactly(start + 1, start + 2, start + 3);
		assertThat(numbers(this.revisions.list(ALICE, null, 2))).containsExactly(start + 5, start + 4);
		assertThat(numbers(this.revisions.list(ALICE, start + 4, 2))).containsExactly(start + 3, start + 2);
		assertThat(this.revisions.after(ALICE, start + 5, 3)).isEmpty();
		assertThat(this.revisions.head()).isEqualTo(start + 5);
	}

	@Test
	void changesThatTheCallerMayNotSeeAreLeftOut() {
		ResourceId mine = ResourceId.service("mine", "webapp");
		long number = commit(this.store, put(mine, port(80)), put(ResourceId.service("theirs", "webapp"), port(80)))
			.revision();
		Caller caller = new Caller("bob", Set.of(), NamespaceScope.of(Set.of("mine")));
		assertThat(this.revisions.find(caller, number).orElseThrow().changes()).map(RevisionChange::id)
			.containsExactly(mine);
		assertThat(this.revisions.between(caller, number - 1, number)).map(RevisionChange::id).containsExactly(mine);
	}

	@Test
	void betweenIsTheNetDifference() {
		ResourceId changed = ResourceId.service("between", "changed");
		ResourceId back = ResourceId.service("between", "back");
		ResourceId passing = ResourceId.service("between", "passing");
		ResourceId removed = ResourceId.service("between", "removed");
		ResourceId anew = ResourceId.service("between", "anew");
		long from = commit(this.store, put(changed, port(1)), put(back, port(1)), put(removed, port(1)),
				put(anew, port(1)))
			.revision();
		commit(this.store, put(changed, port(2)), put(back, port(2)), put(passing, port(2)), delete(anew));
		long to = commit(this.store, put(changed, port(3)), put(back, port(1)), delete(passing), delete(removed),
				put(anew, port(1)))
			.revision();
		commit(this.store, put(changed, port(4)), put(back, port(4)));

		assertThat(this.revisions.between(ALICE, from, to)).map(RevisionsIT::ports)
			.containsExactly("changed 1 3", "removed 1 -");
		assertThat(this.revisions.between(ALICE, to, from)).map(RevisionsIT::ports)
			.containsExactly("changed 3 1", "removed - 1");
		assertThat(this.revisions.between(ALICE, to, to)).isEmpty();
	}

	private static String ports(RevisionChange change) {
		return change.id().name() + " " + portOf(change.before()) + " " + portOf(change.after());
	}

	private static String portOf(@Nullable ObjectNode image) {
		return (image != null) ? image.at("/spec/ports/0/port").asString() : "-";
	}

	private static List<Long> numbers(List<Revision> revisions) {
		return revisions.stream().map(Revision::number).toList();
	}

}
