package dev.meshwright;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** The properties in the code, in docs/configuration.md and in what deploys us agree. */
class DocumentedPropertiesTest {

	private static final Pattern INJECTED = Pattern.compile("@Value\\(\"\\$\\{(meshwright\\.[a-z.-]+)");

	private static final Pattern CODE = Pattern.compile("`(\\.?[a-z][a-z.-]+)`");

	private static final Pattern VARIABLE = Pattern.compile("\\bMESHWRIGHT_[A-Z_]+\\b");

	@Test
	void everyPropertyIsDocumentedAndNoOther() throws IOException {
		Set<String> documented = new TreeSet<>();
		for (String line : Files.readAllLines(Path.of("docs/configuration.md"))) {
			String[] cells = line.split("\\|");
			if (cells.length > 3 && cells[1].contains("`meshwright.")) {
				documented.addAll(names(cells[1]));
			}
		}
		assertThat(documented).isEqualTo(properties());
	}

	@Test
	void whatDeploysUsSetsPropertiesThatExist() throws IOException {
		Set<String> known = properties().stream()
			.map((name) -> name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'))
			.collect(Collectors.toSet());
		for (String file : List.of("Dockerfile", "docker-compose.yml", "helm/meshwright/templates/deployment.yaml")) {
			Set<String> set = VARIABLE.matcher(Files.readString(Path.of(file)))
				.results()
				.map(MatchResult::group)
				.collect(Collectors.toSet());
			assertThat(known).as(file).containsAll(set);
		}
	}

	/** {@code `a.b`, `.c`} is {@code a.b} and {@code a.c}. */
	private static List<String> names(String cell) {
		List<String> names = CODE.matcher(cell).results().map((match) -> match.group(1)).toList();
		String first = names.getFirst();
		String prefix = first.substring(0, first.lastIndexOf('.'));
		return names.stream().map((name) -> name.startsWith(".") ? prefix + name : name).toList();
	}

	private static Set<String> properties() throws IOException {
		var scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
		Set<String> properties = scanner.findCandidateComponents("dev.meshwright")
			.stream()
			.map((bean) -> ClassUtils.resolveClassName(Objects.requireNonNull(bean.getBeanClassName()), null))
			.flatMap(DocumentedPropertiesTest::components)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(properties).hasSizeGreaterThan(8);
		try (Stream<Path> tree = Files.walk(Path.of("src/main/java"))) {
			for (Path file : tree.filter((path) -> path.toString().endsWith(".java")).toList()) {
				Matcher injected = INJECTED.matcher(Files.readString(file));
				while (injected.find()) {
					properties.add(injected.group(1));
				}
			}
		}
		return properties;
	}

	private static Stream<String> components(Class<?> record) {
		String prefix = record.getAnnotation(ConfigurationProperties.class).value();
		return Arrays.stream(record.getRecordComponents())
			.map((component) -> prefix + "." + DataObjectPropertyName.toDashedForm(component.getName()));
	}

}
