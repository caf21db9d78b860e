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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.meshwright.store.Declared.ALICE;
import static dev.meshwright.store.Declared.commit;
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
	}

	private static List<Long> numbers(List<Revision> revisions) {
		return revisions.stream().map(Revision::number).toList();
	}

}
