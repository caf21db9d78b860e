package dev.meshwright.document;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;

/** Refuses values that no database column of type jsonb can hold. */
final class TreeCheck {

	private final List<ShapeError> errors = new ArrayList<>();

	private TreeCheck() {
	}

	static void check(JsonNode tree) {
		TreeCheck check = new TreeCheck();
		check.walk(tree, "");
		if (!check.errors.isEmpty()) {
			throw new MalformedDocument(check.errors);
		}
	}

	private void walk(JsonNode node, String pointer) {
		if (node.isString()) {
			text(node.stringValue(), pointer);
		}
		else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
			this.errors.add(new ShapeError(pointer, "OUT_OF_RANGE", "The number is too great"));
		}
		else if (node.isArray()) {
			for (int i = 0; i < node.size(); i++) {
				walk(node.get(i), pointer + "/" + i);
			}
		}
		else {
			node.properties().forEach((entry) -> {
				String at = pointer + "/" + Pointers.escape(entry.getKey());
				text(entry.getKey(), at);
				walk(entry.getValue(), at);
			});
		}
	}

	private void text(String text, String pointer) {
		if (text.indexOf(0) >= 0 || loneSurrogate(text)) {
			this.errors.add(new ShapeError(pointer.replace("\0", "?"), "INVALID_CHARACTER",
					"The text contains the NUL character or half a surrogate pair; take it out"));
		}
	}

	private static boolean loneSurrogate(String text) {
		return text.codePoints()
			.anyMatch((point) -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
	}

}
