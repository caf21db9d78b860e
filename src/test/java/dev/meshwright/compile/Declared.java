package dev.meshwright.compile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.FieldNames;
import dev.meshwright.model.Durations;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.Spec;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Declarations for tests, written as YAML. */
final class Declared {

	static final YAMLMapper YAML = YAMLMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.propertyNamingStrategy(new PropertyNamingStrategies.NamingBase() {
			@Override
			public String translate(String name) {
				return FieldNames.of(name);
			}
		})
		.addModule(new SimpleModule().addDeserializer(Duration.class, new DurationReader())
			.addDeserializer(IntOrString.class, new IntOrStringReader()))
		.build();

	private Declared() {
	}

	/** A snapshot with nothing in it but what was found in clusters. */
	record Empty(Map<String, ClusterFacts> found) implements Snapshot {

		Empty() {
			this(Map.of());
		}

		@Override
		public long revision() {
			return 7;
		}

		@Override
		public Optional<Resource<?>> find(ResourceId id) {
			return Optional.empty();
		}

		@Override
		public List<Resource<?>> index(Key key) {
			return List.of();
		}

		@Override
		public Optional<ClusterFacts> facts(String cluster) {
			return Optional.ofNullable(this.found.get(cluster));
		}

	}

	static Snapshot snapshot(List<Resource<?>> resources) {
		return new OverlaySnapshot(new Empty(), resources, List.of());
	}

	static List<Resource<?>> documents(String yaml) {
		List<Resource<?>> resources = new ArrayList<>();
		for (String document : yaml.split("(?m)^---$")) {
			if (!document.isBlank()) {
				resources.add(resource(YAML.readValue(document, Map.class)));
			}
		}
		return resources;
	}

	@SuppressWarnings("unchecked")
	static Resource<?> resource(Map<?, ?> document) {
		Kind kind = Kind.named((String) document.get("kind")).orElseThrow();
		Map<String, Object> metadata = (Map<String, Object>) document.get("metadata");
		ResourceId id = new ResourceId(kind, (String) metadata.getOrDefault("namespace", ""),
				(String) metadata.get("name"));
		Map<String, String> labels = (Map<String, String>) metadata.getOrDefault("labels", Map.of());
		Spec spec = YAML.convertValue(document.get("spec"), kind.specType());
		return new Resource<>(id, new Metadata(UUID.nameUUIDFromBytes(id.toString().getBytes()), 1, 7, labels, Map.of(),
				Instant.EPOCH, null, "test"), spec);
	}

	/** A document of which a case says only what is special. */
	static Map<String, Object> document(Kind kind, String namespace, String name, Map<String, Object> spec) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		metadata.put("name", name);
		if (!namespace.isEmpty()) {
			metadata.put("namespace", namespace);
		}
		return Map.of("kind", kind.toString(), "metadata", metadata, "spec", spec);
	}

	private static final class DurationReader extends StdDeserializer<Duration> {

		DurationReader() {
			super(Duration.class);
		}

		@Override
		public Duration deserialize(JsonParser parser, DeserializationContext context) {
			return Durations.parse(parser.getString()).orElseThrow();
		}

	}

	private static final class IntOrStringReader extends StdDeserializer<IntOrString> {

		IntOrStringReader() {
			super(IntOrString.class);
		}

		@Override
		public IntOrString deserialize(JsonParser parser, DeserializationContext context) {
			return parser.currentToken().isNumeric() ? IntOrString.of(parser.getIntValue())
					: IntOrString.of(parser.getString());
		}

	}

}
