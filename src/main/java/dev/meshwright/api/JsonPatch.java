package dev.meshwright.api;

import java.util.Set;

import dev.meshwright.document.Pointers;
import dev.meshwright.document.ShapeError;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpStatus;

/** JSON patch (RFC 6902): add, remove, replace, move, copy and test, all or nothing. */
final class JsonPatch {

	private static final int MOST_OPERATIONS = 1000;

	/** As deep as a document may be sent; deeper ones could exhaust the stack. */
	private static final int MOST_LEVELS = 64;

	private static final Set<String> WITH_VALUE = Set.of("add", "replace", "test");

	private JsonNode document;

	private String at = "";

	/** The characters copied so far: some forty copies could double to any length. */
	private long copied;

	private JsonPatch(JsonNode document) {
		this.document = document;
	}

	/**
	 * The target with the patch applied; the target itself is left as it is.
	 * @throws ApiFailure 400 when the patch is malformed, 422 when a place does not
	 * exist, 409 when a test does not hold
	 */
	static JsonNode apply(JsonNode target, JsonNode patch) {
		if (!patch.isArray() || patch.size() > MOST_OPERATIONS) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, "WRONG_TYPE",
					"A JSON patch is a list of at most " + MOST_OPERATIONS + " operations");
		}
		JsonPatch run = new JsonPatch(target.deepCopy());
		for (int i = 0; i < patch.size(); i++) {
			run.at = "/" + i;
			run.operation(patch.get(i));
		}
		return run.document;
	}

	private void operation(JsonNode operation) {
		String op = text(operation, "op");
		JsonPointer path = pointer(operation, "path");
		@Nullable JsonNode value = operation.get("value");
		if (WITH_VALUE.contains(op) && value == null) {
			throw malformed("/value", "value is missing: " + op + " needs one");
		}
		switch (op) {
			case "add" -> add(path, value.deepCopy());
			case "replace" -> {
				remove(path);
				add(path, value.deepCopy());
			}
			case "test" -> test(path, value);
			case "remove" -> remove(path);
			case "copy" -> add(path, copy(get(pointer(operation, "from"))));
			case "move" -> {
				JsonPointer from = pointer(operation, "from");
				if (path.toString().startsWith(from + "/")) {
					throw failed("a value cannot be moved into itself");
				}
				add(path, remove(from));
			}
			default -> throw malformed("/op",
					Pointers.shown(op) + " is not an operation; known are add, remove, replace, move, copy, test");
		}
	}

	private JsonNode copy(JsonNode value) {
		this.copied += value.toString().length();
		if (this.copied > BodyLimit.MOST_BYTES) {
			throw failed("it copies more than " + BodyLimit.MOST_BYTES + " characters");
		}
		return value.deepCopy();
	}

	private void test(JsonPointer path, JsonNode value) {
		if (!get(path).equals(value)) {
			throw ApiFailure.of(HttpStatus.CONFLICT, new ShapeError(this.at, "TEST_FAILED",
					"The value at " + Pointers.shown(path.toString()) + " is not the one tested for"));
		}
	}

	private JsonNode get(JsonPointer path) {
		JsonNode found = this.document.at(path);
		if (found.isMissingNode()) {
			throw failed("there is nothing at " + Pointers.shown(path.toString()));
		}
		return found;
	}

	private void add(JsonPointer path, JsonNode value) {
		if (path.toString().chars().filter((letter) -> letter == '/').count() + levels(value) > MOST_LEVELS) {
			throw failed("the document becomes deeper than " + MOST_LEVELS + " levels");
		}
		if (path.matches()) {
			this.document = value;
			return;
		}
		String last = path.last().getMatchingProperty();
		switch (get(path.head())) {
			case ObjectNode object -> object.set(last, value);
			case ArrayNode array -> array.insert(last.equals("-") ? array.size() : index(last, array.size()), value);
			default -> throw failed(Pointers.shown(path.head().toString()) + " is neither an object nor a list");
		}
	}

	private JsonNode remove(JsonPointer path) {
		JsonNode removed = get(path);
		if (!path.matches()) {
			String last = path.last().getMatchingProperty();
			switch (get(path.head())) {
				case ObjectNode object -> object.remove(last);
				case ArrayNode array -> array.remove(index(last, array.size() - 1));
				default -> throw failed("there is nothing at " + Pointers.shown(path.toString()));
			}
		}
		return removed;
	}

	private static int levels(JsonNode value) {
		int deepest = 0;
		for (JsonNode child : value) {
			deepest = Math.max(deepest, levels(child));
		}
		return deepest + 1;
	}

	private int index(String text, int most) {
		if (!text.matches("0|[1-9]\\d{0,8}") || Integer.parseInt(text) > most) {
			throw failed(Pointers.shown(text) + " is not a place in the list");
		}
		return Integer.parseInt(text);
	}

	private String text(JsonNode operation, String field) {
		@Nullable JsonNode value = operation.get(field);
		if (value == null || !value.isString()) {
			throw malformed("/" + field, field + " is missing or not a text");
		}
		return value.stringValue();
	}

	private JsonPointer pointer(JsonNode operation, String field) {
		String text = text(operation, field);
		if (!text.matches("(/([^~/]|~[01])*)*")) {
			throw malformed("/" + field, Pointers.shown(text) + " is not a JSON pointer");
		}
		return JsonPointer.compile(text);
	}

	private ApiFailure malformed(String field, String message) {
		return ApiFailure.of(HttpStatus.BAD_REQUEST, new ShapeError(this.at + field, "MALFORMED_PATCH", message));
	}

	private ApiFailure failed(String message) {
		return ApiFailure.of(HttpStatus.UNPROCESSABLE_CONTENT,
				new ShapeError(this.at, "PATCH_FAILED", "The patch cannot be applied: " + message));
	}

}
