package dev.meshwright.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
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

	private static final String PRESENT = """
			select false as claim, e.key, e.kind, e.namespace, e.name
			from %1$s join index_entry e on e.kind = i.kind and e.namespace = i.namespace and e.name = i.name
			union all select true, c.key, c.kind, c.namespace, c.name
			from %1$s join unique_claim c on c.kind = i.kind and c.namespace = i.namespace and c.name = i.name"""
		.formatted(Columns.table());

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
	 * change set gives up is free for its other resources. Mostly they have them, which
	 * one look tells: what is locked nobody else changes.
	 * @throws StoreFailure.AlreadyClaimed another resource has a key that may be had once
	 */
	void replace(List<Edit> edits) {
		Map<Boolean, Set<Owned>> present = present(edits);
		Set<Owned> entries = owned(edits, IndexKeys::of);
		if (!entries.equals(present.get(false))) {
			replace("index_entry", edits, entries);
		}
		Set<Owned> claims = owned(edits, IndexKeys::claims);
		if (!claims.equals(present.get(true))) {
			replace("unique_claim", edits, claims);
			requireHeld(claims);
		}
	}

	/** What the resources carry and, under true, what they alone may have. */
	private Map<Boolean, Set<Owned>> present(List<Edit> edits) {
		Map<Boolean, Set<Owned>> present = Map.of(false, new HashSet<>(), true, new HashSet<>());
		this.jdbc.sql(PRESENT).params(Columns.ids(edits.stream().map(Edit::id).toList())).query((row) -> {
			Key key = new Key(row.getString("key"));
			Set<Owned> some = present.get(row.getBoolean("claim"));
			ResourceRow.id(row).ifPresent((owner) -> some.add(new Owned(key, owner)));
		});
		return present;
	}

	private static Set<Owned> owned(List<Edit> edits, Function<Resource<?>, SortedSet<Key>> keys) {
		return edits.stream()
			.flatMap((edit) -> Stream.ofNullable(resource(edit.declares())))
			.flatMap((resource) -> keys.apply(resource).stream().map((key) -> new Owned(key, resource.id())))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	private static @Nullable Resource<?> resource(@Nullable StoredResource stored) {
		return (stored != null) ? stored.resource() : null;
	}

	private void replace(String table, List<Edit> edits, Set<Owned> owned) {
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

	private void requireHeld(Set<Owned> claims) {
		Map<Key, ResourceId> holders = new HashMap<>();
		this.jdbc
			.sql("select c.key, c.kind, c.namespace, c.name from " + Columns.keys("keys")
					+ " join unique_claim c on c.key = k.key")
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
