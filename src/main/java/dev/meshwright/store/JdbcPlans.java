package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

import dev.meshwright.document.Json;
import dev.meshwright.model.Key;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Rows of {@code plan}. */
@Repository
class JdbcPlans implements Plans {

	private final JdbcClient jdbc;

	private final PostgresSignals signals;

	private final TransactionTemplate transaction;

	private final AppliedPlans applied;

	private final AuditLog audit;

	JdbcPlans(JdbcClient jdbc, PostgresSignals signals, AuditLog audit, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.applied = new AppliedPlans(jdbc, signals);
		this.audit = audit;
		this.signals = signals;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public boolean save(Jobs.Claim claim, Draft draft) {
		String result = Json.mapper().writeValueAsString(Map.of("plan", claim.id()));
		return Boolean.TRUE.equals(this.transaction.execute((status) -> {
			if (!JdbcJobs.end(this.jdbc, claim, Jobs.State.SUCCEEDED, null, result)) {
				return false;
			}
			this.jdbc.sql("delete from plan where created_at < now() - interval '1 day'").update();
			insert(claim, draft);
			this.signals.announce(Signals.Topic.JOB);
			return true;
		}));
	}

	private void insert(Jobs.Claim claim, Draft draft) {
		this.jdbc.sql("""
				insert into plan (id, owner, request, revision, digest, applicable, content, evidence)
				values (:id, :owner, :request::jsonb, :revision, :digest, :applicable, :content::jsonb,
					:evidence::jsonb)""")
			.param("id", claim.id())
			.param("owner", claim.owner().name())
			.param("request", claim.request())
			.param("revision", draft.revision())
			.param("digest", draft.digest())
			.param("applicable", draft.applicable())
			.param("content", Json.mapper().writeValueAsString(draft.content()))
			.param("evidence", Json.mapper().writeValueAsString(draft.evidence()))
			.update();
	}

	@Override
	public void apply(Jobs.Claim claim, Saved plan) {
		this.transaction.executeWithoutResult((status) -> {
			long revision = new Head(this.jdbc).present();
			this.applied.applied(claim, revision);
			this.jdbc.sql(UnitUpdates.update("""
					join unit_plan p on p.cluster = u.cluster and p.namespace = u.namespace and p.service = u.service
					where p.plan = :plan""", "resync = true, not_before = least(u.not_before, now())"))
				.param("plan", plan.id())
				.update();
			AuditLog.Origin origin = AuditLog.Origin.CURRENT.orElse(AuditLog.Origin.UNKNOWN);
			this.audit.record(new AuditLog.Entry(claim.owner().name(), origin.action(), "Plan " + plan.id(), true,
					origin.remoteAddress(), revision));
			this.signals.announce(Signals.Topic.REVISION);
		});
	}

	@Override
	public Optional<Saved> find(UUID id) {
		return this.jdbc.sql("""
				select p.*, p.expires_at <= now() as expired from plan p
				where id = :id and created_at > now() - interval '1 day'""")
			.param("id", id)
			.query((row, number) -> saved(row))
			.optional();
	}

	private static Saved saved(ResultSet row) throws SQLException {
		return new Saved(row.getObject("id", UUID.class), row.getString("owner"), row.getString("request"),
				row.getLong("revision"), row.getString("digest"), row.getBoolean("applicable"),
				row.getBoolean("expired"), Json.mapper().readValue(row.getString("content"), Content.class),
				Json.mapper().readValue(row.getString("evidence"), Evidence.class),
				ResourceRow.instant(row, "created_at"), ResourceRow.instant(row, "expires_at"),
				UnitRows.instant(row, "applied_at"), row.getObject("applied_revision", Long.class));
	}

	@Override
	public SortedSet<UnitId> subjects(@Nullable String namespace, @Nullable String service, int atMost) {
		return new TreeSet<>(this.jdbc.sql("""
				select '' as cluster, s.namespace, s.service from (
					select namespace, service from unit
					union select namespace, name from resource where kind = 'Service'
					union select name, '' from resource where kind = 'Namespace') s
				where (:namespace::text is null or s.namespace = :namespace)
					and (:service::text is null or s.service = :service)
				order by s.namespace, s.service limit :most""")
			.param("namespace", namespace)
			.param("service", service)
			.param("most", atMost)
			.query((row, number) -> UnitRows.unit(row))
			.list());
	}

	@Override
	public SortedSet<UnitId> units(Collection<UnitId> placements) {
		JsonRows rows = new JsonRows();
		placements.forEach(rows::unit);
		return new TreeSet<>(this.jdbc.sql("""
				select u.cluster, u.namespace, u.service from unit u
				join %s on p.namespace = u.namespace and p.service = u.service
				where u.cluster <> ''""".formatted(JsonRows.as("p")))
			.param("rows", rows.toString())
			.query((row, number) -> UnitRows.unit(row))
			.list());
	}

	@Override
	public Set<String> pushedNamespaces(String cluster, Collection<String> namespaces) {
		return Set.copyOf(this.jdbc.sql("""
				select object_name from inventory where cluster = :cluster and object_kind = 'Namespace'
					and object_namespace = '' and object_name = any(:names::text[]) and uid is not null""")
			.param("cluster", cluster)
			.param("names", namespaces.toArray(String[]::new))
			.query(String.class)
			.list());
	}

	@Override
	public Map<ObjectRef, Set<String>> former(String cluster, Collection<ObjectRef> refs) {
		JsonRows rows = new JsonRows();
		refs.forEach((ref) -> rows.unit(new UnitId(cluster, "", "")).object(ref));
		Map<ObjectRef, Set<String>> former = new HashMap<>();
		this.jdbc.sql("""
				select t.object_kind, t.object_namespace, t.object_name, t.uid from tombstone t
				join %s on r.cluster = t.cluster and r.object_kind = t.object_kind
					and r.object_namespace = t.object_namespace and r.object_name = t.object_name
				where t.worked_off_at is not null""".formatted(JsonRows.as("r", JsonRows.OBJECT)))
			.param("rows", rows.toString())
			.query((row) -> {
				former.computeIfAbsent(UnitRows.object(row), (ref) -> new HashSet<>()).add(row.getString("uid"));
			});
		return former;
	}

	@Override
	public Map<Key, Long> changed(Collection<Key> keys, long above) {
		Map<Key, Long> changed = new HashMap<>();
		this.jdbc.sql("""
				select key, max(revision) as revision from changed_key
				where revision > :above and key = any(:keys::text[]) group by key""")
			.param("above", above)
			.param("keys", Columns.texts(keys, Key::text))
			.query((row) -> {
				changed.put(new Key(row.getString("key")), row.getLong("revision"));
			});
		return changed;
	}

}
