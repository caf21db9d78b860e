package dev.meshwright.model;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Records every key that a compilation asks another snapshot for, found or not, and the
 * generations it saw. Used by one thread, for one compilation.
 */
public final class RecordingSnapshot implements Snapshot {

	private final Snapshot snapshot;

	private final Set<Key> reads = new TreeSet<>();

	private final SortedMap<ResourceId, Long> generations = new TreeMap<>();

	public RecordingSnapshot(Snapshot snapshot) {
		this.snapshot = snapshot;
	}

	@Override
	public long revision() {
		return this.snapshot.revision();
	}

	@Override
	public Optional<Resource<?>> find(ResourceId id) {
		this.reads.add(Key.resource(id));
		Optional<Resource<?>> found = this.snapshot.find(id);
		found.ifPresent(this::saw);
		return found;
	}

	@Override
	public List<Resource<?>> index(Key key) {
		this.reads.add(key);
		List<Resource<?>> found = this.snapshot.index(key);
		found.forEach(this::saw);
		return found;
	}

	@Override
	public void expect(Collection<ResourceId> ids, Collection<Key> keys) {
		this.snapshot.expect(ids, keys);
	}

	@Override
	public Optional<ClusterFacts> facts(String cluster) {
		this.reads.add(Key.clusterFacts(cluster));
		return this.snapshot.facts(cluster);
	}

	@Override
	public SortedSet<String> accountsInUse(ServiceRef service) {
		this.reads.add(Key.accountsInUse(service.namespace(), service.name()));
		return this.snapshot.accountsInUse(service);
	}

	private void saw(Resource<?> resource) {
		this.generations.put(resource.id(), resource.metadata().generation());
	}

	/** Every key asked for so far. */
	public Set<Key> reads() {
		return Collections.unmodifiableSet(this.reads);
	}

	/** Every resource seen so far and its generation. */
	public SortedMap<ResourceId, Long> generations() {
		return Collections.unmodifiableSortedMap(this.generations);
	}

}
