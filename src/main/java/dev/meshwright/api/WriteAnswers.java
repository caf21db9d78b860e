package dev.meshwright.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Caller;
import dev.meshwright.store.Jobs;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Writes several resources and answers for it, at once, when programmed, or with a job.
 */
@Component
class WriteAnswers {

	private final LargeWrites writes;

	private final Waiting waiting;

	WriteAnswers(LargeWrites writes, Waiting waiting) {
		this.writes = writes;
		this.waiting = waiting;
	}

	/**
	 * Writes a change set and answers.
	 * @param differences what it changes, field by field, where a dry run shows it
	 */
	ResponseEntity<byte[]> write(Caller caller, List<Writes.Item> items, String message, boolean dryRun,
			@Nullable List<RevisionViews.DiffView> differences, HttpServletRequest request) {
		return switch (this.writes.write(caller, items, message, dryRun)) {
			case LargeWrites.Deferred(Jobs.Job job) -> JobController.accepted(job, request);
			case LargeWrites.Done(Writes.Written written) -> answer(written, dryRun, differences, request);
		};
	}

	ResponseEntity<byte[]> answer(Writes.Written written, boolean dryRun,
			@Nullable List<RevisionViews.DiffView> differences, HttpServletRequest request) {
		Optional<Duration> wait = dryRun ? Optional.empty() : Waiting.asked(request.getHeader("Prefer"));
		boolean inTime = wait.map((time) -> this.waiting.done(written.results(), time)).orElse(true);
		Answer answer = Answer.of(inTime ? HttpStatus.OK : HttpStatus.ACCEPTED)
			.headers("Warning", Warning.headers(written.warnings()));
		wait.ifPresent((time) -> answer.header("Preference-Applied", "wait=" + time.toSeconds()));
		return answer.body(request, WriteView.of(written, dryRun, dryRun ? differences : null));
	}

}
