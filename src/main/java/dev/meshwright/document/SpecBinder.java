package dev.meshwright.document;

import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Kind;
import dev.meshwright.model.Spec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Binds the {@code spec} of a document to the record of its kind, strictly, collecting
 * every error.
 */
public final class SpecBinder {

	private SpecBinder() {
	}

	/**
	 * Binds a spec.
	 * @param kind the document's kind
	 * @param spec the value of {@code /spec}
	 * @return the record, or every error with a pointer that starts with {@code /spec}
	 */
	public static BoundSpec bind(Kind kind, JsonNode spec) {
		RecordBinding binding = new RecordBinding();
		@Nullable Object bound = binding.bind(kind.specType(), spec, "/spec");
		List<ShapeError> errors = binding.errors();
		return errors.isEmpty() ? new BoundSpec(Optional.of(kind.specType().cast(bound)), List.of())
				: new BoundSpec(Optional.empty(), errors);
	}

	/**
	 * Reads a spec that was bound before it was stored, leniently: a field that this
	 * version does not know is passed over, so that an older replica can read what a
	 * newer one stored.
	 */
	public static Spec stored(Kind kind, JsonNode spec) {
		return Json.mapper().treeToValue(spec, kind.specType());
	}

}
