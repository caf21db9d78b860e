package dev.meshwright.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

import dev.meshwright.access.Requires;
import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.Effective;
import dev.meshwright.document.Documents;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Installation;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.StoreFailure;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a service's declarations come to: merged, and compiled. */
@RestController
@RequestMapping(path = Paths.BASE + "/namespaces/{namespace}/services/{name}",
		produces = { Formats.JSON, Formats.YAML })
class CompiledController {

	private final Snapshots snapshots;

	private final Compiler compiler;

	private final Installation installation;

	CompiledController(Snapshots snapshots, Compiler compiler, Installation installation) {
		this.snapshots = snapshots;
		this.compiler = compiler;
		this.installation = installation;
	}

	@GetMapping("/effective")
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "getEffectiveService",
			summary = "Read everything that holds for a service, and where it comes from", answer = EffectiveView.class)
	ResponseEntity<byte[]> effective(Caller caller, @PathVariable String namespace, @PathVariable String name,
			@RequestParam(required = false) @Nullable Long revision, HttpServletRequest request) {
		ResourceId id = visible(caller, namespace, name);
		return answer(revision).body(request, read(caller, revision, (snapshot) -> {
			Effective effective = this.compiler.effective(new ServiceRef(namespace, name), snapshot)
				.orElseThrow(() -> ApiFailure.notFound(id));
			return EffectiveView.of(effective, this.compiler.place(UnitId.placement(namespace, name), snapshot));
		}));
	}

	@GetMapping("/manifests")
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "getServiceManifests", summary = "Read the objects that a service compiles to on a cluster",
			answer = ManifestsView.class)
	ResponseEntity<byte[]> manifests(Caller caller, @PathVariable String namespace, @PathVariable String name,
			@RequestParam(required = false) @Nullable String cluster,
			@RequestParam(required = false) @Nullable Long revision, HttpServletRequest request) {
		ResourceId id = visible(caller, namespace, name);
		SortedMap<String, Compilation> compiled = read(caller, revision, (snapshot) -> {
			if (snapshot.find(id).isEmpty()) {
				throw ApiFailure.notFound(id);
			}
			UnitId placement = UnitId.placement(namespace, name);
			SortedMap<String, Compilation> all = new TreeMap<>();
			this.compiler.place(placement, snapshot)
				.clusters()
				.forEach((placed) -> all.put(placed, this.compiler.compile(placement.on(placed), snapshot)));
			return all;
		});
		Compilation chosen = chosen(compiled, cluster);
		if (chosen.hasErrors()) {
			throw ApiFailure.of(HttpStatus.UNPROCESSABLE_CONTENT,
					chosen.diagnostics().stream().filter(Diagnostic::isError).map(CompiledController::error).toList());
		}
		ManifestsView view = ManifestsView.of(chosen.manifests(), this.installation::now);
		MediaType type = Formats.preferred(request);
		return Formats.isYaml(type.toString())
				? answer(revision).raw(type, Documents.toYaml(view.trees()).getBytes(StandardCharsets.UTF_8))
				: answer(revision).body(request, view);
	}

	private <T> T read(Caller caller, @Nullable Long revision, Function<Snapshot, T> function) {
		if (revision == null) {
			return this.snapshots.read(function::apply);
		}
		try {
			return this.snapshots.readAt(revision, function);
		}
		catch (StoreFailure.Unreadable unreadable) {
			boolean visible = caller.namespaces().includes(unreadable.resource().namespace());
			throw Problems.unreadable(visible ? unreadable.resource().toString() : "Something that this depends on",
					revision);
		}
	}

	/** Says of the past what is not of the past. */
	private static Answer answer(@Nullable Long revision) {
		Answer answer = Answer.of(HttpStatus.OK);
		return (revision == null) ? answer : answer.header("Warning", "299 - \"AS_OF What was declared at revision "
				+ revision + ", by the compiler of today and with what is known of the clusters today\"");
	}

	private static Compilation chosen(Map<String, Compilation> compiled, @Nullable String cluster) {
		String names = compiled.isEmpty() ? "no cluster" : String.join(", ", compiled.keySet());
		if (cluster != null) {
			if (!compiled.containsKey(cluster)) {
				throw ApiFailure.of(HttpStatus.NOT_FOUND, "NOT_PLACED",
						"The service is not on that cluster; it is on " + names);
			}
			return compiled.get(cluster);
		}
		if (compiled.isEmpty()) {
			throw ApiFailure.of(HttpStatus.NOT_FOUND, "NOT_PLACED",
					"The service is on no cluster; the Namespace's placement says where it is");
		}
		if (compiled.size() > 1) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, "CLUSTER_NEEDED",
					"The service is on several clusters; name one with ?cluster=, it is on " + names);
		}
		return compiled.values().iterator().next();
	}

	private static ShapeError error(Diagnostic diagnostic) {
		return new ShapeError(diagnostic.pointer(), diagnostic.code().toString(), Warning.text(diagnostic),
				diagnostic.resource().toString());
	}

	private static ResourceId visible(Caller caller, String namespace, String name) {
		ResourceId id = Paths.id("services", namespace, name);
		if (!caller.namespaces().includes(namespace)) {
			throw ApiFailure.notFound(id);
		}
		return id;
	}

}
