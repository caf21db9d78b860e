package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.document.RecordBinder;
import dev.meshwright.document.MalformedDocument;
import dev.meshwright.document.ShapeError;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Says why a revision is undone; the whole body may be missing.
 *
 * @param message why, for the history; at most 1,000 characters. Absent: which revision
 */
record UndoRequest(@Nullable String message) {

	/**
	 * Reads a body.
	 * @throws MalformedDocument with everything that is wrong
	 */
	static UndoRequest read(JsonNode body) {
		UndoRequest request = RecordBinder.bind(UndoRequest.class, body);
		List<ShapeError> errors = new ArrayList<>();
		RollbackRequest.checkMessage(request.message, errors);
		if (!errors.isEmpty()) {
			throw new MalformedDocument(errors);
		}
		return request;
	}

}
