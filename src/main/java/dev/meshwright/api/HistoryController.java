package dev.meshwright.api;

import java.util.List;

import dev.meshwright.access.Requires;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.History;
import dev.meshwright.store.Revisions;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The history of declarations, and who did what. */
@RestController
@RequestMapping(path = Paths.BASE, produces = { Formats.JSON, Formats.YAML })
class HistoryController {

	private final Revisions revisions;

	private final History history;

	private final AuditLog auditLog;

	HistoryController(Revisions revisions, History history, AuditLog auditLog) {
		this.revisions = revisions;
		this.history = history;
		this.auditLog = auditLog;
	}

	@GetMapping("/revisions")
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "listRevisions", summary = "List the committed change sets, newest first",
			answer = RevisionViews.RevisionListView.class)
	ResponseEntity<byte[]> list(Caller caller, @RequestParam(required = false) @Nullable Long before,
			@RequestParam(defaultValue = "100") int limit, HttpServletRequest request) {
		List<Revisions.Revision> found = this.revisions.list(caller, before, PageLimit.checked(limit));
		@Nullable Long next = (found.size() == limit) ? Long.valueOf(found.getLast().number()) : null;
		return Answer.ok(request, new RevisionViews.RevisionListView("RevisionList",
				found.stream().map(RevisionViews::of).toList(), next));
	}

	@GetMapping("/revisions/{revision}")
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "getRevision", summary = "Read one committed change set", answer = RevisionViews.RevisionView.class)
	ResponseEntity<byte[]> get(Caller caller, @PathVariable long revision, HttpServletRequest request) {
		return Answer.ok(request,
				this.revisions.find(caller, revision).map(RevisionViews::of).orElseThrow(() -> missing(revision)));
	}

	@GetMapping("/revisions/{revision}/diff")
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "diffRevision", summary = "Read what a revision changed, or what differs between it and another",
			answer = RevisionViews.RevisionDiffView.class)
	ResponseEntity<byte[]> diff(Caller caller, @PathVariable long revision,
			@RequestParam(required = false) @Nullable Long to,
			@RequestParam(required = false) @Nullable String namespace,
			@RequestParam(defaultValue = "" + PageLimit.MOST_ITEMS) int limit,
			@RequestParam(name = "continue", required = false) @Nullable String next, HttpServletRequest request) {
		long head = this.revisions.head();
		if (revision < ((to != null) ? 0 : 1)) {
			throw missing(revision);
		}
		long one = (to != null) ? revision : revision - 1;
		long other = (to != null) ? to : revision;
		if (Math.min(one, other) < 0 || Math.max(one, other) > head) {
			throw missing((Math.max(one, other) > head) ? Math.max(one, other) : Math.min(one, other));
		}
		History.Scope scope = (namespace != null) ? new History.InNamespace(Paths.namespace(namespace))
				: new History.Everything();
		long from = Math.min(one, other);
		long until = Math.max(one, other);
		String list = "diff/" + from + "/" + until + "/" + namespace;
		List<History.Difference> found = this.history.differences(caller, scope, from, until, Cursor.read(next, list),
				PageLimit.checked(limit) + 1);
		boolean more = found.size() > limit;
		List<History.Difference> page = more ? found.subList(0, limit) : found;
		return Answer.ok(request,
				new RevisionViews.RevisionDiffView("RevisionDiff", from, until,
						RevisionViews.diff(page.stream()
							.map((difference) -> new Revisions.RevisionChange(difference.id(), difference.before(),
									difference.after()))
							.toList()),
						more ? Cursor.of(page.getLast().id(), list) : null));
	}

	@GetMapping("/audit-events")
	@Requires(Permission.ADMINISTER)
	@Described(id = "listAuditEvents", summary = "List who did what, when and from where, newest first",
			answer = AuditListView.class)
	ResponseEntity<byte[]> audit(Caller caller, @RequestParam(required = false) @Nullable Long before,
			@RequestParam(defaultValue = "100") int limit, HttpServletRequest request) {
		List<AuditLog.Recorded> found = this.auditLog.list(before, PageLimit.checked(limit));
		@Nullable Long next = (found.size() == limit) ? Long.valueOf(found.getLast().id()) : null;
		return Answer.ok(request,
				new AuditListView("AuditEventList", found.stream().map(AuditListView.AuditView::of).toList(), next));
	}

	private static ApiFailure missing(long revision) {
		return ApiFailure.of(HttpStatus.NOT_FOUND, "NOT_FOUND",
				"There is no revision " + revision + ", or nothing in it that you may see");
	}

}
