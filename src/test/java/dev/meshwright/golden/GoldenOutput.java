package dev.meshwright.golden;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.compile.Placement;
import dev.meshwright.compile.Renderer;
import dev.meshwright.document.Documents;
import dev.meshwright.document.Json;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * Compiles every unit of a case with every renderer of the application and writes down
 * what came of it, a file a provider.
 */
final class GoldenOutput {

	/** As in the local run: what is placed nowhere in particular is on its cluster. */
	static final CompilerSettings SETTINGS = new CompilerSettings(new TreeSet<>(Set.of("local")), Set.of("meshwright"));

	static final List<Renderer> RENDERERS = renderers();

	private final SortedMap<String, StringBuilder> objects = new TreeMap<>();

	private final Set<Map<String, String>> diagnostics = new LinkedHashSet<>();

	private GoldenOutput() {
	}

	/** File names and contents; nothing for what is empty. */
	static SortedMap<String, String> of(Declarations declarations) {
		GoldenOutput output = new GoldenOutput();
		Compiler compiler = new Compiler(RENDERERS, SETTINGS);
		for (UnitId placement : declarations.placements()) {
			Placement placed = compiler.place(placement, declarations);
			placed.diagnostics().forEach(output::diagnostic);
			for (String cluster : placed.clusters()) {
				Compilation compilation = compiler.compile(placement.on(cluster), declarations);
				compilation.diagnostics().forEach(output::diagnostic);
				compilation.manifests()
					.forEach((manifest) -> output.object(compilation.unit(), manifest.at(Instant.EPOCH)));
			}
		}
		return output.files();
	}

	private static List<Renderer> renderers() {
		try (var context = new AnnotationConfigApplicationContext("dev.meshwright.provider")) {
			return List.copyOf(context.getBeansOfType(Renderer.class).values());
		}
	}

	private void object(UnitId unit, Manifest manifest) {
		StringBuilder text = this.objects.computeIfAbsent(file(manifest.ref()), (_) -> new StringBuilder());
		text.append("---\n# ").append(unit).append(", ").append(manifest.phase().name().toLowerCase(Locale.ROOT));
		if (!manifest.awaits().isEmpty()) {
			text.append((manifest.phase() == Manifest.Phase.MAKE) ? ", what changes after " : " after ")
				.append(String.join(", ", manifest.awaits().stream().map(ObjectRef::name).toList()));
		}
		text.append('\n').append(Documents.toYaml(tree(manifest.body())));
	}

	private static String file(ObjectRef ref) {
		return ref.kind().group().endsWith("istio.io") ? "istio.yaml" : "kubernetes.yaml";
	}

	private void diagnostic(Diagnostic diagnostic) {
		Map<String, String> entry = new LinkedHashMap<>();
		entry.put("severity", diagnostic.severity().name());
		entry.put("code", diagnostic.code().name());
		entry.put("at", diagnostic.resource() + diagnostic.pointer());
		entry.put("message", diagnostic.message());
		entry.put("remedy", diagnostic.remedy());
		this.diagnostics.add(entry);
	}

	private SortedMap<String, String> files() {
		SortedMap<String, String> files = new TreeMap<>();
		this.objects.forEach((name, text) -> files.put(name, text.toString()));
		if (!this.diagnostics.isEmpty()) {
			files.put("diagnostics.yaml", Documents.toYaml(tree(this.diagnostics)));
		}
		return files;
	}

	static JsonNode tree(Object value) {
		return Json.mapper().valueToTree(value);
	}

}
