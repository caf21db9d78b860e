package dev.meshwright.api;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.therapi.runtimejavadoc.ClassJavadoc;
import com.github.therapi.runtimejavadoc.Comment;
import com.github.therapi.runtimejavadoc.CommentFormatter;
import com.github.therapi.runtimejavadoc.RuntimeJavadoc;
import dev.meshwright.document.Envelope;
import dev.meshwright.model.FieldNames;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.NonEmpty;
import io.swagger.v3.oas.models.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes the schemas of the API's document from records: what is {@code @Nullable} is
 * optional, and descriptions are the records' own documentation.
 */
final class RecordSchemas {

	private static final String REF = "#/components/schemas/";

	private final Map<String, Schema<?>> schemas = new TreeMap<>();

	private final CommentFormatter formatter = new CommentFormatter();

	/** Every schema made so far, by name. */
	Map<String, Schema<?>> all() {
		return this.schemas;
	}

	/** A reference to the schema of a record, which is made if need be. */
	Schema<?> reference(Class<?> type, boolean strict) {
		String name = name(type);
		if (!this.schemas.containsKey(name)) {
			this.schemas.put(name, new Schema<>());
			this.schemas.put(name, record(type, strict));
		}
		return new Schema<>().$ref(REF + name);
	}

	private static String name(Class<?> type) {
		@Nullable Class<?> outer = type.getDeclaringClass();
		return ((outer != null && outer != RevisionViews.class) ? name(outer) + "." : "") + type.getSimpleName();
	}

	private Schema<?> record(Class<?> type, boolean strict) {
		ClassJavadoc javadoc = RuntimeJavadoc.getJavadoc(type);
		Schema<?> schema = typed("object").description(text(javadoc.getComment()));
		for (RecordComponent component : type.getRecordComponents()) {
			@Nullable JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
			String name = (renamed != null) ? renamed.value() : FieldNames.of(component);
			Schema<?> property = of(component.getGenericType(), strict);
			if (component.isAnnotationPresent(NonEmpty.class)) {
				property.setMinItems(1);
			}
			schema.addProperty(name, described(property, description(javadoc, component)));
			if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
				schema.addRequiredItem(name);
			}
		}
		if (strict) {
			schema.setAdditionalProperties(Boolean.FALSE);
		}
		return schema;
	}

	private static Schema<?> described(Schema<?> schema, @Nullable String description) {
		return schema.description(description);
	}

	private Schema<?> of(Type type, boolean strict) {
		if (type instanceof ParameterizedType generic) {
			Type[] arguments = generic.getActualTypeArguments();
			return (generic.getRawType() == List.class) ? typed("array").items(of(arguments[0], strict))
					: typed("object").additionalProperties(of(arguments[1], strict));
		}
		Class<?> raw = (Class<?>) type;
		if (raw.isEnum()) {
			return choice(Arrays.stream(raw.getEnumConstants()).map(Object::toString).toArray(String[]::new));
		}
		return (raw.isRecord() && raw != IntOrString.class) ? reference(raw, strict) : scalar(raw);
	}

	private static Schema<?> scalar(Class<?> type) {
		return switch (type.getSimpleName()) {
			case "String" -> typed("string");
			case "Boolean", "boolean" -> typed("boolean");
			case "Integer", "int" -> typed("integer").format("int32");
			case "Long", "long" -> typed("integer").format("int64");
			case "Double", "double" -> typed("number").format("double");
			case "IntOrString" -> {
				Schema<Object> either = new Schema<>();
				either.setTypes(new java.util.LinkedHashSet<>(List.of("integer", "string")));
				yield either;
			}
			default -> special(type);
		};
	}

	private static Schema<?> special(Class<?> type) {
		if (type == Duration.class) {
			return typed("string").pattern("^[+-]?([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$").example("3s");
		}
		if (type == Instant.class) {
			return typed("string").format("date-time");
		}
		if (type == UUID.class) {
			return typed("string").format("uuid");
		}
		boolean any = type == JsonNode.class || type == Object.class;
		return any ? new Schema<>() : typed("object");
	}

	static Schema<Object> typed(String type) {
		Schema<Object> schema = new Schema<>();
		schema.setTypes(new java.util.LinkedHashSet<>(List.of(type)));
		return schema;
	}

	/** One of some texts. */
	static Schema<Object> choice(String... texts) {
		Schema<Object> schema = typed("string");
		Arrays.stream(texts).forEach(schema::addEnumItemObject);
		return schema;
	}

	/** The envelope in which a kind is sent. */
	Schema<?> envelope(dev.meshwright.model.Kind kind) {
		Schema<Object> metadata = typed("object").description("What names the resource; the path's names by default");
		List.of("namespace", "name", "uid", "resourceVersion")
			.forEach((field) -> metadata.addProperty(field, typed("string")));
		List.of("labels", "annotations")
			.forEach((field) -> metadata.addProperty(field, typed("object").additionalProperties(typed("string"))));
		Schema<Object> envelope = typed("object")
			.description(text(RuntimeJavadoc.getJavadoc(kind.specType()).getComment()));
		envelope.addProperty("apiVersion", choice(Envelope.API_VERSION));
		envelope.addProperty("kind", choice(kind.toString()));
		envelope.addProperty("metadata", metadata);
		envelope.addProperty("spec", reference(kind.specType(), true));
		envelope.addRequiredItem("spec");
		this.schemas.put(kind.toString(), envelope);
		return new Schema<>().$ref(REF + kind);
	}

	private @Nullable String description(ClassJavadoc javadoc, RecordComponent component) {
		return javadoc.getRecordComponents()
			.stream()
			.filter((parameter) -> parameter.getName().equals(component.getName()))
			.map((parameter) -> text(parameter.getComment()))
			.findFirst()
			.orElse(null);
	}

	private String text(Comment comment) {
		return this.formatter.format(comment).replaceAll("<[^>]{1,20}>", "").replaceAll("\\s+", " ").trim();
	}

}
