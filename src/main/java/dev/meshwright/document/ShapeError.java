package dev.meshwright.document;

import org.jspecify.annotations.Nullable;

/**
 * A document that is not of the shape its kind asks for.
 *
 * @param pointer JSON pointer from the document's root
 * @param code what is wrong, for programs, such as {@code UNKNOWN_FIELD}
 * @param message what is wrong and how to mend it
 * @param resource the resource in whose document the pointer points, when that is not the
 * document sent
 */
public record ShapeError(String pointer, String code, String message, @Nullable String resource) {

	public ShapeError(String pointer, String code, String message) {
		this(pointer, code, message, null);
	}

}
