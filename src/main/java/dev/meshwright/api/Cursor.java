package dev.meshwright.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

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
		String text = String.join("\n", last.namespace(), last.name(), Integer.toHexString(list.hashCode()));
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * The resource after which to go on.
	 * @param token the token, null for the first page
	 * @param list what is listed, with every filter
	 * @throws ApiFailure 400 when it was not made for this list
	 */
	static @Nullable ResourceId read(@Nullable String token, Kind kind, String list) {
		if (token == null || token.isEmpty()) {
			return null;
		}
		try {
			List<String> parts = List
				.of(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split("\n", -1));
			boolean sound = parts.size() == 3 && parts.get(2).equals(Integer.toHexString(list.hashCode()))
					&& DnsNames.isSubdomain(parts.get(1)) && kind.scope().admits(parts.get(0));
			if (sound && (parts.get(0).isEmpty() || DnsNames.isLabel(parts.get(0)))) {
				return new ResourceId(kind, parts.get(0), parts.get(1));
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
