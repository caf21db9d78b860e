package dev.meshwright.api;

import java.util.List;
import java.util.Objects;

import dev.meshwright.access.Requires;
import dev.meshwright.document.Json;
import dev.meshwright.document.RecordBinder;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.ownership.AdoptedObject;
import dev.meshwright.model.ownership.AdoptionRequest;
import dev.meshwright.model.ownership.ServiceAdoption;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Resources;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes over live objects that a service's manifests name and that are not ours. */
@RestController
@RequestMapping(path = Paths.BASE + "/namespaces/{namespace}/services/{name}",
		produces = { Formats.JSON, Formats.YAML })
class AdoptionController {

	private final Resources resources;

	private final AwaitedJobs jobs;

	AdoptionController(Resources resources, AwaitedJobs jobs) {
		this.resources = resources;
		this.jobs = jobs;
	}

	/**
	 * What is to be taken over, as {@code dryRun=true} shows it.
	 *
	 * @param objects the objects, each with its uid and with every field that others lose
	 */
	record AdoptionBody(List<AdoptedObject> objects) {
	}

	@PostMapping(path = "/adopt", consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "adoptService",
			summary = "Take over objects and fields that stand in a service's way, naming exactly what dryRun=true shows",
			answer = ServiceAdoption.class, status = { 200, 202 }, body = AdoptionBody.class, example = """
					{"objects": [{"cluster": "east", "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop",
					  "name": "webapp-v1", "uid": "6f1b2c9e-5a5b-4a4e-9d2f-0d6f4b1c2a77",
					  "fields": [".spec.replicas"]}]}""")
	ResponseEntity<byte[]> adopt(Caller caller, @PathVariable String namespace, @PathVariable String name,
			@RequestParam(defaultValue = "false") boolean dryRun, @RequestBody(required = false) byte @Nullable [] body,
			HttpServletRequest request) {
		ServiceRef service = new ServiceRef(namespace, name);
		List<AdoptedObject> objects = (dryRun && body == null) ? null : objects(body, request);
		ResourceId id = Paths.id("services", namespace, name);
		this.resources.find(caller, id).orElseThrow(() -> ApiFailure.notFound(id));
		AuditLog.Origin origin = AuditLog.Origin.CURRENT.orElse(new AuditLog.Origin("adoptService", ""));
		Jobs.Job job = this.jobs.run(caller, Jobs.Task.ADOPT,
				Json.mapper()
					.writeValueAsString(
							new AdoptionRequest(service, dryRun, objects, origin.action(), origin.remoteAddress())));
		return job.state().isFinal() ? Answer.ok(request, Json.mapper().readTree(Objects.requireNonNull(job.result())))
				: JobController.accepted(job, request);
	}

	private static List<AdoptedObject> objects(byte @Nullable [] body, HttpServletRequest request) {
		AdoptionBody asked = RecordBinder.bind(AdoptionBody.class,
				Formats.document((body != null) ? body : new byte[0], request));
		NamedObjects.check(asked.objects.stream()
			.map((it) -> new NamedObjects.Named(it.cluster(), it.apiVersion(), it.kind(), it.namespace(), it.name()))
			.toList(), "dryRun=true");
		return asked.objects;
	}

}
