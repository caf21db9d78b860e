package dev.meshwright.document;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.FieldNames;
import dev.meshwright.model.Nearest;
import dev.meshwright.model.NonEmpty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Walks a tree along the components of a record, collecting every error with its pointer,
 * and makes the record when there is none. Knows nothing of any kind: the records are the
 * schema. A component is required unless it is {@code @Nullable}; null is as if absent.
 */
final class RecordBinding {

	private final List<ShapeError> errors = new ArrayList<>();

	private final ScalarBinding scalars = new ScalarBinding(this.errors);

	List<ShapeError> errors() {
		return List.copyOf(this.errors);
	}

	/** The value bound, or null when there was an error. */
	@Nullable Object bind(Type type, JsonNode node, String pointer) {
		if (type instanceof ParameterizedType generic) {
			Type[] arguments = generic.getActualTypeArguments();
			return (generic.getRawType() == List.class) ? list(arguments[0], node, pointer)
					: map(arguments[1], node, pointer);
		}
		Class<?> raw = (Class<?>) type;
		return raw.isRecord() && !ScalarBinding.isScalar(raw) ? record(raw, node, pointer)
				: this.scalars.bind(raw, node, pointer);
	}

	private @Nullable Object list(Type element, JsonNode node, String pointer) {
		if (!node.isArray()) {
			return this.scalars.wrongType("a list", node, pointer);
		}
		List<@Nullable Object> items = new ArrayList<>(node.size());
		for (int i = 0; i < node.size(); i++) {
			items.add(bind(element, node.get(i), pointer + "/" + i));
		}
		return Collections.unmodifiableList(items);
	}

	private @Nullable Object map(Type value, JsonNode node, String pointer) {
		if (!node.isObject()) {
			return this.scalars.wrongType("a map", node, pointer);
		}
		Map<String, @Nullable Object> entries = new LinkedHashMap<>();
		node.properties()
			.forEach((entry) -> entries.put(entry.getKey(),
					bind(value, entry.getValue(), pointer + "/" + Pointers.escape(entry.getKey()))));
		return Collections.unmodifiableMap(entries);
	}

	private @Nullable Object record(Class<?> type, JsonNode node, String pointer) {
		if (!node.isObject()) {
			return this.scalars.wrongType("an object", node, pointer);
		}
		int before = this.errors.size();
		RecordComponent[] components = type.getRecordComponents();
		List<String> known = Arrays.stream(components).map(FieldNames::of).toList();
		node.propertyNames()
			.stream()
			.filter((name) -> !known.contains(name))
			.forEach((name) -> this.errors.add(unknown(name, known, pointer)));
		@Nullable Object[] arguments = new Object[components.length];
		for (int i = 0; i < components.length; i++) {
			arguments[i] = component(components[i], node, pointer);
		}
		return (this.errors.size() > before) ? null : make(type, components, arguments);
	}

	private @Nullable Object component(RecordComponent component, JsonNode node, String pointer) {
		String name = FieldNames.of(component);
		String at = pointer + "/" + name;
		@Nullable JsonNode value = node.get(name);
		if (value != null && !value.isNull()) {
			if (component.isAnnotationPresent(NonEmpty.class) && value.isArray() && value.isEmpty()) {
				this.errors.add(new ShapeError(at, "EMPTY", name
						+ " is empty, which could mean none as well as any: give an entry, or leave it out for any"));
				return null;
			}
			return bind(component.getGenericType(), value, at);
		}
		if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
			this.errors.add(new ShapeError(at, "REQUIRED", name + " is missing: it must be given"));
		}
		return null;
	}

	private static ShapeError unknown(String name, List<String> known, String pointer) {
		return new ShapeError(pointer + "/" + Pointers.escape(name), "UNKNOWN_FIELD",
				"There is no field " + Pointers.shown(name) + "; " + Nearest.advice(name, known));
	}

	private static Object make(Class<?> type, RecordComponent[] components, @Nullable Object[] arguments) {
		try {
			Constructor<?> constructor = type.getDeclaredConstructor(
					Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
			// a record of a request may be known to its own package only
			constructor.setAccessible(true);
			return constructor.newInstance(arguments);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Cannot make a " + type.getSimpleName(), ex);
		}
	}

}
