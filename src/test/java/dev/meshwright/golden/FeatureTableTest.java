package dev.meshwright.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.compile.ClusterModel;
import dev.meshwright.compile.Feature;
import dev.meshwright.compile.NamespaceModel;
import dev.meshwright.compile.Objection;
import dev.meshwright.compile.Renderer;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry.Api;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page that says which provider can express what is made from golden cases: a case
 * proves a feature of a provider if it compiles, and is refused as soon as the provider
 * no longer offers the feature.
 */
class FeatureTableTest {

	private static final boolean UPDATE = Boolean.getBoolean("golden.update");

	private static final Path PAGE = Path.of("docs", "features.md");

	private static final String HEAD = """
			# What each provider can express

			A row is a feature, a column a provider or the API of a gateway. A cell names a golden case (a folder of
			`src/test/resources/golden`) that proves it; `–` means that it is refused with `UNSUPPORTED_BY_PROVIDER`.
			The page is made by `mvn test -Dtest=FeatureTableTest -Dgolden.update=true`.

			| feature | Kubernetes objects | Istio, inside the mesh | Istio gateway | Gateway API | Ingress |
			| --- | --- | --- | --- | --- | --- |
			""";

	private static final List<Column> COLUMNS = List.of(new Column("kubernetes", Optional.empty()),
			new Column("istio", Optional.empty()), new Column("istio", Optional.of(Api.ISTIO)),
			new Column("kubernetes", Optional.of(Api.GATEWAY_API)), new Column("kubernetes", Optional.of(Api.INGRESS)));

	@Test
	void thePageNamesWhatIsProven() throws IOException {
		StringBuilder page = new StringBuilder(HEAD);
		List<String> unproven = new ArrayList<>();
		for (Feature feature : Feature.values()) {
			page.append("| ").append(feature.text());
			for (Column column : COLUMNS) {
				Optional<GoldenCase> proof = column.proof(feature);
				if (proof.isEmpty() && column.offers(feature)) {
					unproven.add(feature + " of " + column);
				}
				page.append(" | ").append(proof.map((found) -> "`" + found + "`").orElse("–"));
			}
			page.append(" |\n");
		}
		if (UPDATE) {
			Files.writeString(PAGE, page);
		}
		assertThat(unproven).as("features that a provider declares and no golden case needs").isEmpty();
		assertThat(Files.readString(PAGE)).as("%s; -Dgolden.update=true rewrites it", PAGE).isEqualTo(page.toString());
	}

	/** A provider, or what it offers at gateways of one API. */
	private record Column(String provider, Optional<Api> gateway) {

		boolean offers(Feature feature) {
			return GoldenOutput.RENDERERS.stream()
				.anyMatch((renderer) -> isThis(renderer) && offered(renderer).contains(feature));
		}

		Optional<GoldenCase> proof(Feature feature) {
			if (!offers(feature)) {
				return Optional.empty();
			}
			List<Renderer> lacking = GoldenOutput.RENDERERS.stream()
				.map((renderer) -> isThis(renderer) ? new Lacking(renderer, this.gateway, feature) : renderer)
				.toList();
			return GoldenCase.all().stream().filter((golden) -> {
				Declarations input = golden.input();
				return !isRefused(input, GoldenOutput.RENDERERS) && isRefused(input, lacking);
			}).findFirst();
		}

		private boolean isThis(Renderer renderer) {
			return renderer.provider().equals(this.provider);
		}

		private Set<Feature> offered(Renderer renderer) {
			return this.gateway.map(renderer::gatewayFeatures).orElseGet(renderer::features);
		}

		private static boolean isRefused(Declarations input, List<Renderer> renderers) {
			return GoldenOutput.of(input, renderers)
				.getOrDefault("diagnostics.yaml", "")
				.contains("UNSUPPORTED_BY_PROVIDER");
		}

	}

	/** A renderer that does not offer one feature. */
	private record Lacking(Renderer renderer, Optional<Api> gateway, Feature feature) implements Renderer {

		@Override
		public String provider() {
			return this.renderer.provider();
		}

		@Override
		public Set<Feature> features() {
			return this.gateway.isPresent() ? this.renderer.features() : without(this.renderer.features());
		}

		@Override
		public Set<Feature> gatewayFeatures(Api api) {
			Set<Feature> offered = this.renderer.gatewayFeatures(api);
			return this.gateway.filter(api::equals).isPresent() ? without(offered) : offered;
		}

		private Set<Feature> without(Set<Feature> offered) {
			Set<Feature> rest = offered.isEmpty() ? EnumSet.noneOf(Feature.class) : EnumSet.copyOf(offered);
			rest.remove(this.feature);
			return rest;
		}

		@Override
		public boolean rendersOn(ClusterModel cluster) {
			return this.renderer.rendersOn(cluster);
		}

		@Override
		public List<Objection> check(ServiceModel service) {
			return this.renderer.check(service);
		}

		@Override
		public List<Manifest> renderNamespace(NamespaceModel namespace) {
			return this.renderer.renderNamespace(namespace);
		}

		@Override
		public List<Manifest> renderService(ServiceModel service) {
			return this.renderer.renderService(service);
		}

	}

}
