package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.IndexKeys;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The declarations as they were at an earlier revision. Used by one thread in one
 * transaction.
 * <p>
 * There is no index of the past, and none is needed: who carried a key then and was not
 * changed since carries it now; who was changed since was changed by a revision that says
 * it changed that key, because the keys of both images are among {@code changed_key}. So
 * the answer is among the present entries that are old enough, and the images before the
 * first such change.
 */
class HistoricSnapshot implements Snapshot {

	private static final int FETCH_SIZE = 100;

	private static final String UNCHANGED = """
			select e.kind, e.namespace, e.name from index_entry e
			join resource r on r.kind = e.kind and r.namespace = e.namespace and r.name = e.name
			where e.key = :key and r.revision <= :revision""";

	private static final String CHANGED = """
			select c.kind, c.namespace, c.name, c.revision, c.before as after, '' as author, v.created_at from (
				select distinct on (c.kind, c.namespace, c.name) c.kind, c.namespace, c.name, c.revision
				from changed_key k join resource_change c on c.revision = k.revision
				where k.key = :key and k.revision > :revision
				order by c.kind, c.namespace, c.name, c.revision
			) first join resource_change c using (revision, kind, namespace, name)
			join revision v using (revision)
			where c.before is not null""";

	private final JdbcClient jdbc;

	private final ResourceStates states;

	private final long revision;

	private final int mostImages;

	private int images;

	private final Map<ResourceId, Optional<Resource<?>>> resources = new HashMap<>();

	private final Map<Key, List<Resource<?>>> indexes = new HashMap<>();

	private final Map<String, Optional<ClusterFacts>> facts = new HashMap<>();

	/**
	 * A view of the past.
	 * @param revision a revision that there is
	 * @param mostImages the most images before a change that may be looked at
	 */
	HistoricSnapshot(JdbcClient jdbc, long revision, int mostImages) {
		this.jdbc = jdbc;
		this.states = new ResourceStates(jdbc);
		this.revision = revision;
		this.mostImages = mostImages;
	}

	@Override
	public long revision() {
		return this.revision;
	}

	@Override
	public Optional<Resource<?>> find(ResourceId id) {
		if (!this.resources.containsKey(id)) {
			load(Set.of(id));
		}
		return this.resources.get(id);
	}

	@Override
	public List<Resource<?>> index(Key key) {
		List<Resource<?>> known = this.indexes.get(key);
		if (known == null) {
			Set<ResourceId> carrying = carrying(key);
			Set<ResourceId> missing = new HashSet<>(carrying);
			missing.removeAll(this.resources.keySet());
			load(missing);
			known = carrying.stream()
				.<Resource<?>>map((id) -> this.resources.get(id).orElseThrow())
				.sorted(Comparator.comparing(Resource::id))
				.toList();
			this.indexes.put(key, known);
		}
		return known;
	}

	private void load(Set<ResourceId> ids) {
		ids.forEach((id) -> this.resources.put(id, Optional.empty()));
		this.states.at(this.revision, ids)
			.forEach((stored) -> this.resources.put(stored.resource().id(), Optional.of(stored.resource())));
	}

	private Set<ResourceId> carrying(Key key) {
		Set<ResourceId> ids = new HashSet<>();
		query(UNCHANGED, key).query((ResultSet row) -> {
			ResourceRow.id(row).ifPresent(ids::add);
		});
		query(CHANGED, key).withFetchSize(FETCH_SIZE).query((ResultSet row) -> {
			carried(key, row).ifPresent(ids::add);
		});
		return ids;
	}

	/** The id of an image that carried a key; what else it is comes from its own row. */
	private Optional<ResourceId> carried(Key key, ResultSet row) throws SQLException {
		this.images++;
		if (this.images > this.mostImages) {
			throw new StoreFailure.TooFarBack(this.revision, this.mostImages);
		}
		return ResourceStates.read(row)
			.map((image) -> ResourceStates.bind(image, this.revision))
			.filter((stored) -> IndexKeys.of(stored.resource()).contains(key))
			.map((stored) -> stored.resource().id());
	}

	private JdbcClient.StatementSpec query(String sql, Key key) {
		return this.jdbc.sql(sql).param("key", key.text()).param("revision", this.revision);
	}

	@Override
	public Optional<ClusterFacts> facts(String cluster) {
		return this.facts.computeIfAbsent(cluster, (name) -> JdbcFacts.find(this.jdbc, name));
	}

}
