package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import dev.meshwright.access.Requires;
import dev.meshwright.document.Envelope;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Permission;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.History;
import dev.meshwright.store.Resources;
import dev.meshwright.store.Resources.LabelSelector;
import dev.meshwright.store.StoredResource;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists, in one namespace and across all of them. */
@RestController
@RequestMapping(path = Paths.BASE, produces = { Formats.JSON, Formats.YAML })
class ListController {

	/**
	 * How many pages of {@link PageLimit#MOST_ITEMS} are looked through for resources
	 * with a condition; when they have none, the answer is empty but says where to go on.
	 */
	private static final int MOST_PAGES = 10;

	private final Resources resources;

	private final History history;

	private final StatusViews statuses;

	ListController(Resources resources, History history, StatusViews statuses) {
		this.resources = resources;
		this.history = history;
		this.statuses = statuses;
	}

	@GetMapping("/namespaces/{namespace}/" + Paths.NAMESPACED)
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "listIn", summary = "List the {kind} resources of a namespace", answer = ListView.class)
	ResponseEntity<byte[]> inNamespace(Caller caller, @PathVariable String kind, @PathVariable String namespace,
			@RequestParam(defaultValue = "") String labelSelector, @RequestParam(defaultValue = "") String condition,
			@RequestParam(defaultValue = "100") int limit,
			@RequestParam(name = "continue", required = false) @Nullable String next,
			@RequestParam(required = false) @Nullable Long revision, HttpServletRequest request) {
		return list(caller, Paths.kind(kind), Paths.namespace(namespace),
				new Filters(labelSelector, condition, limit, next, revision), request);
	}

	@GetMapping("/" + Paths.ANY)
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "list", summary = "List every {kind} that the caller may see", answer = ListView.class)
	ResponseEntity<byte[]> everywhere(Caller caller, @PathVariable String kind,
			@RequestParam(defaultValue = "") String labelSelector, @RequestParam(defaultValue = "") String condition,
			@RequestParam(defaultValue = "100") int limit,
			@RequestParam(name = "continue", required = false) @Nullable String next,
			@RequestParam(required = false) @Nullable Long revision, HttpServletRequest request) {
		return list(caller, Paths.kind(kind), null, new Filters(labelSelector, condition, limit, next, revision),
				request);
	}

	private ResponseEntity<byte[]> list(Caller caller, Kind kind, @Nullable String namespace, Filters filters,
			HttpServletRequest request) {
		PageLimit.checked(filters.limit());
		if (filters.revision() != null) {
			return past(caller, kind, namespace, filters, filters.revision(), request);
		}
		String list = kind + "/" + namespace + "?" + filters.labelSelector() + "&" + filters.condition();
		LabelSelector labels = LabelSelectors.parse(filters.labelSelector());
		Predicate<ResourceView> wanted = condition(filters.condition());
		@Nullable ResourceId after = Cursor.read(filters.next(), list);
		int size = filters.condition().isEmpty() ? filters.limit() : PageLimit.MOST_ITEMS;
		List<ResourceView> items = new ArrayList<>();
		for (int pages = 1;; pages++) {
			Resources.Page page = this.resources.list(caller,
					new Resources.ListQuery(kind, namespace, labels, size, after));
			Map<ResourceId, StatusView> statuses = this.statuses
				.of(page.items().stream().<Resource<?>>map(StoredResource::resource).toList());
			for (StoredResource stored : page.items()) {
				after = stored.resource().id();
				Optional.of(ResourceView.of(stored, statuses.get(after))).filter(wanted).ifPresent(items::add);
				if (items.size() == filters.limit() && stored != page.items().getLast()) {
					return page(kind, items, Cursor.of(after, list), page.revision(), request);
				}
			}
			if (!page.more() || items.size() == filters.limit() || pages == MOST_PAGES) {
				@Nullable String next = (page.more() && after != null) ? Cursor.of(after, list) : null;
				return page(kind, items, next, page.revision(), request);
			}
		}
	}

	/** As it was declared at a revision; of conditions no history is kept. */
	private ResponseEntity<byte[]> past(Caller caller, Kind kind, @Nullable String namespace, Filters filters,
			long revision, HttpServletRequest request) {
		if (!filters.condition().isEmpty()) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, "CONTRADICTION",
					"No history is kept of conditions: leave condition or revision out");
		}
		String list = kind + "/" + namespace + "?" + filters.labelSelector() + "@" + revision;
		Resources.Page page = this.history.list(caller, new Resources.ListQuery(kind, namespace,
				LabelSelectors.parse(filters.labelSelector()), filters.limit(), Cursor.read(filters.next(), list)),
				revision);
		@Nullable String next = page.more() ? Cursor.of(page.items().getLast().resource().id(), list) : null;
		return page(kind, page.items().stream().map((stored) -> ResourceView.of(stored, null)).toList(), next, revision,
				request);
	}

	private static ResponseEntity<byte[]> page(Kind kind, List<ResourceView> items, @Nullable String next,
			long revision, HttpServletRequest request) {
		return Answer.ok(request,
				new ListView(Envelope.API_VERSION, kind + "List", new ListView.ListMetadata(next, revision), items));
	}

	private static Predicate<ResourceView> condition(String text) {
		if (text.isEmpty()) {
			return (_) -> true;
		}
		for (Condition.Type type : Condition.Type.values()) {
			for (Condition.Status status : Condition.Status.values()) {
				if (text.equals(type + "=" + status)) {
					return (view) -> view.status() != null && view.status()
						.conditions()
						.stream()
						.anyMatch((condition) -> condition.type() == type && condition.status() == status);
				}
			}
		}
		throw ApiFailure.of(HttpStatus.BAD_REQUEST, "INVALID_CONDITION",
				"condition must be a type and a status, such as " + "Programmed=False; types are "
						+ java.util.Arrays.toString(Condition.Type.values()) + ", statuses are "
						+ java.util.Arrays.toString(Condition.Status.values()));
	}

	private record Filters(String labelSelector, String condition, int limit, @Nullable String next,
			@Nullable Long revision) {
	}

}
