package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.IndexKeys;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;

/** A snapshot as it would be after a change set, before anything is stored. */
public final class OverlaySnapshot implements Snapshot {

	private final Snapshot base;

	private final Map<ResourceId, Resource<?>> puts = new HashMap<>();

	private final Map<Key, List<Resource<?>>> index = new HashMap<>();

	private final Set<ResourceId> changed = new HashSet<>();

	/**
	 * Lays changes over a snapshot.
	 * @param base what is stored
	 * @param puts the resources as they will be
	 * @param deletes the resources that will be gone
	 */
	public OverlaySnapshot(Snapshot base, Collection<? extends Resource<?>> puts, Collection<ResourceId> deletes) {
		this.base = base;
		this.changed.addAll(deletes);
		for (Resource<?> resource : puts) {
			this.puts.put(resource.id(), resource);
			this.changed.add(resource.id());
			for (Key key : IndexKeys.of(resource)) {
				this.index.computeIfAbsent(key, (_) -> new ArrayList<>()).add(resource);
			}
		}
	}

	/** The revision of the snapshot below. */
	@Override
	public long revision() {
		return this.base.revision();
	}

	@Override
	public Optional<Resource<?>> find(ResourceId id) {
		return this.changed.contains(id) ? Optional.ofNullable(this.puts.get(id)) : this.base.find(id);
	}

	@Override
	public List<Resource<?>> index(Key key) {
		List<Resource<?>> resources = new ArrayList<>(this.index.getOrDefault(key, List.of()));
		this.base.index(key)
			.stream()
			.filter((resource) -> !this.changed.contains(resource.id()))
			.forEach(resources::add);
		resources.sort(Comparator.comparing(Resource::id));
		return List.copyOf(resources);
	}

	@Override
	public void expect(Collection<ResourceId> ids, Collection<Key> keys) {
		this.base.expect(ids, keys);
	}

	@Override
	public Optional<ClusterFacts> facts(String cluster) {
		return this.base.facts(cluster);
	}

	@Override
	public SortedSet<String> accountsInUse(ServiceRef service) {
		return this.base.accountsInUse(service);
	}

}
