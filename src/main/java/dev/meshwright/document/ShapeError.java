package dev.meshwright.document;

/**
 * A document that is not of the shape its kind asks for.
 *
 * @param pointer JSON pointer from the document's root
 * @param code what is wrong, for programs, such as {@code UNKNOWN_FIELD}
 * @param message what is wrong and how to mend it
 */
public record ShapeError(String pointer, String code, String message) {
}
