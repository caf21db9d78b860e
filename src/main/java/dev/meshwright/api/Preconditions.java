package dev.meshwright.api;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.meshwright.document.Envelope;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.StoredResource;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * What a request says must hold of the stored resource: headers answer 412 when it does
 * not, the body 409.
 *
 * @param precondition what must hold
 * @param failure the status when it does not
 */
record Preconditions(Precondition precondition, HttpStatus failure) {

	private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([\\x21\\x23-\\x7e]*)\"\\s*");

	/**
	 * Reads the headers, which win, or else what the body says.
	 * @param current looks up what is stored, for a header that speaks of it
	 */
	static Preconditions of(HttpServletRequest request, Supplier<Optional<StoredResource>> current,
			Optional<Envelope> body) {
		Precondition header = header(request, current);
		Precondition said = body.map(Preconditions::of).orElse(Precondition.NONE);
		if (header == Precondition.NONE) {
			return new Preconditions(said, HttpStatus.CONFLICT);
		}
		if (said.resourceVersion() != null && !said.resourceVersion().equals(header.resourceVersion())) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, "CONTRADICTION",
					"metadata.resourceVersion and the If-Match or If-None-Match header differ; send one of them");
		}
		return new Preconditions(new Precondition(header.resourceVersion(),
				(said.uid() != null) ? said.uid() : header.uid(), header.absent()), HttpStatus.PRECONDITION_FAILED);
	}

	static Precondition of(Envelope envelope) {
		return (envelope.resourceVersion().isEmpty() && envelope.uid().isEmpty()) ? Precondition.NONE
				: new Precondition(envelope.resourceVersion().orElse(null), envelope.uid().orElse(null), false);
	}

	private static Precondition header(HttpServletRequest request, Supplier<Optional<StoredResource>> current) {
		@Nullable String noneMatch = request.getHeader("If-None-Match");
		@Nullable String match = request.getHeader("If-Match");
		if (noneMatch != null) {
			if (match != null || !noneMatch.trim().equals("*")) {
				throw ApiFailure.of(HttpStatus.BAD_REQUEST, "INVALID_HEADER",
						"If-None-Match can only be *, and not together with If-Match");
			}
			return new Precondition(null, null, true);
		}
		if (match == null) {
			return Precondition.NONE;
		}
		StoredResource stored = current.get()
			.filter((found) -> found.resource().metadata().deletionTimestamp() == null)
			.orElseThrow(() -> failed("the resource does not exist"));
		if (match.trim().equals("*")) {
			return new Precondition(null, stored.resource().metadata().uid().toString(), false);
		}
		String version = stored.resource().metadata().resourceVersion();
		if (!tags(match).contains(version)) {
			throw failed("its ETag is \"" + version + "\"");
		}
		return new Precondition(version, null, false);
	}

	private static List<String> tags(String header) {
		return Arrays.stream(header.split(",", -1)).map((tag) -> {
			Matcher matcher = TAG.matcher(tag);
			if (!matcher.matches()) {
				throw ApiFailure.of(HttpStatus.BAD_REQUEST, "INVALID_HEADER",
						"If-Match must be * or ETags in quotes, such as \"42\"");
			}
			// A weak tag never matches where strong ones are compared (RFC 9110, 13.1.1).
			return (matcher.group(1) != null) ? "" : matcher.group(2);
		}).toList();
	}

	private static ApiFailure failed(String why) {
		return ApiFailure.of(HttpStatus.PRECONDITION_FAILED, "PRECONDITION_FAILED",
				"If-Match does not hold: " + why + "; read the resource and decide again");
	}

}
