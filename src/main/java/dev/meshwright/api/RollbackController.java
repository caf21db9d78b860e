package dev.meshwright.api;

import java.util.List;

import dev.meshwright.access.Requires;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.store.Revisions;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Declares an earlier state again, or takes one change set back. */
@RestController
@RequestMapping(path = Paths.BASE, produces = { Formats.JSON, Formats.YAML })
class RollbackController {

	private final Rollbacks rollbacks;

	private final WriteAnswers writes;

	private final Revisions revisions;

	private final Idempotency idempotency;

	RollbackController(Rollbacks rollbacks, WriteAnswers writes, Revisions revisions, Idempotency idempotency) {
		this.rollbacks = rollbacks;
		this.writes = writes;
		this.revisions = revisions;
		this.idempotency = idempotency;
	}

	@PostMapping(path = "/rollbacks", consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "rollBack",
			summary = "Restore what was declared at a revision: one resource, a namespace or everything",
			answer = WriteView.class, status = { 200, 202 }, write = true, body = RollbackRequest.class,
			example = "{\"to\": 1, \"scope\": {\"namespace\": \"shop\"}, \"message\": \"Back to what worked\"}")
	ResponseEntity<byte[]> rollBack(Caller caller, @RequestBody byte[] body,
			@RequestParam(defaultValue = "false") boolean dryRun, HttpServletRequest request) {
		return this.idempotency.once(caller, request, body, () -> {
			RollbackRequest asked = RollbackRequest.read(Formats.document(body, request));
			@Nullable String message = asked.message();
			return restore(caller, this.rollbacks.rollback(caller, asked, dryRun),
					(message != null) ? message : "Roll back " + asked.scope() + " to revision " + asked.to(), dryRun,
					request);
		});
	}

	@PostMapping(path = "/revisions/{revision}/undo", consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "undoRevision", summary = "Revert one change set, if nothing of it was changed since",
			answer = WriteView.class, status = { 200, 202 }, write = true, body = UndoRequest.class,
			example = "{\"message\": \"It broke the checkout\"}")
	ResponseEntity<byte[]> undo(Caller caller, @PathVariable long revision,
			@RequestBody(required = false) byte @Nullable [] body, @RequestParam(defaultValue = "false") boolean dryRun,
			HttpServletRequest request) {
		byte[] sent = (body != null) ? body : new byte[0];
		return this.idempotency.once(caller, request, sent, () -> {
			@Nullable String message = (sent.length > 0) ? UndoRequest.read(Formats.document(sent, request)).message() : null;
			return restore(caller, this.rollbacks.undo(caller, revision),
					(message != null) ? message : "Undo revision " + revision, dryRun, request);
		});
	}

	private ResponseEntity<byte[]> restore(Caller caller, Restoration restoration, String message, boolean dryRun,
			HttpServletRequest request) {
		if (restoration.items().isEmpty()) {
			return this.writes.answer(
					new Writes.Written(this.revisions.head(), List.of(), List.of(), List.of(), List.of()), dryRun,
					restoration.differences(), request);
		}
		return this.writes.write(caller, restoration.items(), message, dryRun, restoration.differences(), request);
	}

}
