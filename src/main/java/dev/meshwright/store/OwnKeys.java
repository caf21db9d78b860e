package dev.meshwright.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.meshwright.model.IndexKeys;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The keys that resources carry: under which they are found, and which nobody else may
 * have.
 */
class OwnKeys {

	private final JdbcClient jdbc;

	OwnKeys(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Every key that edits change. Of a declaration that cannot be read, the keys are
	 * those stored with it.
	 */
	SortedSet<Key> changed(List<Edit> edits) {
		SortedSet<Key> keys = new TreeSet<>();
		for (Edit edit : edits) {
			keys.addAll(IndexKeys.changed(resource(edit.before()), resource(edit.declares())));
		}
		List<ResourceId> unreadable = edits.stream()
			.filter((edit) -> edit.declared() != null && edit.before() == null)
			.map(Edit::id)
			.toList();
		if (!unreadable.isEmpty()) {
			this.jdbc
				.sql("select e.key from " + Columns.table()
						+ " join index_entry e on e.kind = i.kind and e.namespace = i.namespace and e.name = i.name")
				.params(Columns.ids(unreadable))
				.query(String.class)
				.list()
				.forEach((key) -> keys.add(new Key(key)));
		}
		return keys;
	}

	/**
	 * Gives each resource exactly the keys that its new declaration carries. What a
	 * change set gives up is free for its other resources.
	 * @throws StoreFailure.AlreadyClaimed another resource has a key that may be had once
	 */
	void replace(List<Edit> edits) {
		replace("index_entry", edits, owned(edits, IndexKeys::of));
		List<Owned> claims = owned(edits, IndexKeys::claims);
		replace("unique_claim", edits, claims);
		requireHeld(claims);
	}

	private static List<Owned> owned(List<Edit> edits, Function<Resource<?>, SortedSet<Key>> keys) {
		return edits.stream()
			.flatMap((edit) -> Stream.ofNullable(resource(edit.declares())))
			.flatMap((resource) -> keys.apply(resource).stream().map((key) -> new Owned(key, resource.id())))
			.toList();
	}

	private static @Nullable Resource<?> resource(@Nullable StoredResource stored) {
		return (stored != null) ? stored.resource() : null;
	}

	private void replace(String table, List<Edit> edits, List<Owned> owned) {
		String keys = """
				unnest(:keys::text[], :ownerKinds::text[], :ownerNamespaces::text[], :ownerNames::text[])
				as k(key, kind, namespace, name)""";
		List<ResourceId> ids = edits.stream().map(Edit::id).toList();
		this.jdbc
			.sql("delete from " + table + " e using " + Columns.table()
					+ """
							 where e.kind = i.kind and e.namespace = i.namespace and e.name = i.name
							and (e.key, e.kind, e.namespace, e.name) not in (select k.key, k.kind, k.namespace, k.name from %s)"""
						.formatted(keys))
			.params(Columns.ids(ids))
			.params(parameters(owned))
			.update();
		this.jdbc
			.sql("insert into " + table
					+ " (key, kind, namespace, name) select k.key, k.kind, k.namespace, k.name from " + keys
					+ " order by k.key, k.kind, k.namespace, k.name on conflict do nothing")
			.params(parameters(owned))
			.update();
	}

	private static Map<String, Object> parameters(Collection<Owned> owned) {
		return Map.of("keys", Columns.texts(owned, (own) -> own.key().text()), "ownerKinds",
				Columns.texts(owned, (own) -> own.owner().kind().toString()), "ownerNamespaces",
				Columns.texts(owned, (own) -> own.owner().namespace()), "ownerNames",
				Columns.texts(owned, (own) -> own.owner().name()));
	}

	private void requireHeld(List<Owned> claims) {
		Map<Key, ResourceId> holders = new HashMap<>();
		this.jdbc.sql("select key, kind, namespace, name from unique_claim where key = any(:keys::text[])")
			.param("keys", Columns.texts(claims, (claim) -> claim.key().text()))
			.query((row, number) -> {
				Key key = new Key(row.getString("key"));
				return ResourceRow.id(row).map((holder) -> new Owned(key, holder));
			})
			.list()
			.stream()
			.flatMap(Optional::stream)
			.forEach((held) -> holders.put(held.key(), held.owner()));
		for (Owned claim : claims) {
			ResourceId holder = holders.get(claim.key());
			if (holder == null) {
				// given up by a transaction that ended between the two statements
				throw new JdbcCommits.LostRace();
			}
			if (!holder.equals(claim.owner())) {
				throw new StoreFailure.AlreadyClaimed(claim.owner(), claim.key().text(), holder);
			}
		}
	}

	private record Owned(Key key, ResourceId owner) {
	}

}
