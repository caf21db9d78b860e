package dev.meshwright.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.meshwright.document.ShapeError;
import dev.meshwright.model.ResourceId;

import org.springframework.http.HttpStatus;

/** Why a call is refused, as its caller is told. */
final class ApiFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final HttpStatus status;

	private final transient List<ShapeError> errors;

	private final transient Map<String, String> headers;

	private ApiFailure(HttpStatus status, String detail, List<ShapeError> errors, Map<String, String> headers) {
		super(detail, null, false, false);
		this.status = status;
		this.errors = List.copyOf(errors);
		this.headers = Map.copyOf(headers);
	}

	static ApiFailure of(HttpStatus status, List<ShapeError> errors) {
		ShapeError first = errors.getFirst();
		String place = Objects.requireNonNullElse(first.resource(), "") + first.pointer();
		String detail = (place.isEmpty() ? "" : place + ": ") + first.message()
				+ ((errors.size() > 1) ? " (and " + (errors.size() - 1) + " more)" : "");
		return new ApiFailure(status, detail, errors, Map.of());
	}

	static ApiFailure of(HttpStatus status, ShapeError error) {
		return of(status, List.of(error));
	}

	static ApiFailure of(HttpStatus status, String code, String message) {
		return of(status, new ShapeError("", code, message));
	}

	/** A resource is not there, or not for this caller: nobody learns which. */
	static ApiFailure notFound(ResourceId id) {
		return of(HttpStatus.NOT_FOUND, "NOT_FOUND", id + " does not exist, or you may not see it");
	}

	/** The same with a header on the answer. */
	ApiFailure with(String header, String value) {
		return new ApiFailure(this.status, getMessage(), this.errors, Map.of(header, value));
	}

	HttpStatus status() {
		return this.status;
	}

	List<ShapeError> errors() {
		return this.errors;
	}

	Map<String, String> headers() {
		return this.headers;
	}

	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

}
