package dev.meshwright.store;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Rows of {@code watch_holder}, {@code followed_kind} and {@code sighting}. */
@Repository
class JdbcWatches implements Watches {

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final PostgresSignals signals;

	private final SightingRows sightings;

	JdbcWatches(JdbcClient jdbc, PlatformTransactionManager transactionManager, PostgresSignals signals) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(transactionManager);
		this.signals = signals;
		this.sightings = new SightingRows(jdbc);
	}

	/** Rows are locked in the order of their keys, as everybody does who locks many. */
	@Override
	public List<Held> hold(String holder, Collection<String> clusters, Duration lease) {
		return clusters.isEmpty() ? List.of() : this.jdbc.sql("""
				insert into watch_holder as w (cluster, holder, fence, lease_until)
				select c, :holder, 1, now() + make_interval(secs => :lease) from unnest(:clusters::text[]) c
				order by c
				on conflict (cluster) do update set holder = excluded.holder, lease_until = excluded.lease_until,
					fence = w.fence + case when w.holder = excluded.holder then 0 else 1 end
				where w.holder = excluded.holder or w.holder is null or w.lease_until < now()
				returning cluster, fence""")
			.param("holder", holder)
			.param("lease", UnitRows.seconds(lease))
			.param("clusters", new TreeSet<>(clusters).toArray(String[]::new))
			.query((row, number) -> new Held(row.getString("cluster"), row.getLong("fence")))
			.list();
	}

	@Override
	public void release(String holder) {
		this.jdbc.sql("update watch_holder set holder = null, lease_until = now() where holder = :holder")
			.param("holder", holder)
			.update();
	}

	@Override
	public boolean follow(Held held, Set<ObjectKind> kinds) {
		return fenced(held, () -> {
			this.jdbc.sql("""
					delete from followed_kind where cluster = :cluster
						and (fence <> :fence or not (object_kind = any(:kinds::text[])))""")
				.params(Map.of("cluster", held.cluster(), "fence", held.fence(), "kinds", texts(kinds)))
				.update();
			this.jdbc.sql("""
					insert into followed_kind (cluster, object_kind, fence)
					select :cluster, k, :fence from unnest(:kinds::text[]) k on conflict do nothing""")
				.params(Map.of("cluster", held.cluster(), "fence", held.fence(), "kinds", texts(kinds)))
				.update();
		});
	}

	private static String[] texts(Set<ObjectKind> kinds) {
		return kinds.stream().map(ObjectKind::toString).sorted().toArray(String[]::new);
	}

	/** The row of the holder stays locked, so that nobody takes over in between. */
	private boolean fenced(Held held, Runnable work) {
		return Boolean.TRUE.equals(this.transaction.execute((status) -> {
			boolean holds = this.jdbc.sql(
					"select 1 from watch_holder where cluster = :cluster and fence = :fence and holder is not null for share")
				.param("cluster", held.cluster())
				.param("fence", held.fence())
				.query(Integer.class)
				.optional()
				.isPresent();
			if (holds) {
				work.run();
			}
			return holds;
		}));
	}

	@Override
	public Map<ObjectRef, Pushed> pushed(String cluster, Collection<ObjectRef> refs) {
		JsonRows rows = new JsonRows();
		refs.forEach(rows::ref);
		Map<ObjectRef, Pushed> pushed = new HashMap<>();
		this.jdbc
			.sql("""
					select i.*, i.intent_fence is not null or i.hash is null as open
					from %s cross join lateral (
						select * from inventory where cluster = :cluster and object_kind = r.object_kind
							and object_namespace = r.object_namespace and object_name = r.object_name limit 1) i"""
				.formatted(JsonRows.objects("r")))
			.param("rows", rows.toString())
			.param("cluster", cluster)
			.query((row) -> {
				String owned = row.getString("owned_hash");
				pushed.put(UnitRows.object(row),
						new Pushed(UnitRows.unit(row), row.getString("uid"), row.getString("resource_version"),
								(owned != null) ? owned : "", row.getBoolean("open"), row.getBoolean("orphaned")));
			});
		return pushed;
	}

	@Override
	public Set<ObjectRef> inventory(String cluster, ObjectKind kind) {
		return new HashSet<>(this.jdbc.sql("""
				select object_kind, object_namespace, object_name from inventory
				where cluster = :cluster and object_kind = :kind and uid is not null""")
			.param("cluster", cluster)
			.param("kind", kind.toString())
			.query((row, number) -> UnitRows.object(row))
			.list());
	}

	@Override
	public boolean note(Held held, Map<Sighting, UnitId> differing, Collection<ObjectRef> agreeing,
			Collection<UnitId> available) {
		return fenced(held, () -> {
			this.sightings.forget(held.cluster(), agreeing);
			List<UnitId> units = this.sightings.keep(held.cluster(), differing.keySet())
				.stream()
				.flatMap((ref) -> differing.entrySet()
					.stream()
					.filter((each) -> each.getKey().ref().equals(ref))
					.map(Map.Entry::getValue))
				.distinct()
				.toList();
			if (this.sightings.wake(units) + this.sightings.proceed(available) > 0) {
				this.signals.announce(Signals.Topic.DRIFT);
			}
		});
	}

	@Override
	public void sweep(Held held, ObjectKind kind) {
		fenced(held, () -> this.sightings.sweep(held.cluster(), kind));
	}

	@Override
	public Map<UnitId, Map<ObjectRef, Look>> looks(Collection<UnitId> units) {
		return this.sightings.looks(units);
	}

}
