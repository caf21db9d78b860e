package dev.meshwright.api;

import java.util.UUID;

import dev.meshwright.access.Requires;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.store.Jobs;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What became of writes that were answered before they were done. */
@RestController
class JobController {

	private static final String PATH = Paths.BASE + "/jobs/";

	private final Jobs jobs;

	JobController(Jobs jobs) {
		this.jobs = jobs;
	}

	@GetMapping(path = PATH + "{id}", produces = { Formats.JSON, Formats.YAML })
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "getJob", summary = "Read what became of a write that was answered before it was done",
			answer = JobView.class)
	ResponseEntity<byte[]> get(Caller caller, @PathVariable UUID id, HttpServletRequest request) {
		return Answer.ok(request,
				this.jobs.find(caller, id)
					.map(JobView::of)
					.orElseThrow(() -> ApiFailure.of(HttpStatus.NOT_FOUND, "NOT_FOUND",
							"There is no job " + id + ", or it is another caller's")));
	}

	/** The answer to a write that goes on as a job. */
	static ResponseEntity<byte[]> accepted(Jobs.Job job, HttpServletRequest request) {
		return Answer.of(HttpStatus.ACCEPTED)
			.header("Location", PATH + job.id())
			.header("Retry-After", "1")
			.body(request, JobView.of(job));
	}

}
