package dev.meshwright.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.IndexKeys;
import dev.meshwright.model.Key;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.store.Change;

/** A snapshot as it would be after a change set. */
final class Overlay implements Snapshot {

	private final Snapshot below;

	private final Map<ResourceId, Optional<Resource<?>>> changed = new LinkedHashMap<>();

	private final SortedSet<Key> keys = new TreeSet<>();

	Overlay(Snapshot below, List<Change> changes) {
		this.below = below;
		changes.forEach(this::apply);
	}

	/** Every key whose answer the changes may move. */
	SortedSet<Key> changedKeys() {
		return this.keys;
	}

	@Override
	public long revision() {
		return this.below.revision();
	}

	@Override
	public Optional<Resource<?>> find(ResourceId id) {
		Optional<Resource<?>> found = this.below.find(id);
		return this.changed.getOrDefault(id, found);
	}

	@Override
	public List<Resource<?>> index(Key key) {
		Map<ResourceId, Resource<?>> found = new TreeMap<>();
		this.below.index(key).forEach((resource) -> found.put(resource.id(), resource));
		this.changed.forEach((id, resource) -> {
			found.remove(id);
			resource.filter((present) -> IndexKeys.of(present).contains(key))
				.ifPresent((present) -> found.put(id, present));
		});
		return List.copyOf(found.values());
	}

	@Override
	public Optional<ClusterFacts> facts(String cluster) {
		return this.below.facts(cluster);
	}

	private void apply(Change change) {
		Optional<Resource<?>> before = this.below.find(change.id());
		Optional<Resource<?>> after = switch (change) {
			case Change.Put put -> Optional.of(new Resource<>(put.id(), metadata(put, before), put.spec()));
			case Change.Delete _ -> Optional.empty();
		};
		this.changed.put(change.id(), after);
		this.keys.addAll(IndexKeys.changed(before.orElse(null), after.orElse(null)));
	}

	private Metadata metadata(Change.Put put, Optional<Resource<?>> before) {
		return before.map(Resource::metadata)
			.map((old) -> new Metadata(old.uid(), old.generation() + 1, old.revision(), put.labels(), put.annotations(),
					old.creationTimestamp(), null, old.updatedBy()))
			.orElseGet(() -> new Metadata(new UUID(0, 0), 1, revision(), put.labels(), put.annotations(),
					java.time.Instant.EPOCH, null, ""));
	}

}
