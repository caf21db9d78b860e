package dev.meshwright.api;

import java.util.List;
import java.util.Map;

import dev.meshwright.document.Json;
import dev.meshwright.document.ShapeError;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * What went wrong, as a problem detail (RFC 9457).
 *
 * @param type always {@code about:blank}: the status says what kind of problem it is
 * @param title the status in words
 * @param status the HTTP status
 * @param detail what is wrong, in one sentence
 * @param instance the path of the request
 * @param errors everything that is wrong, each with the place and how to mend it
 */
record Problem(String type, String title, int status, String detail, @Nullable String instance,
		List<ShapeError> errors) {

	static Problem of(ApiFailure failure) {
		return of(failure.status(), failure.getMessage(), failure.errors());
	}

	static Problem of(HttpStatusCode status, String detail, List<ShapeError> errors) {
		HttpStatus known = HttpStatus.resolve(status.value());
		return new Problem("about:blank", (known != null) ? known.getReasonPhrase() : "Error", status.value(), detail,
				pathAsked(), errors);
	}

	/** The path that was asked for, also when the container has dispatched to another. */
	private static @Nullable String pathAsked() {
		if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
			return null;
		}
		HttpServletRequest request = attributes.getRequest();
		return (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String asked) ? asked
				: request.getRequestURI();
	}

	static Problem of(HttpStatusCode status, String code, String message) {
		return of(status, message, List.of(new ShapeError("", code, message)));
	}

	byte[] bytes() {
		return Json.mapper().writeValueAsBytes(this);
	}

	ResponseEntity<Object> response(Map<String, String> headers) {
		return ResponseEntity.status(this.status)
			.headers((all) -> headers.forEach(all::set))
			.header("Cache-Control", "no-store")
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(bytes());
	}

}
