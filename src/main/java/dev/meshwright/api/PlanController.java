package dev.meshwright.api;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.meshwright.access.Requires;
import dev.meshwright.document.Json;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.PlanRequest;
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
			this.writes.inTime(asked.items());
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

	@PostMapping("/{id}/apply")
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "applyPlan",
			summary = "Do what a plan says, if nothing that it rests on has changed since; once, however often it is sent",
			answer = PlanView.class, status = { 200, 202 }, write = true)
	ResponseEntity<byte[]> apply(Caller caller, @PathVariable UUID id, HttpServletRequest request) {
		return this.idempotency.once(caller, request, new byte[0], () -> {
			Plans.Saved plan = visible(caller, id);
			List<Writes.Item> items = items(plan);
			permitted(caller, plan, items);
			if (plan.appliedAt() == null) {
				this.writes.inTime(items);
				Jobs.Job job = this.jobs.run(caller, Jobs.Task.APPLY_PLAN, application(id));
				if (!job.state().isFinal()) {
					return JobController.accepted(job, request);
				}
			}
			Plans.Saved applied = visible(caller, id);
			return answer(HttpStatus.OK, applied).body(request, PlanView.of(applied, caller));
		});
	}

	/** The change set of a plan, which is not in the body that applies it. */
	private static List<Writes.Item> items(Plans.Saved plan) {
		return PlanRequest.read(plan.request())
			.changes()
			.stream()
			.map((change) -> new Writes.Item(change, null, HttpStatus.CONFLICT))
			.toList();
	}

	/** Only who could write a change set may apply its plan. */
	private void permitted(Caller caller, Plans.Saved plan, List<Writes.Item> items) {
		this.writes.admit(caller, items);
		boolean everywhere = plan.content()
			.units()
			.stream()
			.allMatch((unit) -> caller.namespaces().includes(unit.namespace()));
		if (items.isEmpty() && !everywhere) {
			throw ApiFailure.of(HttpStatus.FORBIDDEN, "FORBIDDEN",
					"The plan is about namespaces that you may not write; plan those that you may");
		}
	}

	private static String application(UUID id) {
		AuditLog.Origin origin = AuditLog.Origin.CURRENT.orElse(new AuditLog.Origin("applyPlan", ""));
		return Json.mapper()
			.writeValueAsString(Map.of("plan", id, "action", origin.action(), "remoteAddress", origin.remoteAddress()));
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
