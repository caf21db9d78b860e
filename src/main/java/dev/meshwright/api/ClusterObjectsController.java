package dev.meshwright.api;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import dev.meshwright.access.Requires;
import dev.meshwright.document.Pointers;
import dev.meshwright.model.Caller;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.ClusterObjects;
import dev.meshwright.store.ClusterObjects.Page;
import dev.meshwright.store.ClusterObjects.Query;
import dev.meshwright.store.Resources;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What Meshwright keeps in a cluster. */
@RestController
@RequestMapping(path = Paths.BASE + "/clusters/{name}", produces = { Formats.JSON, Formats.YAML })
class ClusterObjectsController {

	private final Resources resources;

	private final ClusterObjects objects;

	ClusterObjectsController(Resources resources, ClusterObjects objects) {
		this.resources = resources;
		this.objects = objects;
	}

	@GetMapping("/objects")
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "listClusterObjects",
			summary = "List what Meshwright keeps in a cluster, with what the watches saw of it",
			answer = ClusterObjectListView.class)
	ResponseEntity<byte[]> list(Caller caller, @PathVariable String name, @RequestParam(defaultValue = "") String kind,
			@RequestParam(required = false) @Nullable String namespace,
			@RequestParam(defaultValue = "false") boolean orphaned,
			@RequestParam(defaultValue = "false") boolean drifted, @RequestParam(defaultValue = "100") int limit,
			@RequestParam(name = "continue", required = false) @Nullable String next, HttpServletRequest request) {
		String list = "objects/" + name + "?" + kind + "&" + namespace + "&" + orphaned + "&" + drifted;
		Query query = new Query(name, kind(kind), (namespace != null) ? Paths.namespace(namespace) : null, orphaned,
				drifted, PageLimit.checked(limit), Cursor.object(next, list));
		ResourceId cluster = Paths.id("clusters", "", name);
		this.resources.find(caller, cluster).orElseThrow(() -> ApiFailure.notFound(cluster));
		Page page = this.objects.list(caller, query);
		return Answer.ok(request, ClusterObjectListView.of(page.items(),
				page.more() ? Cursor.of(page.items().getLast().ref(), list) : null));
	}

	private static @Nullable ObjectKind kind(String text) {
		List<ObjectKind> meant = Arrays.stream(ObjectKind.values())
			.filter((kind) -> kind.toString().equals(text) || kind.kind().equals(text))
			.toList();
		if (meant.size() == 1 || text.isEmpty()) {
			return text.isEmpty() ? null : meant.getFirst();
		}
		throw ApiFailure.of(HttpStatus.BAD_REQUEST, "INVALID_KIND",
				meant.isEmpty()
						? Pointers.shown(text) + " is no kind of object that Meshwright makes; these are "
								+ names(List.of(ObjectKind.values()))
						: "kind is one of " + names(meant) + ": add the group");
	}

	private static String names(List<ObjectKind> kinds) {
		return kinds.stream().map(ObjectKind::toString).collect(Collectors.joining(", "));
	}

}
