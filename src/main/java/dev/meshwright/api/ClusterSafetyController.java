package dev.meshwright.api;

import java.util.List;
import java.util.Optional;

import dev.meshwright.access.Requires;
import dev.meshwright.document.RecordBinder;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Halts;
import dev.meshwright.store.Halts.Finding;
import dev.meshwright.store.Resources;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
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

	private final StatusViews statuses;

	ClusterSafetyController(Resources resources, Halts halts, StatusViews statuses) {
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
		ResourceId id = ResourceId.cluster(name);
		var stored = this.resources.find(caller, id)
			.orElseThrow(() -> ApiFailure.of(HttpStatus.NOT_FOUND, "NOT_FOUND",
					id + " does not exist, or you may not see it"));
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

}
