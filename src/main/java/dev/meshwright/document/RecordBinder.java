package dev.meshwright.document;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Binds a document that is no resource to a record, as strictly as a spec. */
public final class RecordBinder {

	private RecordBinder() {
	}

	/**
	 * Binds a document.
	 * @param type the record that says which fields there are
	 * @param document the document
	 * @throws MalformedDocument with every error and its pointer
	 */
	public static <T extends Record> T bind(Class<T> type, JsonNode document) {
		RecordBinding binding = new RecordBinding();
		@Nullable Object bound = binding.bind(type, document, "");
		List<ShapeError> errors = binding.errors();
		if (bound == null || !errors.isEmpty()) {
			throw new MalformedDocument(errors);
		}
		return type.cast(bound);
	}

}
