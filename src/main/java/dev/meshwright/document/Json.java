package dev.meshwright.document;

import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meshwright.model.Durations;
import dev.meshwright.model.FieldNames;
import dev.meshwright.model.IntOrString;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** The JSON mapper of everything that Meshwright itself reads and writes. */
public final class Json {

	/** How deep a document may be nested. */
	static final int MAX_DEPTH = 64;

	/** How many digits a number may have. */
	static final int MAX_NUMBER_LENGTH = 100;

	private static final JsonMapper MAPPER = JsonMapper.builder(factory())
		.addModule(module())
		.propertyNamingStrategy(new ReservedNames())
		.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
		.enable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
		.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
		.build();

	private Json() {
	}

	/**
	 * The mapper: durations as Kubernetes writes them ({@code 1h30m}), enums by their
	 * text, absent for null. Numbers are never read from texts, nor integers from
	 * decimals; a field named twice, anything after the document and nesting beyond 64
	 * levels are refused.
	 */
	public static JsonMapper mapper() {
		return MAPPER;
	}

	private static JsonFactory factory() {
		return JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(MAX_DEPTH)
				.maxNumberLength(MAX_NUMBER_LENGTH)
				.maxNameLength(4096)
				.build())
			.build();
	}

	private static SimpleModule module() {
		return new SimpleModule("meshwright").addSerializer(new DurationWriter())
			.addDeserializer(Duration.class, new DurationReader())
			.addSerializer(new IntOrStringWriter())
			.addDeserializer(IntOrString.class, new IntOrStringReader());
	}

	/** As {@link FieldNames} has them. */
	private static final class ReservedNames extends PropertyNamingStrategies.NamingBase {

		private static final long serialVersionUID = 1L;

		@Override
		public String translate(String name) {
			return FieldNames.of(name);
		}

	}

	private static final class DurationWriter extends StdSerializer<Duration> {

		DurationWriter() {
			super(Duration.class);
		}

		@Override
		public void serialize(Duration value, JsonGenerator generator, SerializationContext context) {
			generator.writeString(Durations.format(value));
		}

	}

	private static final class DurationReader extends StdDeserializer<Duration> {

		DurationReader() {
			super(Duration.class);
		}

		@Override
		public Duration deserialize(JsonParser parser, DeserializationContext context) {
			return Durations.parse(parser.getString())
				.orElseThrow(() -> context.weirdStringException(parser.getString(), Duration.class, "not a duration"));
		}

	}

	private static final class IntOrStringWriter extends StdSerializer<IntOrString> {

		IntOrStringWriter() {
			super(IntOrString.class);
		}

		@Override
		public void serialize(IntOrString value, JsonGenerator generator, SerializationContext context) {
			if (value.numeric()) {
				generator.writeNumber(Integer.parseInt(value.text()));
			}
			else {
				generator.writeString(value.text());
			}
		}

	}

	private static final class IntOrStringReader extends StdDeserializer<IntOrString> {

		IntOrStringReader() {
			super(IntOrString.class);
		}

		@Override
		public IntOrString deserialize(JsonParser parser, DeserializationContext context) {
			return (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) ? IntOrString.of(parser.getIntValue())
					: IntOrString.of(parser.getString());
		}

	}

}
