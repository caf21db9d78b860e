package dev.meshwright.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch (RFC 7396). */
final class MergePatch {

	private MergePatch() {
	}

	/** The target with the patch applied; the target itself is left as it is. */
	static JsonNode apply(JsonNode target, JsonNode patch) {
		if (!patch.isObject()) {
			return patch;
		}
		ObjectNode result = (target instanceof ObjectNode object) ? object.deepCopy()
				: JsonNodeFactory.instance.objectNode();
		patch.properties().forEach((entry) -> {
			if (entry.getValue().isNull()) {
				result.remove(entry.getKey());
			}
			else {
				JsonNode present = result.has(entry.getKey()) ? result.get(entry.getKey())
						: JsonNodeFactory.instance.nullNode();
				result.set(entry.getKey(), apply(present, entry.getValue()));
			}
		});
		return result;
	}

}
