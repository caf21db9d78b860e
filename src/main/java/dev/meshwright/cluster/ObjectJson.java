package dev.meshwright.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Kubernetes objects between JSON and trees of maps, lists and scalars. */
final class ObjectJson {

	static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {
	};

	private ObjectJson() {
	}

	/** Reads an object. */
	static Map<String, Object> tree(byte[] json) {
		return MAPPER.readValue(json, TREE);
	}

	/** Reads an object, or an empty tree when the bytes are not one. */
	static Map<String, Object> treeOrEmpty(byte[] json) {
		try {
			return tree(json);
		}
		catch (JacksonException ex) {
			return Map.of();
		}
	}

	/** A deep copy with the types that JSON has, which may be changed. */
	static Map<String, Object> copy(Map<String, Object> tree) {
		return tree(MAPPER.writeValueAsBytes(tree));
	}

	/** The body of a server-side apply, with its preconditions in the metadata. */
	static String applyBody(Apply apply) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		AllowList.metadata(apply).forEach((name, value) -> metadata.put(String.valueOf(name), value));
		if (apply.uid() != null) {
			metadata.put("uid", apply.uid());
		}
		if (apply.resourceVersion() != null) {
			metadata.put("resourceVersion", apply.resourceVersion());
		}
		Map<String, Object> body = new LinkedHashMap<>(apply.body());
		body.put("metadata", metadata);
		return MAPPER.writeValueAsString(body);
	}

	/**
	 * A live object of this kind. Items of a list carry no kind of their own; they get
	 * it.
	 */
	static LiveObject live(ObjectKind kind, Map<String, Object> tree) {
		Map<String, Object> body = tree;
		if (!tree.containsKey("kind")) {
			body = new LinkedHashMap<>();
			body.put("apiVersion", kind.apiVersion());
			body.put("kind", kind.kind());
			body.putAll(tree);
		}
		Map<?, ?> metadata = map(body.get("metadata"));
		ObjectRef ref = new ObjectRef(kind, text(metadata.get("namespace")), text(metadata.get("name")));
		return new LiveObject(ref, text(metadata.get("uid")), text(metadata.get("resourceVersion")), body);
	}

	/** The value as a map, an empty one when it is something else. */
	static Map<?, ?> map(@Nullable Object value) {
		return (value instanceof Map<?, ?> map) ? map : Map.of();
	}

	/** The value as text, empty when it is something else. */
	static String text(@Nullable Object value) {
		return (value instanceof String text) ? text : "";
	}

}
