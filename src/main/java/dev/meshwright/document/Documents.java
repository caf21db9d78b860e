package dev.meshwright.document;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes documents as JSON and YAML. Reading is safe whatever is sent: nesting,
 * numbers and texts are limited, nothing is expanded or constructed, and what the
 * database cannot hold (the NUL character, half a surrogate pair, infinite numbers) is
 * refused.
 */
public final class Documents {

	private Documents() {
	}

	/**
	 * Reads one JSON document in UTF-8.
	 * @throws MalformedDocument it is not well-formed, names a field twice, is nested
	 * deeper than 64 levels, or more follows
	 */
	public static JsonNode json(byte[] bytes) {
		JsonNode tree = parse(text(bytes));
		if (tree.isMissingNode()) {
			throw new MalformedDocument("MALFORMED", "The body is empty; a JSON document is needed");
		}
		TreeCheck.check(tree);
		return tree;
	}

	/**
	 * Reads every document of a YAML stream in UTF-8; empty documents are left out.
	 * @throws MalformedDocument it is not well-formed, or uses anchors, aliases, tags or
	 * keys that are not texts
	 */
	public static List<JsonNode> yaml(byte[] bytes) {
		List<JsonNode> documents = YamlReader.read(text(bytes));
		documents.forEach(TreeCheck::check);
		return documents;
	}

	/** Writes a tree as one YAML document. */
	public static String toYaml(JsonNode tree) {
		return YamlWriter.write(tree);
	}

	/** Writes trees as a YAML stream, each document after a {@code ---}. */
	public static String toYaml(List<? extends JsonNode> trees) {
		return trees.stream().map((tree) -> "---\n" + YamlWriter.write(tree)).reduce("", String::concat);
	}

	/**
	 * A copy without the fields whose value is null, which say the same as absent fields.
	 */
	public static ObjectNode withoutNulls(ObjectNode tree) {
		ObjectNode copy = tree.deepCopy();
		prune(copy);
		return copy;
	}

	private static void prune(JsonNode node) {
		if (node instanceof ObjectNode object) {
			object.removeIf(JsonNode::isNull);
		}
		node.forEach(Documents::prune);
	}

	private static JsonNode parse(String text) {
		try {
			return Json.mapper().readTree(text);
		}
		catch (StreamConstraintsException ex) {
			throw new MalformedDocument("TOO_LARGE",
					"The document exceeds a limit: at most " + Json.MAX_DEPTH + " levels of nesting, "
							+ Json.MAX_NUMBER_LENGTH + " digits a number, 4096 characters a field name");
		}
		catch (JacksonException ex) {
			TokenStreamLocation at = ex.getLocation();
			throw new MalformedDocument("MALFORMED",
					"This is not well-formed JSON"
							+ ((at != null) ? " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")" : "")
							+ ": " + firstLine(ex.getOriginalMessage()));
		}
	}

	/** What a parser says, without the names of classes that it mentions. */
	private static String firstLine(String message) {
		if (message.startsWith("Trailing token")) {
			return "something follows after the document; send one document";
		}
		String line = message.lines().findFirst().orElse("").replaceAll(" ?\\((?:start marker|from|for|bound) .*", "");
		return (line.length() > 200) ? line.substring(0, 200) + "…" : line;
	}

	private static String text(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new MalformedDocument("MALFORMED", "The body is not UTF-8");
		}
	}

}
