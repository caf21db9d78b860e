package dev.meshwright.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.meshwright.document.MalformedDocument;
import dev.meshwright.model.Caller;
import dev.meshwright.store.IdempotencyKeys;
import dev.meshwright.store.StoreFailure;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Does a POST that carries an {@code Idempotency-Key} once, however often it is sent. */
@Component
class Idempotency {

	/** What every answer gets in any case. */
	private static final Set<String> SET_ANEW = Set.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.CACHE_CONTROL);

	private final IdempotencyKeys keys;

	Idempotency(IdempotencyKeys keys) {
		this.keys = keys;
	}

	/**
	 * Does the work, or answers as it was answered before.
	 * @throws ApiFailure 422 when the key was used for another request, 409 while the
	 * first one is still at work
	 */
	ResponseEntity<byte[]> once(Caller caller, HttpServletRequest request, byte[] body,
			Supplier<ResponseEntity<byte[]>> work) {
		@Nullable String key = request.getHeader("Idempotency-Key");
		if (key == null) {
			return work.get();
		}
		if (!key.matches("[\\x21-\\x7e]{1,255}")) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, "INVALID_HEADER",
					"Idempotency-Key must be 1 to 255 visible ASCII characters");
		}
		Optional<IdempotencyKeys.Known> known = this.keys.claim(caller.name(), key, hash(request, body));
		return known.map(Idempotency::replay).orElseGet(() -> first(caller, key, work));
	}

	private ResponseEntity<byte[]> first(Caller caller, String key, Supplier<ResponseEntity<byte[]>> work) {
		try {
			ResponseEntity<byte[]> answer = work.get();
			this.keys.complete(caller.name(), key, stored(answer));
			return answer;
		}
		catch (ApiFailure | MalformedDocument | StoreFailure ex) {
			// Refused, and so without effect: the same key may be used to try again.
			this.keys.release(caller.name(), key);
			throw ex;
		}
	}

	private static IdempotencyKeys.Stored stored(ResponseEntity<byte[]> answer) {
		byte[] bytes = Objects.requireNonNullElse(answer.getBody(), new byte[0]);
		Map<String, List<String>> headers = new TreeMap<>();
		answer.getHeaders().forEach(headers::put);
		SET_ANEW.forEach(headers::remove);
		return new IdempotencyKeys.Stored(answer.getStatusCode().value(),
				String.valueOf(answer.getHeaders().getContentType()), headers,
				new String(bytes, StandardCharsets.UTF_8));
	}

	private static ResponseEntity<byte[]> replay(IdempotencyKeys.Known known) {
		if (!known.sameRequest()) {
			throw ApiFailure.of(HttpStatus.UNPROCESSABLE_CONTENT, "IDEMPOTENCY_KEY_REUSED",
					"This Idempotency-Key was used for another request; use a new one");
		}
		IdempotencyKeys.Stored answer = known.answer()
			.orElseThrow(() -> ApiFailure.of(HttpStatus.CONFLICT, "IN_PROGRESS",
					"The first request with this Idempotency-Key has not been answered; try again later"));
		Answer replayed = Answer.of(HttpStatus.valueOf(answer.status())).header("Idempotency-Replayed", "true");
		answer.headers().forEach((name, values) -> replayed.headers(name, values.toArray(String[]::new)));
		return replayed.raw(MediaType.parseMediaType(answer.contentType()),
				answer.body().getBytes(StandardCharsets.UTF_8));
	}

	private static byte[] hash(HttpServletRequest request, byte[] body) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update((request.getMethod() + " " + request.getRequestURI() + "?" + request.getQueryString() + "\n")
				.getBytes(StandardCharsets.UTF_8));
			return digest.digest(body);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java has SHA-256", ex);
		}
	}

}
