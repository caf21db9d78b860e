package dev.meshwright.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.meshwright.document.Documents;
import tools.jackson.databind.JsonNode;

/**
 * A file under {@code examples/}: one change set. The scenarios of an application lie
 * beside the file that declares it, which has the directory's name, and are applied on
 * top of it.
 *
 * @param path the file
 */
record Example(Path path) {

	private static final Path ROOT = Path.of("examples");

	/** What the local run declares by itself. */
	private static final String LOCAL_CLUSTER = """
			kind: Cluster
			metadata: {name: local}
			spec:
			  connection: {sandbox: {}}
			  mesh: istio
			  gateways:
			    - name: public
			      api: istio
			      namespace: istio-ingress
			      selector: {istio: ingressgateway}
			""";

	static List<Example> all() {
		try (Stream<Path> paths = Files.walk(ROOT)) {
			return paths.filter((path) -> path.toString().endsWith(".yaml")).sorted().map(Example::new).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The file that declares an application. */
	static Example application(String name) {
		Example scenarios = named(name + "/" + name);
		return Files.exists(scenarios.path) ? scenarios : named(name);
	}

	static Example named(String name) {
		return new Example(ROOT.resolve(name + ".yaml"));
	}

	/** The documents of the file. */
	List<JsonNode> documents() {
		try {
			return Documents.yaml(Files.readAllBytes(this.path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Everything that is declared once the example is applied in the local run. */
	Declarations declarations() {
		return together(List.of(this));
	}

	/**
	 * Everything that is declared once an application's examples are applied one after
	 * the other.
	 */
	static Declarations together(List<Example> examples) {
		Map<String, JsonNode> declared = new LinkedHashMap<>();
		List<JsonNode> documents = new ArrayList<>(Documents.yaml(LOCAL_CLUSTER.getBytes(StandardCharsets.UTF_8)));
		Path first = examples.getFirst().path;
		Path application = first.resolveSibling(first.getParent().getFileName() + ".yaml");
		if (Files.exists(application)) {
			documents.addAll(new Example(application).documents());
		}
		examples.forEach((example) -> documents.addAll(example.documents()));
		documents.stream()
			.filter((document) -> !isChangeSet(document))
			.forEach((document) -> declared.put(document.path("kind") + " " + document.path("metadata"), document));
		return Declarations.read(Documents.toYaml(List.copyOf(declared.values())).getBytes(StandardCharsets.UTF_8));
	}

	static boolean isChangeSet(JsonNode document) {
		return document.path("kind").asString("").equals("ChangeSet");
	}

	@Override
	public String toString() {
		String file = ROOT.relativize(this.path).toString();
		return file.substring(0, file.length() - ".yaml".length());
	}

}
