package dev.meshwright.reconcile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** No webhook is blamed for what an API server makes of our objects by itself. */
class RewritingIT {

	private static final Path GOLDEN = Path.of("src/test/resources/golden");

	private final KubernetesClient kubernetes = RealApiServer.get().client();

	private final ClusterGateway gateway = TestGateways.real();

	private final Set<String> namespaces = new TreeSet<>();

	@Test
	void nothingThatIsRenderedIsCalledRewritten() throws IOException {
		List<String> rewritten = new ArrayList<>();
		int taken = 0;
		int refused = 0;
		for (Map<String, Object> body : goldens()) {
			ObjectRef ref = ref(body).orElse(null);
			if (ref == null) {
				continue;
			}
			namespace(ref.namespace());
			try {
				LiveObject live = this.gateway.dryRun(new Apply(ref, body, null, null, true)).live();
				Rewriting.of(body, live).forEach((field) -> rewritten.add(ref + ": " + field));
				taken++;
			}
			catch (ClusterFailure failure) {
				refused++;
			}
		}
		assertThat(rewritten).isEmpty();
		assertThat(taken).isGreaterThan(100).isGreaterThan(9 * refused);
	}

	private static List<Map<String, Object>> goldens() throws IOException {
		List<Map<String, Object>> bodies = new ArrayList<>();
		try (Stream<Path> files = Files.walk(GOLDEN)) {
			for (Path file : files.filter((each) -> each.toString().endsWith(".yaml")).sorted().toList()) {
				for (String document : Files.readString(file).split("(?m)^---$")) {
					if (document.contains("\napiVersion: ") && !document.contains("meshwright.dev/v1")) {
						bodies.add(body(document));
					}
				}
			}
		}
		return bodies;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> body(String document) {
		return Serialization.unmarshal(document, LinkedHashMap.class);
	}

	private static Optional<ObjectRef> ref(Map<String, Object> body) {
		Map<?, ?> metadata = (Map<?, ?>) body.get("metadata");
		Object namespace = metadata.get("namespace");
		return ObjectKind.of(String.valueOf(body.get("apiVersion")), String.valueOf(body.get("kind")))
			.map((kind) -> new ObjectRef(kind, (namespace != null) ? namespace.toString() : "",
					String.valueOf(metadata.get("name"))));
	}

	private void namespace(String name) {
		if (!name.isEmpty() && this.namespaces.add(name) && this.kubernetes.namespaces().withName(name).get() == null) {
			this.kubernetes.resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
				.create();
		}
	}

}
