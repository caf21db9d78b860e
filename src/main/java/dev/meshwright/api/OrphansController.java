package dev.meshwright.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.meshwright.access.Requires;
import dev.meshwright.document.RecordBinder;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.Caller;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Orphans;
import dev.meshwright.store.Orphans.Fate;
import dev.meshwright.store.Orphans.Mismatch;
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

/**
 * What an operator decides about objects that are kept although nothing declares them.
 */
@RestController
@RequestMapping(path = Paths.BASE + "/clusters/{name}/orphans", produces = { Formats.JSON, Formats.YAML })
class OrphansController {

	private static final int LONGEST_REASON = 500;

	private final Resources resources;

	private final Orphans orphans;

	OrphansController(Resources resources, Orphans orphans) {
		this.resources = resources;
		this.orphans = orphans;
	}

	/**
	 * An orphaned object, as {@code objects?orphaned=true} shows it.
	 *
	 * @param apiVersion its apiVersion
	 * @param kind its kind
	 * @param namespace its Kubernetes namespace, empty for an object that lives in none
	 * @param name its name
	 * @param uid its uid
	 */
	record OrphanedObject(String apiVersion, String kind, String namespace, String name, String uid) {
	}

	/**
	 * What becomes of orphaned objects.
	 *
	 * @param objects the objects, at most 500
	 * @param forget true: they stay in the cluster and are no longer ours; otherwise the
	 * next push deletes them
	 * @param reason why, for the audit log; at most 500 characters
	 */
	record OrphanReleaseRequest(List<OrphanedObject> objects, @Nullable Boolean forget, String reason) {
	}

	/**
	 * What was decided.
	 *
	 * @param deleting how many objects are deleted by the next push
	 * @param forgotten how many objects are no longer ours
	 */
	record OrphanReleaseView(int deleting, int forgotten) {
	}

	@PostMapping(path = "/release", consumes = { Formats.JSON, Formats.YAML })
	@Requires(Permission.ADMINISTER)
	@Described(id = "releaseOrphans",
			summary = "Delete or forget objects that are kept although nothing declares them, naming each exactly",
			answer = OrphanReleaseView.class, status = 202, body = OrphanReleaseRequest.class, example = """
					{"reason": "Retired with the old canary controller", "objects": [{"apiVersion": "apps/v1",
					  "kind": "Deployment", "namespace": "shop", "name": "webapp-v1",
					  "uid": "6f1b2c9e-5a5b-4a4e-9d2f-0d6f4b1c2a77"}]}""")
	ResponseEntity<byte[]> release(Caller caller, @PathVariable String name, @RequestBody byte[] body,
			HttpServletRequest request) {
		OrphanReleaseRequest asked = RecordBinder.bind(OrphanReleaseRequest.class, Formats.document(body, request));
		Map<ObjectRef, String> objects = objects(asked, name);
		ResourceId cluster = Paths.id("clusters", "", name);
		this.resources.find(caller, cluster).orElseThrow(() -> ApiFailure.notFound(cluster));
		Fate fate = Boolean.TRUE.equals(asked.forget) ? Fate.FORGET : Fate.DELETE;
		Map<ObjectRef, Mismatch> mismatches = this.orphans.release(caller, name, objects, fate, asked.reason.strip());
		if (!mismatches.isEmpty()) {
			throw ApiFailure.of(HttpStatus.CONFLICT, errors(name, List.copyOf(objects.keySet()), mismatches));
		}
		return Answer.of(HttpStatus.ACCEPTED)
			.body(request, new OrphanReleaseView((fate == Fate.DELETE) ? objects.size() : 0,
					(fate == Fate.FORGET) ? objects.size() : 0));
	}

	private static Map<ObjectRef, String> objects(OrphanReleaseRequest asked, String cluster) {
		int length = asked.reason.strip().length();
		if (length == 0 || length > LONGEST_REASON) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, new ShapeError("/reason", "OUT_OF_RANGE",
					"Say why in 1 to " + LONGEST_REASON + " characters; the audit log keeps it"));
		}
		if (asked.objects.size() > PageLimit.MOST_ITEMS) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, new ShapeError("/objects", "TOO_LARGE",
					"At most " + PageLimit.MOST_ITEMS + " objects are released at once; send several requests"));
		}
		List<NamedObjects.Named> named = asked.objects.stream()
			.map((it) -> new NamedObjects.Named(cluster, it.apiVersion, it.kind, it.namespace, it.name))
			.toList();
		NamedObjects.check(named, "objects?orphaned=true of the Cluster");
		Map<ObjectRef, String> objects = new LinkedHashMap<>();
		for (int index = 0; index < named.size(); index++) {
			objects.put(named.get(index).ref().orElseThrow(), asked.objects.get(index).uid);
		}
		return objects;
	}

	private static List<ShapeError> errors(String cluster, List<ObjectRef> objects,
			Map<ObjectRef, Mismatch> mismatches) {
		List<ShapeError> errors = new ArrayList<>();
		mismatches.forEach((ref, mismatch) -> errors
			.add(new ShapeError("/objects/" + objects.indexOf(ref), code(mismatch), message(cluster, ref, mismatch)
					+ ". Nothing was released; read objects?orphaned=true of the Cluster again and decide on what it says")));
		return errors;
	}

	private static String code(Mismatch mismatch) {
		return switch (mismatch) {
			case NOT_KEPT, OTHER_UID -> "OTHER_FINDING";
			case NOT_ORPHANED -> "NOT_ORPHANED";
		};
	}

	private static String message(String cluster, ObjectRef ref, Mismatch mismatch) {
		return switch (mismatch) {
			case NOT_KEPT -> "Meshwright keeps no " + ref + " in cluster " + cluster;
			case OTHER_UID -> "The " + ref + " that Meshwright keeps in cluster " + cluster + " has another uid";
			case NOT_ORPHANED -> "The " + ref + " in cluster " + cluster
					+ " is not orphaned (any more): it is declared, or on its way out";
		};
	}

}
