package dev.meshwright.golden;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is declared compiles to exactly the objects and findings beside it. */
class GoldenTest {

	private static final boolean UPDATE = Boolean.getBoolean("golden.update");

	@ParameterizedTest
	@MethodSource("dev.meshwright.golden.GoldenCase#all")
	void compilesToWhatIsExpected(GoldenCase golden) {
		SortedMap<String, String> actual = GoldenOutput.of(golden.input());
		if (UPDATE) {
			golden.update(actual);
		}
		SortedMap<String, String> expected = golden.expected();
		SortedSet<String> names = new TreeSet<>(expected.keySet());
		names.addAll(actual.keySet());
		for (String name : names) {
			assertThat(actual.getOrDefault(name, ""))
				.as("%s/%s; if the change is meant, run mvn test -Dtest=GoldenTest -Dgolden.update=true "
						+ "and review the difference. A file that nothing makes any more is removed by it.", golden,
						name)
				.isEqualTo(expected.getOrDefault(name, ""));
			assertThat(expected).as("%s/%s must not exist empty", golden, name).doesNotContainValue("");
		}
		assertThat(actual.keySet()).as("files of %s", golden).isEqualTo(expected.keySet());
	}

	@ParameterizedTest
	@MethodSource("dev.meshwright.golden.GoldenCase#all")
	void compilesToTheSameBytesWhateverTheOrderOfFields(GoldenCase golden) {
		assertThat(GoldenOutput.of(golden.shuffled())).isEqualTo(GoldenOutput.of(golden.input())).isNotEmpty();
	}

}
