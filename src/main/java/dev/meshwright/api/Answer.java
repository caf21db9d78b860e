package dev.meshwright.api;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Builds answers: never cached, in the format that the caller asked for. */
final class Answer {

	private final HttpStatus status;

	private final HttpHeaders headers = new HttpHeaders();

	private Answer(HttpStatus status) {
		this.status = status;
	}

	static Answer of(HttpStatus status) {
		return new Answer(status);
	}

	static ResponseEntity<byte[]> ok(HttpServletRequest request, Object view) {
		return of(HttpStatus.OK).body(request, view);
	}

	Answer header(String name, String value) {
		this.headers.set(name, value);
		return this;
	}

	/** Adds one header line for each value. */
	Answer headers(String name, String... values) {
		for (String value : values) {
			this.headers.add(name, value);
		}
		return this;
	}

	ResponseEntity<byte[]> body(HttpServletRequest request, Object view) {
		MediaType type = Formats.preferred(request);
		return raw(type, Formats.write(view, type));
	}

	ResponseEntity<byte[]> raw(MediaType type, byte[] bytes) {
		return ResponseEntity.status(this.status)
			.headers(this.headers)
			.header("Cache-Control", "no-store")
			.contentType(type)
			.body(bytes);
	}

}
