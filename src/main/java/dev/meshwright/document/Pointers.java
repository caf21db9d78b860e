package dev.meshwright.document;

import tools.jackson.databind.JsonNode;

/** JSON pointers (RFC 6901) and how values are shown in messages. */
public final class Pointers {

	private static final int MOST_SHOWN = 60;

	private Pointers() {
	}

	/** A field name as one step of a pointer. */
	public static String escape(String name) {
		return name.replace("~", "~0").replace("/", "~1");
	}

	/** A text in quotes, shortened so that a message stays a message. */
	public static String shown(String text) {
		String shortened = (text.length() <= MOST_SHOWN) ? text : text.substring(0, MOST_SHOWN) + "…";
		return "\"" + shortened.replaceAll("\\p{Cntrl}", "?") + "\"";
	}

	/** What kind of value a node is, with the value when it is short. */
	static String describe(JsonNode node) {
		return switch (node.getNodeType()) {
			case ARRAY -> "a list";
			case OBJECT -> "an object";
			case NULL, MISSING -> "null";
			case STRING -> "the text " + shown(node.stringValue());
			case NUMBER -> "the number " + shown(node.asString()).replace("\"", "");
			default -> node.asString();
		};
	}

}
