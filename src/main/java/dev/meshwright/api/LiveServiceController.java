package dev.meshwright.api;

import java.util.Objects;

import dev.meshwright.access.Requires;
import dev.meshwright.compile.SyncGate;
import dev.meshwright.document.Json;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceDrift;
import dev.meshwright.model.ServiceEndpoints;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.store.Installation;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Resources;
import dev.meshwright.store.StoredResource;
import dev.meshwright.store.Units;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A service in the clusters: what is live there, and a comparison with it now. */
@RestController
@RequestMapping(path = Paths.BASE + "/namespaces/{namespace}/services/{name}",
		produces = { Formats.JSON, Formats.YAML })
class LiveServiceController {

	private final Resources resources;

	private final AwaitedJobs jobs;

	private final Units units;

	private final StatusViews statuses;

	private final Installation installation;

	LiveServiceController(Resources resources, AwaitedJobs jobs, Units units, StatusViews statuses,
			Installation installation) {
		this.installation = installation;
		this.resources = resources;
		this.jobs = jobs;
		this.units = units;
		this.statuses = statuses;
	}

	@GetMapping("/drift")
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "getServiceDrift", summary = "Read how live objects differ from what was pushed, field by field",
			answer = ServiceDrift.class, status = { 200, 202 })
	ResponseEntity<byte[]> drift(Caller caller, @PathVariable String namespace, @PathVariable String name,
			HttpServletRequest request) {
		return ask(caller, Jobs.Task.DRIFT, namespace, name, request);
	}

	@GetMapping("/endpoints")
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "getServiceEndpoints", summary = "Read the live endpoints of a service on each of its clusters",
			answer = ServiceEndpoints.class, status = { 200, 202 })
	ResponseEntity<byte[]> endpoints(Caller caller, @PathVariable String namespace, @PathVariable String name,
			HttpServletRequest request) {
		return ask(caller, Jobs.Task.ENDPOINTS, namespace, name, request);
	}

	private ResponseEntity<byte[]> ask(Caller caller, Jobs.Task task, String namespace, String name,
			HttpServletRequest request) {
		existing(caller, namespace, name);
		Jobs.Job job = this.jobs.run(caller, task, Json.mapper().writeValueAsString(new ServiceRef(namespace, name)));
		return job.state().isFinal() ? Answer.ok(request, Json.mapper().readTree(Objects.requireNonNull(job.result())))
				: JobController.accepted(job, request);
	}

	@PostMapping("/sync")
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "syncService", summary = "Compare a service with its clusters now, and set right what differs",
			answer = ResourceView.class, status = 202)
	ResponseEntity<byte[]> sync(Caller caller, @PathVariable String namespace, @PathVariable String name,
			HttpServletRequest request) {
		StoredResource stored = existing(caller, namespace, name);
		open(caller, namespace);
		this.units.sync(caller, new ServiceRef(namespace, name));
		return Answer.of(HttpStatus.ACCEPTED)
			.body(request, ResourceView.of(stored, this.statuses.of(stored.resource())));
	}

	/** What a namespace says for every cluster; of one cluster its status tells. */
	private void open(Caller caller, String namespace) {
		this.resources.find(caller, ResourceId.namespace(namespace))
			.map((stored) -> (NamespaceSpec) stored.resource().spec())
			.flatMap((spec) -> SyncGate.OPEN.and(namespace, spec, "").at(this.installation.now()))
			.filter((closed) -> !closed.manualSync())
			.ifPresent((closed) -> {
				throw ApiFailure.of(HttpStatus.CONFLICT, closed.pausing() ? "PAUSED" : "SYNC_WINDOW_CLOSED",
						closed.message() + "; read the drift of the service to compare it meanwhile");
			});
	}

	private StoredResource existing(Caller caller, String namespace, String name) {
		ResourceId id = Paths.id("services", namespace, name);
		return this.resources.find(caller, id).orElseThrow(() -> ApiFailure.notFound(id));
	}

}
