package dev.meshwright.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Resources.LabelSelector;
import dev.meshwright.store.Resources.LabelSelector.Operator;
import dev.meshwright.store.Resources.LabelSelector.Requirement;
import dev.meshwright.store.Resources.ListQuery;
import dev.meshwright.store.Resources.Page;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.meshwright.store.Declared.ALICE;
import static dev.meshwright.store.Declared.commit;
import static dev.meshwright.store.Declared.delete;
import static dev.meshwright.store.Declared.policy;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ResourcesIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	@Test
	void pagesGoOnAfterTheLastItemWhateverIsInsertedBetween() {
		for (String name : List.of("b", "d", "f", "h", "j")) {
			commit(this.store, put(ResourceId.service("paged", name), port(80)));
		}
		Page first = page("paged", 2, null);
		assertThat(names(first)).containsExactly("b", "d");
		assertThat(first.more()).isTrue();
		assertThat(first.revision()).isEqualTo(this.store.revisions().head());
		commit(this.store, put(ResourceId.service("paged", "a"), port(80)),
				put(ResourceId.service("paged", "e"), port(80)));
		commit(this.store, delete(ResourceId.service("paged", "d")));
		Page second = page("paged", 2, first);
		assertThat(names(second)).containsExactly("e", "f");
		Page third = page("paged", 2, second);
		assertThat(names(third)).containsExactly("h", "j");
		assertThat(third.more()).isFalse();
	}

	@Test
	void aListGoesThroughEveryNamespaceThatTheCallerMaySee() {
		commit(this.store, put(policy("scope-a", "x"), "{'service': 'x'}"),
				put(policy("scope-b", "x"), "{'service': 'x'}"), put(policy("scope-c", "x"), "{'service': 'x'}"));
		Caller caller = new Caller("bob", Set.of(), NamespaceScope.of(Set.of("scope-a", "scope-c")));
		List<String> seen = new ArrayList<>();
		Page page = null;
		do {
			page = this.store.resources()
				.list(caller, new ListQuery(Kind.ROUTING_POLICY, null, LabelSelector.EVERYTHING, 1, last(page)));
			page.items().forEach((item) -> seen.add(item.resource().id().toString()));
		}
		while (page.more());
		assertThat(seen).containsExactly("RoutingPolicy/scope-a/x", "RoutingPolicy/scope-c/x");
		assertThat(this.store.resources()
			.list(caller, new ListQuery(Kind.ROUTING_POLICY, "scope-b", LabelSelector.EVERYTHING, 10, null))
			.items()).isEmpty();
	}

	@Test
	void whatIsBeingDeletedIsListedUntilItsKeyIsDeclaredAgain() {
		ResourceId gone = ResourceId.service("terminating", "gone");
		ResourceId anew = ResourceId.service("terminating", "anew");
		commit(this.store, put(gone, port(80)), put(anew, port(80)));
		commit(this.store, delete(gone), delete(anew));
		commit(this.store, put(anew, port(81)));
		Page page = page("terminating", 10, null);
		assertThat(names(page)).containsExactly("anew", "gone");
		assertThat(page.items()).map((item) -> item.resource().metadata().deletionTimestamp() != null)
			.containsExactly(false, true);
	}

	@Test
	void selectsByLabelsAsKubernetesDoes() {
		label("plain", Map.of());
		label("web", Map.of("tier", "web"));
		label("api", Map.of("tier", "api", "app.kubernetes.io/name", "x'; --"));
		label("old", Map.of("tier", "web", "deprecated", ""));
		commit(this.store, delete(ResourceId.service("labels", "old")));
		assertThat(select(requirement("tier", Operator.IN, "web", "db"))).containsExactly("old", "web");
		assertThat(select(requirement("tier", Operator.NOT_IN, "web", "db"))).containsExactly("api", "plain");
		assertThat(select(requirement("tier", Operator.EXISTS))).containsExactly("api", "old", "web");
		assertThat(select(requirement("tier", Operator.DOES_NOT_EXIST))).containsExactly("plain");
		assertThat(select(requirement("tier", Operator.IN, "web"), requirement("deprecated", Operator.DOES_NOT_EXIST)))
			.containsExactly("web");
		assertThat(select(requirement("app.kubernetes.io/name", Operator.IN, "x'; --"))).containsExactly("api");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			list   | spec = '[]'
			text   | spec = '"ports"'
			deep   | spec = jsonb_set(spec, '{ports}', concat(repeat('[', 900), repeat(']', 900))::jsonb)
			""")
	void aSpecThatIsNoObjectIsLeftOutOfThePage(String name, String damage) {
		String namespace = "damaged-" + name;
		for (String service : List.of("a", "b", "c")) {
			commit(this.store, put(ResourceId.service(namespace, service), port(80)));
		}
		assertThat(this.store.jdbc()
			.sql("update resource set " + damage + " where namespace = :namespace and name = 'b'")
			.param("namespace", namespace)
			.update()).isEqualTo(1);
		assertThat(names(page(namespace, 10, null))).containsExactly("a", "c");
	}

	@Test
	void labelsThatAreNoObjectAreNone() {
		commit(this.store, put(ResourceId.service("damaged-labels", "a"), port(80)));
		this.store.jdbc().sql("update resource set labels = '[1]' where namespace = 'damaged-labels'").update();
		assertThat(names(page("damaged-labels", 10, null))).containsExactly("a");
	}

	@Test
	void aRowThatCannotBeReadIsLeftOutOfThePage() {
		for (String name : List.of("a", "b", "c")) {
			commit(this.store, put(ResourceId.service("unreadable", name), port(80)));
		}
		this.store.jdbc()
			.sql("update resource set spec = '{\"ports\": 7}' where namespace = 'unreadable' and name < 'c'")
			.update();
		assertThat(names(page("unreadable", 1, null))).containsExactly("c");
		assertThat(names(page("unreadable", 10, null))).containsExactly("c");
	}

	@Test
	void aPageHasAtLeastOneItem() {
		assertThatIllegalArgumentException().isThrownBy(() -> page("any", 0, null));
	}

	private void label(String name, Map<String, String> labels) {
		commit(this.store, put(ResourceId.service("labels", name), port(80), labels, Precondition.NONE));
	}

	private static Requirement requirement(String label, Operator operator, String... values) {
		return new Requirement(label, operator, Set.of(values));
	}

	/** What the database selects, having checked that the selector itself agrees. */
	private List<String> select(Requirement... requirements) {
		LabelSelector selector = new LabelSelector(List.of(requirements));
		List<String> selected = names(
				this.store.resources().list(ALICE, new ListQuery(Kind.SERVICE, "labels", selector, 10, null)));
		assertThat(page("labels", 10, null).items()
			.stream()
			.filter((item) -> selector.matches(item.resource().metadata().labels()))
			.map((item) -> item.resource().id().name())).isEqualTo(selected);
		return selected;
	}

	private Page page(String namespace, int limit, @Nullable Page before) {
		return this.store.resources()
			.list(ALICE, new ListQuery(Kind.SERVICE, namespace, LabelSelector.EVERYTHING, limit, last(before)));
	}

	private static @Nullable ResourceId last(@Nullable Page page) {
		return (page != null) ? page.items().getLast().resource().id() : null;
	}

	private static List<String> names(Page page) {
		return page.items().stream().map((item) -> item.resource().id().name()).toList();
	}

}
