package dev.meshwright.api;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.meshwright.document.MalformedDocument;
import dev.meshwright.document.Pointers;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.Kind;
import dev.meshwright.store.StoreFailure;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers every failure, the framework's too, with a problem detail. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class Problems extends ResponseEntityExceptionHandler {

	private static final Logger LOGGER = LoggerFactory.getLogger(Problems.class);

	@ExceptionHandler
	ResponseEntity<Object> refused(ApiFailure failure) {
		return Problem.of(failure).response(failure.headers());
	}

	@ExceptionHandler
	ResponseEntity<Object> malformed(MalformedDocument malformed) {
		return refused(ApiFailure.of(HttpStatus.BAD_REQUEST, malformed.errors()));
	}

	@ExceptionHandler
	ResponseEntity<Object> refusedByStore(StoreFailure failure) {
		return switch (failure) {
			case StoreFailure.NotFound notFound ->
				Problem.of(HttpStatus.NOT_FOUND, "NOT_FOUND", notFound.resource() + " does not exist")
					.response(Map.of());
			case StoreFailure.NoRevision none ->
				Problem.of(HttpStatus.NOT_FOUND, "NO_SUCH_REVISION", none.getMessage()).response(Map.of());
			case StoreFailure.Unreadable unreadable ->
				refused(unreadable(unreadable.resource().toString(), unreadable.revision()));
			case StoreFailure.TooFarBack tooFar -> Problem
				.of(HttpStatus.UNPROCESSABLE_CONTENT, "TOO_FAR_BACK",
						tooFar.getMessage()
								+ "; read the resources themselves with ?revision=, or a revision that is nearer")
				.response(Map.of());
			default ->
				Problem.of(HttpStatus.CONFLICT, "CONFLICT", "Something else was stored meanwhile; read and try again")
					.response(Map.of());
		};
	}

	@ExceptionHandler
	ResponseEntity<Object> unauthenticated(AuthenticationException failure) {
		return Problem
			.of(HttpStatus.UNAUTHORIZED, "UNAUTHENTICATED",
					"A valid token is needed: send the header Authorization: Bearer <token>")
			.response(Map.of());
	}

	@ExceptionHandler
	ResponseEntity<Object> denied(AccessDeniedException failure) {
		return Problem.of(HttpStatus.FORBIDDEN, "FORBIDDEN", String.valueOf(failure.getMessage())).response(Map.of());
	}

	/** The firewall looks at parameters and headers only when somebody asks for them. */
	@ExceptionHandler
	ResponseEntity<Object> rejected(RequestRejectedException failure) {
		return Problem
			.of(HttpStatus.BAD_REQUEST, "INVALID_CHARACTER",
					"A query parameter or a header contains characters that are not allowed, such as control"
							+ " characters; take them out")
			.response(Map.of());
	}

	/** Tomcat reads parameters late, when somebody asks for the first one. */
	@ExceptionHandler
	ResponseEntity<Object> unreadable(InvalidParameterException failure) {
		return Problem
			.of(HttpStatus.BAD_REQUEST, "INVALID_PARAMETER",
					"The query cannot be decoded; write every % that does not begin an escape as %25")
			.response(Map.of());
	}

	/**
	 * The database is away, is starting, or has no connection left. Whether a commit that
	 * got no answer happened is not known here.
	 */
	@ExceptionHandler({ TransientDataAccessException.class, NonTransientDataAccessResourceException.class,
			RecoverableDataAccessException.class })
	ResponseEntity<Object> withoutDatabase(RuntimeException failure) {
		LOGGER.warn("A call failed because the database did not answer: {}", failure.getMessage());
		return Problem
			.of(HttpStatus.SERVICE_UNAVAILABLE, "DATABASE_UNAVAILABLE",
					"The database does not answer at the moment. A write may have been stored all the same: send it"
							+ " again, which changes nothing if it was, or read the resource first")
			.response(Map.of(HttpHeaders.RETRY_AFTER, "5"));
	}

	@ExceptionHandler
	ResponseEntity<Object> unexpected(Exception failure) {
		LOGGER.error("A call failed for a reason that nobody foresaw", failure);
		return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "INTERNAL",
				"Something went wrong inside Meshwright; its log says what. Nothing is half stored: try again later")
			.response(Map.of());
	}

	@Override
	protected ResponseEntity<Object> handleExceptionInternal(Exception failure, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		if (status.is5xxServerError()) {
			LOGGER.error("A call failed", failure);
		}
		Map<String, String> kept = headers.headerNames()
			.stream()
			.collect(Collectors.toMap((name) -> name, (name) -> String.join(", ", headers.getOrEmpty(name))));
		return Problem.of(status, code(status), message(failure, status)).response(kept);
	}

	private static String code(HttpStatusCode status) {
		@Nullable HttpStatus known = HttpStatus.resolve(status.value());
		return (known != null) ? known.name() : "ERROR";
	}

	private static String message(Exception failure, HttpStatusCode status) {
		return switch (failure) {
			case HttpRequestMethodNotSupportedException method -> "The method " + method.getMethod()
					+ " is not known here; known are " + String.join(", ", orNone(method.getSupportedMethods()));
			case HttpMediaTypeNotSupportedException type ->
				"The content type is not supported; send one of " + type.getSupportedMediaTypes();
			case MethodArgumentTypeMismatchException mismatch ->
				mismatch.getName() + " must be " + expected(mismatch.getRequiredType()) + ", not "
						+ Pointers.shown(String.valueOf(mismatch.getValue()));
			default -> switch (status.value()) {
				case 404 -> "There is nothing at this path; known kinds are "
						+ Arrays.stream(Kind.values()).map(Kind::plural).collect(Collectors.joining(", "));
				case 406 -> "None of the accepted content types can be had; JSON and YAML can";
				case 400 -> "The request cannot be understood: a parameter is missing or has a wrong value, "
						+ "or the body is missing";
				default -> "The request is refused: " + code(status);
			};
		};
	}

	private static String expected(@Nullable Class<?> type) {
		return (type == null) ? "another value" : switch (type.getSimpleName()) {
			case "int", "Integer", "long", "Long" -> "a whole number";
			case "boolean", "Boolean" -> "true or false";
			case "UUID" -> "a UUID";
			default -> "another value";
		};
	}

	private static List<String> orNone(String @Nullable [] methods) {
		return (methods != null) ? List.of(methods) : List.of();
	}

	/**
	 * Why the past cannot be shown; {@code what} is named only to callers who may see it.
	 */
	static ApiFailure unreadable(String what, long revision) {
		return ApiFailure.of(HttpStatus.UNPROCESSABLE_CONTENT, "UNREADABLE",
				what + " as it was at revision " + revision
						+ " cannot be read by this version of Meshwright, whose model"
						+ " is another; the diff of the revision that stored it shows it as it was sent");
	}

	/** One error without a place. */
	static ShapeError error(String code, String message) {
		return new ShapeError("", code, message);
	}

}
