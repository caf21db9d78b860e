package dev.meshwright.document;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;

import dev.meshwright.model.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the fields of a spec into the order in which its record declares them. The
 * database keeps a spec's content but not the order of its fields; people read names
 * before details.
 */
public final class FieldOrder {

	private FieldOrder() {
	}

	/**
	 * A copy of a spec with its fields in order; a field that this version does not know
	 * comes last.
	 * @param kind the kind of the document
	 * @param spec the value of {@code /spec}
	 */
	public static ObjectNode arrange(Kind kind, ObjectNode spec) {
		return (ObjectNode) arrange(kind.specType(), spec);
	}

	private static JsonNode arrange(Type type, JsonNode node) {
		if (type instanceof ParameterizedType generic) {
			Type[] arguments = generic.getActualTypeArguments();
			return (generic.getRawType() == List.class) ? list(arguments[0], node) : map(arguments[1], node);
		}
		return (type instanceof Class<?> raw && raw.isRecord() && node instanceof ObjectNode object)
				? record(raw, object) : node;
	}

	private static JsonNode list(Type element, JsonNode node) {
		if (!(node instanceof ArrayNode)) {
			return node;
		}
		ArrayNode arranged = JsonNodeFactory.instance.arrayNode(node.size());
		node.forEach((item) -> arranged.add(arrange(element, item)));
		return arranged;
	}

	private static JsonNode map(Type value, JsonNode node) {
		if (!(node instanceof ObjectNode)) {
			return node;
		}
		ObjectNode arranged = JsonNodeFactory.instance.objectNode();
		node.properties().forEach((entry) -> arranged.set(entry.getKey(), arrange(value, entry.getValue())));
		return arranged;
	}

	private static ObjectNode record(Class<?> type, ObjectNode node) {
		ObjectNode arranged = JsonNodeFactory.instance.objectNode();
		for (RecordComponent component : type.getRecordComponents()) {
			@Nullable JsonNode value = node.get(component.getName());
			if (value != null) {
				arranged.set(component.getName(), arrange(component.getGenericType(), value));
			}
		}
		node.properties().forEach((entry) -> {
			if (!arranged.has(entry.getKey())) {
				arranged.set(entry.getKey(), entry.getValue());
			}
		});
		return arranged;
	}

}
