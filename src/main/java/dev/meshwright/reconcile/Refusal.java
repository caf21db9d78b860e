package dev.meshwright.reconcile;

import java.util.List;
import java.util.Map;

import dev.meshwright.document.Json;
import dev.meshwright.document.ShapeError;

/** Why a job that needs a cluster is not done, as its caller is told. */
final class Refusal extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	private final transient List<ShapeError> errors;

	/**
	 * A refusal.
	 * @param status the HTTP status that the caller gets
	 * @param errors everything that is wrong, at least one
	 */
	Refusal(int status, List<ShapeError> errors) {
		super(errors.getFirst().message(), null, false, false);
		this.status = status;
		this.errors = List.copyOf(errors);
	}

	Refusal(int status, String code, String message) {
		this(status, List.of(new ShapeError("", code, message)));
	}

	/** What is not there, or not for this caller: nobody learns which. */
	static Refusal notFound(Object what) {
		return new Refusal(404, "NOT_FOUND", what + " does not exist, or you may not see it");
	}

	/** As {@link dev.meshwright.store.Jobs#fail} wants it. */
	String problem() {
		return Json.mapper().writeValueAsString(Map.of("status", this.status, "errors", this.errors));
	}

}
