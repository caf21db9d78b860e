package dev.meshwright.api;

import dev.meshwright.access.Requires;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Resources that live in a namespace. */
@RestController
@RequestMapping(path = Paths.BASE + "/namespaces/{namespace}/" + Paths.NAMESPACED + "/{name}",
		produces = { Formats.JSON, Formats.YAML })
class ResourceController {

	private final ResourceOperations operations;

	ResourceController(ResourceOperations operations) {
		this.operations = operations;
	}

	@GetMapping
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "get", summary = "Read a {kind}", answer = ResourceView.class)
	ResponseEntity<byte[]> get(Caller caller, @PathVariable String kind, @PathVariable String namespace,
			@PathVariable String name, @RequestParam(required = false) @Nullable Long revision,
			HttpServletRequest request) {
		return this.operations.get(caller, Paths.id(kind, namespace, name), revision, request);
	}

	@PutMapping(consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "put", summary = "Declare a {kind}: create or replace it", answer = ResourceView.class,
			status = { 200, 201, 202 }, write = true)
	ResponseEntity<byte[]> put(Caller caller, @PathVariable String kind, @PathVariable String namespace,
			@PathVariable String name, @RequestBody byte[] body, @RequestParam(defaultValue = "false") boolean dryRun,
			HttpServletRequest request) {
		return this.operations.put(caller, Paths.id(kind, namespace, name), body, dryRun, request);
	}

	@PatchMapping(consumes = { "application/merge-patch+json", "application/json-patch+json" })
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "patch", summary = "Change a {kind} by a JSON merge patch or JSON patch",
			answer = ResourceView.class, status = { 200, 202 }, write = true)
	ResponseEntity<byte[]> patch(Caller caller, @PathVariable String kind, @PathVariable String namespace,
			@PathVariable String name, @RequestBody byte[] body, @RequestParam(defaultValue = "false") boolean dryRun,
			HttpServletRequest request) {
		return this.operations.patch(caller, Paths.id(kind, namespace, name), body, dryRun, request);
	}

	@DeleteMapping
	@Requires(Permission.WRITE_RESOURCES)
	@Described(id = "delete", summary = "Take a {kind} out of desired state", answer = ResourceView.class,
			status = { 202, 200 }, write = true)
	ResponseEntity<byte[]> delete(Caller caller, @PathVariable String kind, @PathVariable String namespace,
			@PathVariable String name, @RequestParam(defaultValue = "false") boolean dryRun,
			@RequestParam(defaultValue = "false") boolean orphan, HttpServletRequest request) {
		return this.operations.delete(caller, Paths.id(kind, namespace, name), dryRun, orphan, request);
	}

}
