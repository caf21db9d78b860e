package dev.meshwright.api;

import java.time.Duration;
import java.util.Optional;

import dev.meshwright.access.Requires;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.store.Jobs;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Several resources put and deleted together, all or nothing. */
@RestController
class ChangeSetController {

	private final LargeWrites writes;

	private final Waiting waiting;

	private final Idempotency idempotency;

	ChangeSetController(LargeWrites writes, Waiting waiting, Idempotency idempotency) {
		this.writes = writes;
		this.waiting = waiting;
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
			return switch (this.writes.write(caller, changeSet.items(), changeSet.message(), dryRun)) {
				case LargeWrites.Deferred(Jobs.Job job) -> JobController.accepted(job, request);
				case LargeWrites.Done(Writes.Written written) -> answer(written, dryRun, request);
			};
		});
	}

	private ResponseEntity<byte[]> answer(Writes.Written written, boolean dryRun, HttpServletRequest request) {
		Optional<Duration> wait = dryRun ? Optional.empty() : Waiting.asked(request.getHeader("Prefer"));
		boolean inTime = wait.map((time) -> this.waiting.programmed(written.results(), time)).orElse(true);
		Answer answer = Answer.of(inTime ? HttpStatus.OK : HttpStatus.ACCEPTED)
			.headers("Warning", Warning.headers(written.warnings()));
		wait.ifPresent((time) -> answer.header("Preference-Applied", "wait=" + time.toSeconds()));
		return answer.body(request, WriteView.of(written, dryRun));
	}

}
