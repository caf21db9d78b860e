package dev.meshwright.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.meshwright.compile.ClusterModel;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.Feature;
import dev.meshwright.compile.NamespaceModel;
import dev.meshwright.compile.Placement;
import dev.meshwright.compile.Renderer;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page that says which provider can express what, made from what the renderers offer
 * and from the golden cases that need it.
 */
class FeatureTableTest {

	private static final Path PAGE = Path.of("docs/features.md");

	/** How {@code UNSUPPORTED_BY_PROVIDER} names what a declaration asks for. */
	private static final Pattern DEMAND = Pattern.compile(".* cannot express (.*?)(?: at gateway .* \\((\\w+)\\))?");

	private static final List<Renderer> RENDERERS = GoldenOutput.RENDERERS.stream()
		.sorted(Comparator.comparing(Renderer::provider))
		.toList();

	@Test
	void pageShowsWhatIsOfferedAndProven() throws IOException {
		String expected = page(proven());
		if (Boolean.getBoolean("golden.update")) {
			Files.writeString(PAGE, expected);
		}
		assertThat(PAGE)
			.as("if the change is meant, run mvn test -Dtest=FeatureTableTest -Dgolden.update=true to rewrite %s", PAGE)
			.hasContent(expected);
	}

	/** What the cases that compile without ERROR ask for, as columns and features. */
	private static Set<String> proven() {
		Set<String> proven = new HashSet<>();
		List<Renderer> unable = RENDERERS.stream().<Renderer>map(Unable::new).toList();
		for (GoldenCase golden : GoldenCase.all()) {
			Declarations input = golden.input();
			if (diagnostics(input, RENDERERS).noneMatch(Diagnostic::isError)) {
				diagnostics(input, unable)
					.filter((diagnostic) -> diagnostic.code() == DiagnosticCode.UNSUPPORTED_BY_PROVIDER)
					.forEach((diagnostic) -> proven.add(demand(diagnostic.message())));
			}
		}
		assertThat(proven).as("what the cases ask for").contains("/" + Feature.WORKLOADS.text());
		return proven;
	}

	private static Stream<Diagnostic> diagnostics(Declarations declarations, List<Renderer> renderers) {
		Compiler compiler = new Compiler(renderers, GoldenOutput.SETTINGS);
		return declarations.placements().stream().flatMap((unit) -> {
			Placement placed = compiler.place(unit, declarations);
			return Stream.concat(placed.diagnostics().stream(),
					placed.clusters()
						.stream()
						.flatMap((cluster) -> compiled(compiler, unit.on(cluster), declarations)));
		});
	}

	private static Stream<Diagnostic> compiled(Compiler compiler, UnitId unit, Declarations declarations) {
		return compiler.compile(unit, declarations).diagnostics().stream();
	}

	private static String demand(String message) {
		Matcher matcher = DEMAND.matcher(message);
		assertThat(matcher.matches()).as(message).isTrue();
		return ((matcher.group(2) != null) ? matcher.group(2) : "") + "/" + matcher.group(1);
	}

	private static String page(Set<String> proven) {
		List<GatewayEntry.Api> apis = Arrays.asList(GatewayEntry.Api.values());
		StringBuilder page = new StringBuilder(
				"""
						# Features

						What each provider can express: of a service and its rules for callers inside the mesh, and of the rules for
						requests through a gateway of each API. What none of a cluster's providers can express is refused when it is
						declared (`UNSUPPORTED_BY_PROVIDER`), never dropped. *yes*: a golden case proves it; *untested*: offered, and
						no case needs it.

						""");
		page.append(row("feature", Stream.concat(RENDERERS.stream().map(Renderer::provider),
				apis.stream().map((api) -> "gateway `" + api + "`"))));
		page.append(row("---", Stream.concat(RENDERERS.stream(), apis.stream()).map((_) -> "---")));
		for (Feature feature : Feature.values()) {
			page.append(
					row(feature.text(),
							Stream.concat(
									RENDERERS.stream()
										.map((renderer) -> cell(renderer.features().contains(feature),
												proven.contains("/" + feature.text()))),
									apis.stream()
										.map((api) -> cell(
												RENDERERS.stream()
													.anyMatch((it) -> it.gatewayFeatures(api).contains(feature)),
												proven.contains(api + "/" + feature.text()))))));
		}
		return page.toString();
	}

	private static String cell(boolean offered, boolean proven) {
		return !offered ? "" : proven ? "yes" : "untested";
	}

	private static String row(String head, Stream<String> cells) {
		return Stream.concat(Stream.of(head), cells).collect(Collectors.joining(" | ", "| ", " |\n"));
	}

	/** A renderer that can express nothing, so that everything asked for is refused. */
	private record Unable(Renderer renderer) implements Renderer {

		@Override
		public String provider() {
			return this.renderer.provider();
		}

		@Override
		public Set<Feature> features() {
			return Set.of();
		}

		@Override
		public boolean rendersOn(ClusterModel cluster) {
			return this.renderer.rendersOn(cluster);
		}

		@Override
		public List<Manifest> renderNamespace(NamespaceModel namespace) {
			return List.of();
		}

		@Override
		public List<Manifest> renderService(ServiceModel service) {
			return List.of();
		}

	}

}
