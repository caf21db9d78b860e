package dev.meshwright.fault;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.MeshwrightApplication;
import dev.meshwright.compile.ClusterModel;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.compile.Feature;
import dev.meshwright.compile.NamespaceModel;
import dev.meshwright.compile.Objection;
import dev.meshwright.compile.Renderer;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * The application as its next version might be: its compiler is newer and gives every
 * Kubernetes Service an annotation more.
 */
public final class NewerApplication {

	static final String ANNOTATION = "meshwright.test/next";

	private NewerApplication() {
	}

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(MeshwrightApplication.class, Newer.class);
		application.setMainApplicationClass(MeshwrightApplication.class);
		application.run(args);
	}

	/** No configuration that a scan of the tests' classes would find. */
	static class Newer {

		@Bean
		@Primary
		Compiler newer(ObjectProvider<Renderer> renderers, CompilerSettings settings) {
			return new Compiler(renderers.stream().<Renderer>map(Annotating::new).toList(), settings,
					Compiler.VERSION + 1);
		}

	}

	private record Annotating(Renderer renderer) implements Renderer {

		@Override
		public String provider() {
			return this.renderer.provider();
		}

		@Override
		public Set<Feature> features() {
			return this.renderer.features();
		}

		@Override
		public Set<Feature> gatewayFeatures(GatewayEntry.Api api) {
			return this.renderer.gatewayFeatures(api);
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
			List<Manifest> manifests = new ArrayList<>();
			for (Manifest manifest : this.renderer.renderService(service)) {
				manifests.add((manifest.ref().kind() == ObjectKind.SERVICE) ? annotated(manifest) : manifest);
			}
			return manifests;
		}

		@SuppressWarnings("unchecked")
		private static Manifest annotated(Manifest manifest) {
			Map<String, Object> body = new LinkedHashMap<>(manifest.body());
			Map<String, Object> metadata = new LinkedHashMap<>((Map<String, Object>) body.get("metadata"));
			Map<String, Object> annotations = new LinkedHashMap<>(
					(Map<String, Object>) metadata.getOrDefault("annotations", Map.of()));
			annotations.put(ANNOTATION, "yes");
			metadata.put("annotations", annotations);
			body.put("metadata", metadata);
			return new Manifest(manifest.ref(), body, manifest.phase(), manifest.widened(), manifest.awaits(),
					manifest.shared(), manifest.needs());
		}

	}

}
