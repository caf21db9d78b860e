package dev.meshwright.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.DnsNames;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * Where a list goes on: the last resource or object of the page before, bound to the list
 * it was made for. Opaque to callers.
 */
final class Cursor {

	private Cursor() {
	}

	static String of(ResourceId last, String list) {
		return token(last.kind(), last.namespace(), last.name(), list);
	}

	static String of(ObjectRef last, String list) {
		return token(last.kind(), last.namespace(), last.name(), list);
	}

	private static String token(Object kind, String namespace, String name, String list) {
		String text = String.join("\n", kind.toString(), namespace, name, Integer.toHexString(list.hashCode()));
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * The resource after which to go on.
	 * @param token the token, null for the first page
	 * @param list what is listed, with every filter
	 * @throws ApiFailure 400 when it was not made for this list
	 */
	static @Nullable ResourceId read(@Nullable String token, String list) {
		return position(token, list)
			.map((at) -> Kind.named(at.kind)
				.filter((kind) -> kind.scope().admits(at.namespace))
				.map((kind) -> new ResourceId(kind, at.namespace, at.name))
				.orElseThrow(Cursor::refusal))
			.orElse(null);
	}

	/** The same of a list of objects in a cluster. */
	static @Nullable ObjectRef object(@Nullable String token, String list) {
		return position(token, list)
			.map((at) -> ObjectKind.named(at.kind)
				.filter((kind) -> kind.namespaced() != at.namespace.isEmpty())
				.map((kind) -> new ObjectRef(kind, at.namespace, at.name))
				.orElseThrow(Cursor::refusal))
			.orElse(null);
	}

	/** What a token names; its kind is any text. */
	private record Position(String kind, String namespace, String name) {
	}

	private static Optional<Position> position(@Nullable String token, String list) {
		if (token == null || token.isEmpty()) {
			return Optional.empty();
		}
		try {
			List<String> parts = List
				.of(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split("\n", -1));
			if (parts.size() == 4 && parts.get(3).equals(Integer.toHexString(list.hashCode()))
					&& DnsNames.isSubdomain(parts.get(2))
					&& (parts.get(1).isEmpty() || DnsNames.isLabel(parts.get(1)))) {
				return Optional.of(new Position(parts.get(0), parts.get(1), parts.get(2)));
			}
		}
		catch (IllegalArgumentException _) {
			throw refusal();
		}
		throw refusal();
	}

	private static ApiFailure refusal() {
		return ApiFailure.of(HttpStatus.BAD_REQUEST, "INVALID_CONTINUE",
				"continue is not a token of this list; take it from metadata.continue with the same filters, or leave it "
						+ "out to begin again");
	}

}
