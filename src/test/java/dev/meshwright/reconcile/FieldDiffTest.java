package dev.meshwright.reconcile;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.meshwright.document.Json;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** What a plan shows of two states of an object. */
class FieldDiffTest {

	/**
	 * A case.
	 *
	 * @param what what it shows
	 * @param before the object as it is
	 * @param after the object as it would be
	 * @param pushed what would be pushed
	 * @param last what was pushed last
	 * @param expected pointer, old and new value of each change
	 */
	private record Case(String what, String before, String after, String pushed, String last, String... expected) {
	}

	private static final List<Case> CASES = List.of(
			new Case("equal objects differ in nothing", "{'a': 1}", "{'a': 1}", "{'a': 1}", "{'a': 1}"),
			new Case("numbers are compared by value", "{'a': 1}", "{'a': 1.0}", "{'a': 1.0}", "{'a': 1}"),
			new Case("a value that changes", "{'a': {'b': 1}}", "{'a': {'b': 2}}", "{'a': {'b': 2}}", "{'a': {'b': 1}}",
					"/a/b 1 2"),
			new Case("a value that comes", "{'a': {}}", "{'a': {'b': {'c': 2}}}", "{'a': {'b': {'c': 2}}}", "{}",
					"/a/b null {c=2}"),
			new Case("a value that goes", "{'a': {'b': 1}}", "{'a': {}}", "{'a': {}}", "{'a': {'b': 1}}",
					"/a/b 1 null"),
			new Case("what others keep is not shown", "{'a': 1, 'theirs': 1}", "{'a': 2, 'theirs': 2}", "{'a': 2}",
					"{'a': 1}", "/a 1 2"),
			new Case("nor inside what comes", "{}", "{'a': {'b': 1, 'defaulted': 9}}", "{'a': {'b': 1}}", "{}",
					"/a null {b=1}"),
			new Case("items are told apart by name", "{'l': [{'name': 'x', 'v': 1}, {'name': 'y', 'v': 1}]}",
					"{'l': [{'name': 'y', 'v': 2}, {'name': 'x', 'v': 1}]}",
					"{'l': [{'name': 'y', 'v': 2}, {'name': 'x', 'v': 1}]}", "{'l': [{'name': 'x', 'v': 1}]}",
					"/l/0/v 1 2"),
			new Case("an item that goes", "{'l': [{'name': 'x'}, {'name': 'y'}]}", "{'l': [{'name': 'x'}]}",
					"{'l': [{'name': 'x'}]}", "{'l': [{'name': 'x'}, {'name': 'y'}]}", "/l/1 {name=y} null"),
			new Case("an item that others added is not shown", "{'l': [{'name': 'sidecar'}, {'name': 'x', 'v': 1}]}",
					"{'l': [{'name': 'sidecar'}, {'name': 'x', 'v': 2}]}", "{'l': [{'name': 'x', 'v': 2}]}",
					"{'l': [{'name': 'x', 'v': 1}]}", "/l/1/v 1 2"),
			new Case("an item that others added to a list of ours goes", "{'l': [{'name': 'theirs'}]}",
					"{'l': [{'name': 'x'}]}", "{'l': [{'name': 'x'}]}", "{'l': [{'name': 'x'}]}", "/l/0 null {name=x}",
					"/l/0 {name=theirs} null"),
			new Case("items without a name go by their place", "{'l': [{'w': 90}, {'w': 10}]}",
					"{'l': [{'w': 50}, {'w': 50}]}", "{'l': [{'w': 50}, {'w': 50}]}", "{'l': [{'w': 90}, {'w': 10}]}",
					"/l/0/w 90 50", "/l/1/w 10 50"),
			new Case("a list that grows without names is one value", "{'l': [1]}", "{'l': [1, 2]}", "{'l': [1, 2]}",
					"{'l': [1]}", "/l [1] [1, 2]"),
			new Case("names with a slash", "{'m': {'a/b': '1'}}", "{'m': {'a/b': '2'}}", "{'m': {'a/b': '2'}}", "{}",
					"/m/a~1b 1 2"));

	@TestFactory
	Stream<DynamicTest> showsWhatIsOurs() {
		return CASES.stream().map((each) -> dynamicTest(each.what, () -> {
			List<FieldDiff.Change> changes = FieldDiff.between(tree(each.before), tree(each.after),
					List.of(tree(each.pushed), tree(each.last)), Set.of());
			assertThat(changes).extracting((change) -> change.pointer() + " " + change.before() + " " + change.after())
				.containsExactly(each.expected);
		}));
	}

	@TestFactory
	Stream<DynamicTest> passesOverWhatIsHandedOver() {
		return Stream.of(dynamicTest("replicas",
				() -> assertThat(FieldDiff.between(tree("{'spec': {'replicas': 3}}"), tree("{'spec': {'replicas': 1}}"),
						List.of(tree("{'spec': {}}"), tree("{'spec': {'replicas': 3}}")), Set.of("/spec/replicas")))
					.isEmpty()));
	}

	private static Map<String, Object> tree(String json) {
		return Json.mapper().readValue(json.replace('\'', '"'), new TypeReference<>() {
		});
	}

}
