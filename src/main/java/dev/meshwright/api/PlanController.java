package dev.meshwright.api;

import java.util.UUID;

import dev.meshwright.access.Requires;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Plans;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a change would do to the clusters, before it does. */
@RestController
@RequestMapping(path = Paths.BASE + "/plans", produces = { Formats.JSON, Formats.YAML })
class PlanController {

	private final Plans plans;

	private final AwaitedJobs jobs;

	private final Writes writes;

	private final Idempotency idempotency;

	PlanController(Plans plans, AwaitedJobs jobs, Writes writes, Idempotency idempotency) {
		this.plans = plans;
		this.jobs = jobs;
		this.writes = writes;
		this.idempotency = idempotency;
	}

	@PostMapping(consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "createPlan",
			summary = "Find out what a change set, or what is declared, would do to the clusters, and change nothing",
			answer = PlanView.class, status = { 201, 202 }, write = true)
	ResponseEntity<byte[]> create(Caller caller, @RequestBody byte[] body, HttpServletRequest request) {
		return this.idempotency.once(caller, request, body, () -> {
			PlanBody asked = PlanBody.read(body, Formats.isYaml(request.getContentType()));
			this.writes.admit(caller, asked.items());
			Jobs.Job job = this.jobs.run(caller, Jobs.Task.PLAN, asked.request().json());
			if (!job.state().isFinal()) {
				return JobController.accepted(job, request);
			}
			Plans.Saved plan = visible(caller, job.id());
			return answer(HttpStatus.CREATED, plan).header("Location", Paths.BASE + "/plans/" + plan.id())
				.body(request, PlanView.of(plan, caller));
		});
	}

	@GetMapping("/{id}")
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "getPlan", summary = "Read a plan that was made within the last day", answer = PlanView.class)
	ResponseEntity<byte[]> get(Caller caller, @PathVariable UUID id, HttpServletRequest request) {
		Plans.Saved plan = visible(caller, id);
		return answer(HttpStatus.OK, plan).body(request, PlanView.of(plan, caller));
	}

	private static Answer answer(HttpStatus status, Plans.Saved plan) {
		return Answer.of(status).header("ETag", "\"" + plan.digest() + "\"");
	}

	/** Who made a plan sees it, and who may read something of what it is about. */
	private Plans.Saved visible(Caller caller, UUID id) {
		return this.plans.find(id)
			.filter((plan) -> plan.owner().equals(caller.name()) || plan.content()
				.units()
				.stream()
				.anyMatch((unit) -> caller.namespaces().includes(unit.namespace())))
			.orElseThrow(() -> ApiFailure.of(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is no plan " + id
					+ ", or it is older than a day, or nothing in it is yours to read; make a new one"));
	}

}
