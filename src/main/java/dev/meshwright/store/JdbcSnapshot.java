package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The view of one transaction. It queries when asked, and keeps what it found; used by
 * one thread.
 */
class JdbcSnapshot implements Snapshots.StoredSnapshot {

	private final JdbcClient jdbc;

	private final SpecReader specs;

	private final long revision;

	private final Map<ResourceId, Optional<Resource<?>>> resources = new HashMap<>();

	private final Map<Key, List<Resource<?>>> indexes = new HashMap<>();

	private final Map<Key, ResourceId> unreadable = new HashMap<>();

	private final Map<String, Optional<ClusterFacts>> facts = new HashMap<>();

	private final Map<ServiceRef, SortedSet<String>> accounts = new HashMap<>();

	/** Its first query fixes what the transaction sees. */
	JdbcSnapshot(JdbcClient jdbc, SpecReader specs) {
		this.jdbc = jdbc;
		this.specs = specs;
		this.revision = jdbc.sql("select revision from revision_head").query(Long.class).single();
	}

	@Override
	public long revision() {
		return this.revision;
	}

	@Override
	public Optional<Resource<?>> find(ResourceId id) {
		Optional<Resource<?>> known = this.resources.get(id);
		if (known == null) {
			known = load(id);
			this.resources.put(id, known);
		}
		return known;
	}

	private Optional<Resource<?>> load(ResourceId id) {
		return this.jdbc
			.sql("select " + ResourceRow.DECLARED
					+ " from resource r where r.kind = :kind and r.namespace = :namespace and r.name = :name")
			.param("kind", id.kind().toString())
			.param("namespace", id.namespace())
			.param("name", id.name())
			.query((ResultSet row, int number) -> ResourceRow.read(row))
			.optional()
			.flatMap((row) -> row)
			.flatMap((row) -> bind(Key.resource(id), row));
	}

	@Override
	public List<Resource<?>> index(Key key) {
		List<Resource<?>> known = this.indexes.get(key);
		if (known == null) {
			known = load(key);
			this.indexes.put(key, known);
		}
		return known;
	}

	private List<Resource<?>> load(Key key) {
		List<Optional<ResourceRow>> rows = this.jdbc.sql("select " + ResourceRow.DECLARED + """
				 from index_entry e join resource r on r.kind = e.kind and r.namespace = e.namespace and r.name = e.name
				where e.key = :key""")
			.param("key", key.text())
			.query((ResultSet row, int number) -> ResourceRow.read(row))
			.list();
		List<Resource<?>> found = new ArrayList<>();
		for (ResourceRow row : rows.stream().flatMap(Optional::stream).toList()) {
			Optional<Resource<?>> resource = this.resources.computeIfAbsent(row.id(),
					(id) -> bind(Key.resource(id), row));
			if (resource.isEmpty()) {
				this.unreadable.put(key, row.id());
			}
			resource.ifPresent(found::add);
		}
		found.sort(Comparator.comparing(Resource::id));
		return List.copyOf(found);
	}

	private Optional<Resource<?>> bind(Key key, ResourceRow row) {
		Optional<StoredResource> bound = this.specs.bind(row);
		if (bound.isEmpty()) {
			this.unreadable.put(key, row.id());
		}
		return bound.map(StoredResource::resource);
	}

	@Override
	public Optional<ResourceId> unreadable(Collection<Key> keys) {
		return this.unreadable.isEmpty() ? Optional.empty()
				: keys.stream().map(this.unreadable::get).filter(Objects::nonNull).findFirst();
	}

	@Override
	public Optional<ClusterFacts> facts(String cluster) {
		return this.facts.computeIfAbsent(cluster, (name) -> JdbcFacts.find(this.jdbc, name));
	}

	@Override
	public SortedSet<String> accountsInUse(ServiceRef service) {
		return this.accounts.computeIfAbsent(service, (ref) -> AccountRows.of(ref, this.jdbc));
	}

	@Override
	public SortedSet<UnitId> unitsReading(Collection<Key> keys) {
		return new TreeSet<>(this.jdbc.sql("""
				select cluster, namespace, service from unit_read where key = any(:keys::text[])
				union select cluster, namespace, service from validated_read where key = any(:keys::text[])""")
			.param("keys", Columns.texts(keys, Key::text))
			.query((row, number) -> unit(row))
			.list());
	}

	private static UnitId unit(ResultSet row) throws SQLException {
		return new UnitId(row.getString("cluster"), row.getString("namespace"), row.getString("service"));
	}

}
