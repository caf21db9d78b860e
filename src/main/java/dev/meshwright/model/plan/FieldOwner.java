package dev.meshwright.model.plan;

/**
 * A field that another field manager has and that we never pushed.
 *
 * @param manager the field manager's name
 * @param field the field as the API server writes it, such as {@code .spec.replicas}
 */
public record FieldOwner(String manager, String field) {
}
