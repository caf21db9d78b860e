package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The view of one transaction. It queries when asked, and keeps what it found; the first
 * query fixes what the transaction sees. Used by one thread.
 */
class JdbcSnapshot implements Snapshots.StoredSnapshot {

	private static final Comparator<Resource<?>> BY_ID = Comparator.comparing(Resource::id);

	private static final String EXPECTED = "select head.revision as head, null as key, " + ResourceRow.DECLARED
			+ " from revision_head head cross join " + Columns.table() + """
					join resource r on r.kind = i.kind and r.namespace = i.namespace and r.name = i.name
					union all select head.revision, k.key,\s""" + ResourceRow.DECLARED
			+ " from revision_head head cross join " + Columns.keys("keys") + """
					join index_entry e on e.key = k.key
					join resource r on r.kind = e.kind and r.namespace = e.namespace and r.name = e.name""";

	private final JdbcClient jdbc;

	private final SpecReader specs;

	private @Nullable Long revision;

	private final Map<ResourceId, Optional<Resource<?>>> resources = new HashMap<>();

	private final Map<Key, List<Resource<?>>> indexes = new HashMap<>();

	private final Map<Key, ResourceId> unreadable = new HashMap<>();

	private final Map<String, Optional<ClusterFacts>> facts = new HashMap<>();

	private final Map<ServiceRef, SortedSet<String>> accounts = new HashMap<>();

	JdbcSnapshot(JdbcClient jdbc, SpecReader specs) {
		this.jdbc = jdbc;
		this.specs = specs;
	}

	@Override
	public long revision() {
		if (this.revision == null) {
			this.revision = this.jdbc.sql("select revision from revision_head").query(Long.class).single();
		}
		return this.revision;
	}

	/** One statement for all that is not known yet, and for the revision. */
	@Override
	public void expect(Collection<ResourceId> ids, Collection<Key> keys) {
		List<ResourceId> unknown = ids.stream().filter((id) -> !this.resources.containsKey(id)).toList();
		Map<Key, Set<Resource<?>>> found = new HashMap<>();
		keys.stream()
			.filter((key) -> !this.indexes.containsKey(key))
			.forEach((key) -> found.put(key, new TreeSet<>(BY_ID)));
		if (unknown.isEmpty() && found.isEmpty()) {
			return;
		}
		this.jdbc.sql(EXPECTED)
			.params(Columns.ids(unknown))
			.param("keys", Columns.texts(found.keySet(), Key::text))
			.query((RowCallbackHandler) (row) -> {
				this.revision = row.getLong("head");
				Optional<Resource<?>> resource = resource(row);
				String key = row.getString("key");
				if (key != null) {
					keep(new Key(key), row, resource).ifPresent(found.get(new Key(key))::add);
				}
			});
		unknown.forEach((id) -> this.resources.putIfAbsent(id, Optional.empty()));
		found.forEach((key, resources) -> this.indexes.put(key, List.copyOf(resources)));
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
			.query((ResultSet row, int number) -> resource(row))
			.optional()
			.flatMap((resource) -> resource);
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
		Set<Resource<?>> found = new TreeSet<>(BY_ID);
		this.jdbc.sql("select " + ResourceRow.DECLARED + """
				 from index_entry e join resource r on r.kind = e.kind and r.namespace = e.namespace and r.name = e.name
				where e.key = :key""")
			.param("key", key.text())
			.query((RowCallbackHandler) (row) -> keep(key, row, resource(row)).ifPresent(found::add));
		return List.copyOf(found);
	}

	/**
	 * The resource of a row, which is bound once; empty when this version cannot read it.
	 */
	private Optional<Resource<?>> resource(ResultSet row) throws SQLException {
		Optional<ResourceId> id = ResourceRow.id(row);
		if (id.isEmpty()) {
			return Optional.empty();
		}
		Optional<Resource<?>> known = this.resources.get(id.get());
		if (known == null) {
			known = ResourceRow.read(row).flatMap(this.specs::bind).map(StoredResource::resource);
			this.resources.put(id.get(), known);
			keep(Key.resource(id.get()), row, known);
		}
		return known;
	}

	private Optional<Resource<?>> keep(Key key, ResultSet row, Optional<Resource<?>> resource) throws SQLException {
		if (resource.isEmpty()) {
			ResourceRow.id(row).ifPresent((id) -> this.unreadable.put(key, id));
		}
		return resource;
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
		return new TreeSet<>(this.jdbc.sql(ValidatedReads.dependents("keys"))
			.param("keys", Columns.texts(keys, Key::text))
			.query((row, number) -> unit(row))
			.list());
	}

	private static UnitId unit(ResultSet row) throws SQLException {
		return new UnitId(row.getString("cluster"), row.getString("namespace"), row.getString("service"));
	}

}
