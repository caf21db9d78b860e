package dev.meshwright.api;

import dev.meshwright.access.Requires;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Several resources put and deleted together, all or nothing. */
@RestController
class ChangeSetController {

	private final WriteAnswers writes;

	private final Idempotency idempotency;

	ChangeSetController(WriteAnswers writes, Idempotency idempotency) {
		this.writes = writes;
		this.idempotency = idempotency;
	}

	@PostMapping(path = Paths.BASE + "/change-sets", consumes = { Formats.JSON, Formats.YAML },
			produces = { Formats.JSON, Formats.YAML })
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "applyChangeSet", summary = "Put and delete several resources together, all or nothing",
			answer = WriteView.class, status = { 200, 202 }, write = true)
	ResponseEntity<byte[]> apply(Caller caller, @RequestBody byte[] body,
			@RequestParam(defaultValue = "false") boolean dryRun, HttpServletRequest request) {
		return this.idempotency.once(caller, request, body, () -> {
			ChangeSets.ChangeSet changeSet = Formats.isYaml(request.getContentType()) ? ChangeSets.yaml(body)
					: ChangeSets.json(body);
			return this.writes.write(caller, changeSet.items(), changeSet.message(), dryRun, null, request);
		});
	}

}
