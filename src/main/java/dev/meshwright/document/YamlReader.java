package dev.meshwright.document;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes trees from the events of YAML's parser. Only what JSON can say is taken: plain
 * scalars are read by YAML 1.2's JSON schema, so {@code yes} and {@code 010} are texts.
 */
final class YamlReader {

	private static final LoadSettings SETTINGS = LoadSettings.builder()
		.setCodePointLimit(Integer.MAX_VALUE)
		.setUseMarks(true)
		.build();

	private static final ScalarResolver RESOLVER = new JsonScalarResolver();

	private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

	private final Iterator<Event> events;

	private YamlReader(Iterator<Event> events) {
		this.events = events;
	}

	static List<JsonNode> read(String text) {
		try {
			return new YamlReader(new Parse(SETTINGS).parseString(text).iterator()).stream();
		}
		catch (MarkedYamlEngineException ex) {
			throw new MalformedDocument("MALFORMED",
					"This is not well-formed YAML" + where(ex.getProblemMark()) + ": " + ex.getProblem());
		}
		catch (YamlEngineException ex) {
			throw new MalformedDocument("MALFORMED",
					"This is not well-formed YAML: it has characters that YAML forbids");
		}
	}

	private List<JsonNode> stream() {
		List<JsonNode> documents = new ArrayList<>();
		while (this.events.hasNext()) {
			if (this.events.next() instanceof DocumentStartEvent) {
				JsonNode document = node(this.events.next(), 1);
				if (!document.isNull()) {
					documents.add(document);
				}
			}
		}
		return documents;
	}

	private JsonNode node(Event event, int depth) {
		if (event instanceof AliasEvent || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
			throw refused(event, "Anchors and aliases are refused; write the value where it is needed");
		}
		if (depth > Json.MAX_DEPTH) {
			throw new MalformedDocument("TOO_LARGE",
					"The document is nested deeper than " + Json.MAX_DEPTH + " levels" + where(event.getStartMark()));
		}
		if (event instanceof CollectionStartEvent collection && collection.getTag().isPresent()) {
			throw refused(event, "Tags are refused; take out " + Pointers.shown(collection.getTag().get()));
		}
		return switch (event) {
			case ScalarEvent scalar -> scalar(scalar);
			case MappingStartEvent _ -> mapping(depth);
			default -> sequence(depth);
		};
	}

	private JsonNode sequence(int depth) {
		ArrayNode array = NODES.arrayNode();
		for (Event event = this.events.next(); !(event instanceof SequenceEndEvent); event = this.events.next()) {
			array.add(node(event, depth + 1));
		}
		return array;
	}

	private JsonNode mapping(int depth) {
		ObjectNode object = NODES.objectNode();
		for (Event event = this.events.next(); !(event instanceof MappingEndEvent); event = this.events.next()) {
			JsonNode key = node(event, depth + 1);
			if (!key.isString()) {
				throw refused(event, "A key must be a text; put it in quotes");
			}
			if (object.has(key.stringValue())) {
				throw refused(event, "The key " + Pointers.shown(key.stringValue()) + " is there twice; keep one");
			}
			object.set(key.stringValue(), node(this.events.next(), depth + 1));
		}
		return object;
	}

	private JsonNode scalar(ScalarEvent scalar) {
		if (scalar.getTag().isPresent()) {
			throw refused(scalar, "Tags are refused; take out " + Pointers.shown(scalar.getTag().get()));
		}
		String text = scalar.getValue();
		if (!scalar.isPlain()) {
			return NODES.stringNode(text);
		}
		Tag tag = RESOLVER.resolve(text, true);
		if (tag.equals(Tag.NULL)) {
			return NODES.nullNode();
		}
		if (tag.equals(Tag.BOOL)) {
			return NODES.booleanNode(text.equalsIgnoreCase("true"));
		}
		return (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) ? number(scalar, tag.equals(Tag.INT))
				: NODES.stringNode(text);
	}

	private static JsonNode number(ScalarEvent scalar, boolean integer) {
		String text = scalar.getValue();
		if (text.length() > Json.MAX_NUMBER_LENGTH || text.contains(".inf") || text.contains(".nan")) {
			throw refused(scalar, "A number must be finite and have at most " + Json.MAX_NUMBER_LENGTH + " digits");
		}
		if (!integer) {
			return NODES.numberNode(Double.parseDouble(text));
		}
		BigInteger value = new BigInteger(text);
		if (value.bitLength() < Integer.SIZE) {
			return NODES.numberNode(value.intValue());
		}
		return (value.bitLength() < Long.SIZE) ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
	}

	private static MalformedDocument refused(Event event, String message) {
		return new MalformedDocument("REFUSED_YAML", message + where(event.getStartMark()));
	}

	private static String where(Optional<Mark> mark) {
		return mark.map((at) -> " (line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1) + ")").orElse("");
	}

}
