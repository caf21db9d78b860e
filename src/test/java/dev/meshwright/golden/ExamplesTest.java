package dev.meshwright.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.Placement;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.UnitId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The examples are what the local run takes, and each does what it says. */
class ExamplesTest {

	private static final String REVIEWS = "VirtualService.networking.istio.io bookinfo/reviews";

	private static final String RATINGS = "VirtualService.networking.istio.io bookinfo/ratings";

	private static final String DETAILS = "VirtualService.networking.istio.io bookinfo/details";

	static List<Example> examples() {
		return Example.all();
	}

	@ParameterizedTest
	@MethodSource("examples")
	void isOneChangeSetWithAMessage(Example example) {
		assertThat(example.documents()).filteredOn(Example::isChangeSet).singleElement().satisfies((document) -> {
			assertThat(document.propertyNames()).isSubsetOf("kind", "message", "delete");
			assertThat(document.path("message").asString("")).isNotBlank();
		});
		assertThat(Example.isChangeSet(example.documents().getFirst())).isTrue();
	}

	@ParameterizedTest
	@MethodSource("examples")
	void compilesWithoutErrors(Example example) {
		Compiled compiled = Compiled.of(example);
		assertThat(compiled.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
		assertThat(compiled.objects()).isNotEmpty();
	}

	static Stream<Arguments> scenarios() {
		return Stream.of(scenario("all-v1"), scenario("reviews-jason-v2", REVIEWS), scenario("reviews-50-v3", REVIEWS),
				scenario("reviews-80-20", REVIEWS), scenario("reviews-90-10", REVIEWS),
				scenario("reviews-v2-v3", REVIEWS), scenario("reviews-jason-v2-v3", REVIEWS),
				scenario("reviews-v3", REVIEWS), scenario("ratings-delay", RATINGS), scenario("ratings-abort", RATINGS),
				scenario("details-fault", DETAILS), scenario("reviews-timeout", RATINGS, REVIEWS),
				scenario("resilience", "DestinationRule.networking.istio.io bookinfo/details",
						"DestinationRule.networking.istio.io bookinfo/productpage",
						"DestinationRule.networking.istio.io bookinfo/ratings",
						"DestinationRule.networking.istio.io bookinfo/reviews", REVIEWS),
				scenario("security", security("productpage", "details", "reviews", "ratings")),
				scenario("ratings-backup", "ServiceAccount bookinfo/ratings-backup", "Service bookinfo/ratings-backup",
						"Deployment.apps bookinfo/ratings-backup-v1",
						"DestinationRule.networking.istio.io bookinfo/ratings-backup"),
				scenario("reviews-evacuate-v3", REVIEWS),
				scenario("details-v2", "Deployment.apps bookinfo/details-v2", DETAILS,
						"DestinationRule.networking.istio.io bookinfo/details",
						"ServiceEntry.networking.istio.io bookinfo/google-apis"),
				scenario("details-v2-tls", "Deployment.apps bookinfo/details-v2", DETAILS,
						"DestinationRule.networking.istio.io bookinfo/details",
						"DestinationRule.networking.istio.io bookinfo/google-apis",
						"ServiceEntry.networking.istio.io bookinfo/google-apis"),
				scenario("ratings-mongodb", "ServiceAccount bookinfo/mongodb", "Service bookinfo/mongodb",
						"Deployment.apps bookinfo/mongodb-v1", "Deployment.apps bookinfo/ratings-v2", RATINGS, REVIEWS,
						"DestinationRule.networking.istio.io bookinfo/ratings",
						"DestinationRule.networking.istio.io bookinfo/mongodb"));
	}

	private static String[] security(String... services) {
		return Stream.of(services)
			.flatMap((service) -> Stream.of("PeerAuthentication.security.istio.io bookinfo/" + service,
					"AuthorizationPolicy.security.istio.io bookinfo/" + service + "-allow",
					"NetworkPolicy.networking.k8s.io bookinfo/" + service))
			.toArray(String[]::new);
	}

	private static Arguments scenario(String name, String... changes) {
		return Arguments.argumentSet(name, name, Set.of(changes));
	}

	@ParameterizedTest
	@MethodSource("scenarios")
	void changesExactlyTheObjectsItMust(String scenario, Set<String> changes) {
		Map<String, Manifest> before = Compiled.of(Example.named("bookinfo/bookinfo")).objects();
		Map<String, Manifest> after = Compiled.of(Example.named("bookinfo/" + scenario)).objects();
		assertThat(after.keySet()).containsAll(before.keySet());
		assertThat(after.keySet()).filteredOn((ref) -> !after.get(ref).equals(before.get(ref)))
			.containsExactlyInAnyOrderElementsOf(changes);
	}

	@Test
	void everyScenarioIsTested() {
		assertThat(scenarios().map((scenario) -> "bookinfo/" + scenario.get()[0]))
			.containsExactlyInAnyOrderElementsOf(examples().stream()
				.map(Example::toString)
				.filter((name) -> name.startsWith("bookinfo/") && !name.equals("bookinfo/bookinfo"))
				.toList());
	}

	@Test
	void splitsTheWebapp() {
		JsonNode spec = GoldenOutput.tree(Compiled.of(Example.named("webapp"))
			.objects()
			.get("VirtualService.networking.istio.io shop/webapp")
			.body());
		assertThat(spec.at("/spec/http/0/route/0/destination/subset").asString()).isEqualTo("v2");
		assertThat(spec.at("/spec/http/0/match/0/headers/x-beta/exact").asString()).isEqualTo("yes");
		assertThat(spec.at("/spec/http/1/route/0/weight").asInt()).isEqualTo(90);
		assertThat(spec.at("/spec/http/1/route/1/weight").asInt()).isEqualTo(10);
	}

	/** Everything that the local run would make of an example. */
	private record Compiled(Map<String, Manifest> objects, List<Diagnostic> diagnostics) {

		static Compiled of(Example example) {
			Compiled compiled = new Compiled(new TreeMap<>(), new ArrayList<>());
			Declarations declarations = example.declarations();
			Compiler compiler = new Compiler(GoldenOutput.RENDERERS, GoldenOutput.SETTINGS);
			for (UnitId unit : declarations.placements()) {
				Placement placement = compiler.place(unit, declarations);
				compiled.diagnostics.addAll(placement.diagnostics());
				assertThat(placement.clusters()).as(unit.toString()).containsExactly("local");
				Compilation compilation = compiler.compile(unit.on("local"), declarations);
				compiled.diagnostics.addAll(compilation.diagnostics());
				compilation.manifests().forEach((it) -> compiled.objects.put(it.ref().toString(), it));
			}
			return compiled;
		}

	}

}
