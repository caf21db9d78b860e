package dev.meshwright.golden;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

import dev.meshwright.document.BoundSpec;
import dev.meshwright.document.Documents;
import dev.meshwright.document.Envelope;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.IndexKeys;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The resources of a multi-document YAML text as a snapshot at revision 1. */
final class Declarations implements Snapshot {

	private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

	private final List<JsonNode> documents;

	private final SortedMap<ResourceId, Resource<?>> resources = new TreeMap<>();

	private final Map<Key, List<Resource<?>>> index = new TreeMap<>();

	/**
	 * Reads resources.
	 * @param yaml what would be sent to the API
	 * @throws IllegalArgumentException when the API would answer 400
	 */
	static Declarations read(byte[] yaml) {
		return of(Documents.yaml(yaml));
	}

	/** The same resources, with documents and fields read in the opposite order. */
	Declarations reversed() {
		return of(this.documents.stream().map(Declarations::reversed).toList().reversed());
	}

	private static JsonNode reversed(JsonNode node) {
		if (node instanceof ArrayNode items) {
			ArrayNode copy = items.arrayNode();
			items.forEach((item) -> copy.add(reversed(item)));
			return copy;
		}
		if (node instanceof ObjectNode fields) {
			ObjectNode copy = fields.objectNode();
			List.copyOf(fields.properties())
				.reversed()
				.forEach((field) -> copy.set(field.getKey(), reversed(field.getValue())));
			return copy;
		}
		return node;
	}

	private static Declarations of(List<JsonNode> documents) {
		Declarations declarations = new Declarations(documents);
		documents.forEach(declarations::declare);
		declarations.resources.values()
			.forEach((resource) -> IndexKeys.of(resource)
				.forEach((key) -> declarations.index.computeIfAbsent(key, (_) -> new ArrayList<>()).add(resource)));
		return declarations;
	}

	private Declarations(List<JsonNode> documents) {
		this.documents = documents;
	}

	private void declare(JsonNode document) {
		Envelope.Reading reading = Envelope.read(document);
		Envelope envelope = reading.envelope();
		if (!reading.errors().isEmpty()) {
			throw new IllegalArgumentException(reading.errors().toString());
		}
		ResourceId id = new ResourceId(envelope.kind().orElseThrow(), envelope.namespace().orElse(""),
				envelope.name().orElseThrow());
		BoundSpec bound = SpecBinder.bind(id.kind(), envelope.spec());
		Metadata metadata = new Metadata(new UUID(0, this.resources.size()), 1, 1, envelope.labels(),
				envelope.annotations(), CREATED, null, "golden");
		Resource<?> resource = new Resource<>(id, metadata,
				bound.spec().orElseThrow(() -> new IllegalArgumentException(id + " " + bound.errors())));
		if (this.resources.put(id, resource) != null) {
			throw new IllegalArgumentException(id + " is declared twice");
		}
	}

	/** The placements of everything that is declared here, in order. */
	List<UnitId> placements() {
		return this.resources.keySet().stream().flatMap((id) -> {
			if (id.kind() == Kind.NAMESPACE) {
				return Optional.of(UnitId.placement(id.name(), "")).stream();
			}
			return (id.kind() == Kind.SERVICE) ? Optional.of(UnitId.placement(id.namespace(), id.name())).stream()
					: Optional.<UnitId>empty().stream();
		}).sorted().toList();
	}

	@Override
	public long revision() {
		return 1;
	}

	@Override
	public Optional<Resource<?>> find(ResourceId id) {
		return Optional.ofNullable(this.resources.get(id));
	}

	@Override
	public List<Resource<?>> index(Key key) {
		return List.copyOf(this.index.getOrDefault(key, List.of()));
	}

	@Override
	public Optional<ClusterFacts> facts(String cluster) {
		return Optional.empty();
	}

}
