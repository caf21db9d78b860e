package dev.meshwright.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.document.ShapeError;
import dev.meshwright.model.ObjectRef;

import org.springframework.http.HttpStatus;

/** The list {@code objects} of a body that names live objects as they were shown. */
final class NamedObjects {

	private NamedObjects() {
	}

	/**
	 * An object as a body names it.
	 *
	 * @param cluster the cluster it is on
	 * @param apiVersion its apiVersion
	 * @param kind its kind
	 * @param namespace its Kubernetes namespace, empty for none
	 * @param name its name
	 */
	record Named(String cluster, String apiVersion, String kind, String namespace, String name) {

		Optional<ObjectRef> ref() {
			return ObjectRef.of(this.apiVersion, this.kind, this.namespace, this.name);
		}

	}

	/**
	 * Refuses an empty list, an object twice, and what no renderer makes.
	 * @param objects the objects, in their order in the body
	 * @param shown what shows them
	 * @throws ApiFailure 400 with every error
	 */
	static void check(List<Named> objects, String shown) {
		List<ShapeError> errors = new ArrayList<>();
		Set<String> named = new HashSet<>();
		for (int index = 0; index < objects.size(); index++) {
			Named object = objects.get(index);
			String pointer = "/objects/" + index;
			Optional<ObjectRef> ref = object.ref();
			if (ref.isEmpty()) {
				errors.add(new ShapeError(pointer, "INVALID_VALUE",
						object.apiVersion() + " " + object.kind()
								+ (object.namespace().isEmpty() ? " without a namespace" : "")
								+ " is no object that Meshwright makes; repeat what " + shown + " shows"));
			}
			else if (!named.add(object.cluster() + " " + ref.get())) {
				errors.add(new ShapeError(pointer, "DUPLICATE", ref.get() + " is named twice; name it once"));
			}
		}
		if (objects.isEmpty()) {
			errors.add(new ShapeError("/objects", "EMPTY", "Name at least one object, as " + shown + " shows it"));
		}
		if (!errors.isEmpty()) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, errors);
		}
	}

}
