package dev.meshwright.document;

import java.util.List;

/** A text that is not one well-formed document, or not the shape that was asked for. */
public final class MalformedDocument extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<ShapeError> errors;

	public MalformedDocument(List<ShapeError> errors) {
		super(errors.toString(), null, false, false);
		this.errors = List.copyOf(errors);
	}

	MalformedDocument(String code, String message) {
		this(List.of(new ShapeError("", code, message)));
	}

	/** Everything that is wrong. */
	public List<ShapeError> errors() {
		return this.errors;
	}

}
