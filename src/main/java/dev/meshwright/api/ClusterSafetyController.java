package dev.meshwright.api;

import java.util.List;
import java.util.Optional;

import dev.meshwright.access.Requires;
import dev.meshwright.document.RecordBinder;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Deletions;
import dev.meshwright.store.Halts;
import dev.meshwright.store.Halts.Finding;
import dev.meshwright.store.Resources;
import dev.meshwright.store.StoredResource;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an operator decides when Meshwright does not dare to go on by itself. */
@RestController
@RequestMapping(path = Paths.BASE + "/clusters/{name}", produces = { Formats.JSON, Formats.YAML })
class ClusterSafetyController {

	private final Resources resources;

	private final Halts halts;

	private final Deletions deletions;

	private final StatusViews statuses;

	ClusterSafetyController(Resources resources, Halts halts, Deletions deletions, StatusViews statuses) {
		this.deletions = deletions;
		this.resources = resources;
		this.halts = halts;
		this.statuses = statuses;
	}

	/**
	 * What was found in a halted cluster, as {@code status.cluster.halt} shows it.
	 *
	 * @param clusterUid the uid of the cluster's kube-system namespace
	 * @param installation the installation that has pushed there; absent where the halt
	 * names none
	 * @param revision the revision that it has pushed; absent where the halt names none
	 */
	record AdoptionRequest(String clusterUid, @Nullable String installation, @Nullable Long revision) {
	}

	@PostMapping(path = "/adopt", consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.ADMINISTER)
	@Described(id = "adoptCluster", summary = "Release a halted cluster, naming exactly what was found there",
			answer = ResourceView.class, status = 202, body = AdoptionRequest.class, example = """
					{"clusterUid": "6f1b2c9e-5a5b-4a4e-9d2f-0d6f4b1c2a77",
					 "installation": "0b9c7f0e-64f1-4c1e-8a35-2c1d5f6a7b88", "revision": 4711}""")
	ResponseEntity<byte[]> adopt(Caller caller, @PathVariable String name, @RequestBody byte[] body,
			HttpServletRequest request) {
		AdoptionRequest asked = RecordBinder.bind(AdoptionRequest.class, Formats.document(body, request));
		StoredResource stored = existing(caller, name);
		Finding finding = new Finding(asked.clusterUid, asked.installation, asked.revision);
		if (!this.halts.release(caller, name, finding)) {
			Optional<Halts.Halt> halt = Optional.ofNullable(this.halts.of(List.of(name)).get(name));
			throw halt
				.map((it) -> ApiFailure.of(HttpStatus.CONFLICT, "OTHER_FINDING",
						"That is not what was found in cluster " + name
								+ "; read status.cluster.halt again and decide on what it says now: " + it.message()))
				.orElseGet(() -> ApiFailure.of(HttpStatus.CONFLICT, "NOT_HALTED",
						"Cluster " + name + " is not halted; there is nothing to release"));
		}
		return Answer.of(HttpStatus.ACCEPTED)
			.body(request, ResourceView.of(stored, this.statuses.of(stored.resource())));
	}

	@GetMapping("/held-deletes")
	@Requires(Permission.ADMINISTER)
	@Described(id = "getHeldDeletes", summary = "Read what is to be deleted on a cluster, and whether it is held",
			answer = HeldDeletesView.class)
	ResponseEntity<byte[]> heldDeletes(Caller caller, @PathVariable String name, HttpServletRequest request) {
		existing(caller, name);
		return Answer.ok(request,
				HeldDeletesView.of(this.deletions.pending(name), this.deletions.doomed(name, HeldDeletesView.MOST)));
	}

	/**
	 * The deletions that are released, as {@code held-deletes} shows them.
	 *
	 * @param revision the newest revision whose deletions are released
	 * @param deletes how many objects go by it
	 */
	record ReleaseRequest(long revision, int deletes) {
	}

	@PostMapping(path = "/held-deletes/release", consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.ADMINISTER)
	@Described(id = "releaseHeldDeletes", summary = "Let held deletions go on, naming exactly how many",
			answer = HeldDeletesView.class, status = 202, body = ReleaseRequest.class,
			example = "{\"revision\": 4711, \"deletes\": 350}")
	ResponseEntity<byte[]> release(Caller caller, @PathVariable String name, @RequestBody byte[] body,
			HttpServletRequest request) {
		ReleaseRequest asked = RecordBinder.bind(ReleaseRequest.class, Formats.document(body, request));
		existing(caller, name);
		int found = this.deletions.release(caller, name, asked.revision, asked.deletes);
		if (found != asked.deletes || found == 0) {
			throw ApiFailure.of(HttpStatus.CONFLICT, "OTHER_FINDING",
					"Up to revision " + asked.revision + ", " + found + " objects are to go on cluster " + name
							+ " and are not released; read held-deletes again and decide on what it says now");
		}
		return Answer.of(HttpStatus.ACCEPTED)
			.body(request, HeldDeletesView.of(this.deletions.pending(name), this.deletions.doomed(name, 0)));
	}

	private StoredResource existing(Caller caller, String name) {
		ResourceId id = ResourceId.cluster(name);
		return this.resources.find(caller, id).orElseThrow(() -> ApiFailure.notFound(id));
	}

}
