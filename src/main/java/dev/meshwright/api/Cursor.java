package dev.meshwright.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.DnsNames;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * Where a list goes on: the last resource of the page before, bound to the list it was
 * made for. Opaque to callers.
 */
final class Cursor {

	private Cursor() {
	}

	static String of(ResourceId last, String list) {
		String text = String.join("\n", last.kind().toString(), last.namespace(), last.name(),
				Integer.toHexString(list.hashCode()));
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * The resource after which to go on.
	 * @param token the token, null for the first page
	 * @param list what is listed, with every filter
	 * @throws ApiFailure 400 when it was not made for this list
	 */
	static @Nullable ResourceId read(@Nullable String token, String list) {
		if (token == null || token.isEmpty()) {
			return null;
		}
		try {
			List<String> parts = List
				.of(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split("\n", -1));
			Optional<Kind> kind = Kind.named(parts.getFirst());
			if (parts.size() == 4 && parts.get(3).equals(Integer.toHexString(list.hashCode())) && kind.isPresent()
					&& kind.get().scope().admits(parts.get(1)) && DnsNames.isSubdomain(parts.get(2))
					&& (parts.get(1).isEmpty() || DnsNames.isLabel(parts.get(1)))) {
				return new ResourceId(kind.get(), parts.get(1), parts.get(2));
			}
		}
		catch (IllegalArgumentException _) {
			return refuse();
		}
		return refuse();
	}

	private static ResourceId refuse() {
		throw ApiFailure.of(HttpStatus.BAD_REQUEST, "INVALID_CONTINUE",
				"continue is not a token of this list; take it from metadata.continue with the same filters, or leave it "
						+ "out to begin again");
	}

}
