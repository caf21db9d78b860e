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

/**
 * Resources that live in no namespace: clusters, namespaces, and the platform's default
 * policies.
 */
@RestController
@RequestMapping(path = Paths.BASE + "/" + Paths.GLOBAL + "/{name}", produces = { Formats.JSON, Formats.YAML })
class GlobalResourceController {

	private final ResourceOperations operations;

	GlobalResourceController(ResourceOperations operations) {
		this.operations = operations;
	}

	@GetMapping
	@Requires(Permission.READ_RESOURCES)
	@Described(id = "get", summary = "Read a {kind}", answer = ResourceView.class)
	ResponseEntity<byte[]> get(Caller caller, @PathVariable String kind, @PathVariable String name,
			@RequestParam(required = false) @Nullable Long revision, HttpServletRequest request) {
		return this.operations.get(caller, Paths.id(kind, "", name), revision, request);
	}

	@PutMapping(consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.ADMINISTER)
	@Described(id = "put", summary = "Declare a {kind}: create or replace it", answer = ResourceView.class,
			status = { 200, 201, 202 }, write = true)
	ResponseEntity<byte[]> put(Caller caller, @PathVariable String kind, @PathVariable String name,
			@RequestBody byte[] body, @RequestParam(defaultValue = "false") boolean dryRun,
			HttpServletRequest request) {
		return this.operations.put(caller, Paths.id(kind, "", name), body, dryRun, request);
	}

	@PatchMapping(consumes = { "application/merge-patch+json", "application/json-patch+json" })
	@Requires(Permission.ADMINISTER)
	@Described(id = "patch", summary = "Change a {kind} by a JSON merge patch or JSON patch",
			answer = ResourceView.class, status = { 200, 202 }, write = true)
	ResponseEntity<byte[]> patch(Caller caller, @PathVariable String kind, @PathVariable String name,
			@RequestBody byte[] body, @RequestParam(defaultValue = "false") boolean dryRun,
			HttpServletRequest request) {
		return this.operations.patch(caller, Paths.id(kind, "", name), body, dryRun, request);
	}

	@DeleteMapping
	@Requires(Permission.ADMINISTER)
	@Described(id = "delete", summary = "Take a {kind} out of desired state", answer = ResourceView.class,
			status = { 202, 200 }, write = true)
	ResponseEntity<byte[]> delete(Caller caller, @PathVariable String kind, @PathVariable String name,
			@RequestParam(defaultValue = "false") boolean dryRun, @RequestParam(defaultValue = "false") boolean orphan,
			HttpServletRequest request) {
		return this.operations.delete(caller, Paths.id(kind, "", name), dryRun, orphan, request);
	}

}
