package dev.meshwright.document;

import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Spec;

/**
 * A spec bound to its record, or every reason why it could not be.
 *
 * @param spec the record; empty exactly when there are errors
 * @param errors everything that is wrong, in document order
 */
public record BoundSpec(Optional<Spec> spec, List<ShapeError> errors) {
}
