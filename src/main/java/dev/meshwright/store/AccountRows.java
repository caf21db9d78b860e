package dev.meshwright.store;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.meshwright.model.Key;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of {@code account_in_use}. An account is in use from before the first call of the
 * push that gives it to pods until the end of the one that took it away from the last.
 */
final class AccountRows {

	private final JdbcClient jdbc;

	AccountRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** Under which accounts pods of a service may run on any cluster. */
	static SortedSet<String> of(ServiceRef service, JdbcClient jdbc) {
		return new TreeSet<>(jdbc.sql("""
				select distinct account from account_in_use where namespace = :namespace and service = :service""")
			.param("namespace", service.namespace())
			.param("service", service.name())
			.query(String.class)
			.list());
	}

	/** Keeps the accounts that pushes are about to give to pods. */
	void use(Collection<PushBeginning> beginnings) {
		JsonRows rows = new JsonRows();
		beginnings.forEach((each) -> each.accounts()
			.forEach((account) -> rows.unit(each.claim().unit())
				.with("account", account)
				.with("revision", each.revision())));
		if (!rows.isEmpty()) {
			this.jdbc.sql("""
					insert into account_in_use (cluster, namespace, service, account, revision)
					select cluster, namespace, service, account, max(revision)
					from jsonb_to_recordset(cast(:rows as jsonb)) as r(cluster text, namespace text, service text,
						account text, revision bigint)
					group by cluster, namespace, service, account
					order by namespace, service, cluster, account
					on conflict (namespace, service, cluster, account) do update set revision = excluded.revision
						where account_in_use.revision < excluded.revision""").param("rows", rows.toString()).update();
		}
	}

	/**
	 * Forgets the accounts that pushes, whole now, wanted no more. A unit whose
	 * declarations had errors wanted nothing, and keeps what it has.
	 * @return the services whose accounts became fewer, as what depends on them reads it
	 */
	Set<Key> settle(Collection<PushEnd> ends) {
		JsonRows rows = new JsonRows();
		ends.stream()
			.filter((end) -> end.again().isEmpty() && !end.failed() && !end.claim().unit().isNamespace())
			.forEach((end) -> rows.unit(end.claim().unit())
				.with("revision", end.revision())
				.with("vacant", end.vacant()));
		if (rows.isEmpty()) {
			return Set.of();
		}
		return new LinkedHashSet<>(this.jdbc.sql("""
				delete from account_in_use a
				using %s
				where a.cluster = r.cluster and a.namespace = r.namespace and a.service = r.service
					and a.revision < r.revision
					and (r.vacant or exists (select 1 from account_in_use b where b.cluster = a.cluster
						and b.namespace = a.namespace and b.service = a.service and b.revision >= r.revision))
				returning a.namespace, a.service""".formatted(JsonRows.as("r", "revision bigint", "vacant boolean")))
			.param("rows", rows.toString())
			.query((row, number) -> Key.accountsInUse(row.getString("namespace"), row.getString("service")))
			.list());
	}

	/**
	 * Has whoever lets these services in look again, as a resync, which causes no
	 * tombstone. After the commit, so that no order of locks has to be kept; should the
	 * process die in between, the next resync does it.
	 */
	void wake(Set<Key> services) {
		if (!services.isEmpty()) {
			this.jdbc.sql(UnitUpdates.update("""
					where u.cluster <> '' and exists (select 1 from unit_read d where d.key = any(:keys::text[])
						and d.cluster = u.cluster and d.namespace = u.namespace and d.service = u.service)""",
					UnitUpdates.RESYNC))
				.param("keys", Columns.texts(services, Key::text))
				.update();
		}
	}

	/**
	 * The policies on a unit's cluster that allow, or refuse, its service by an old
	 * account and not yet by the new one, while those who render them have not caught up
	 * with the service's last change or fail to.
	 */
	SortedSet<ObjectRef> notAdmitting(UnitId caller, Collection<String> former, String account) {
		String key = Key.resource(ResourceId.service(caller.namespace(), caller.service())).text();
		String principal = "/ns/" + caller.namespace() + "/sa/";
		SortedSet<ObjectRef> policies = new TreeSet<>();
		for (String old : former) {
			List<ObjectRef> behind = this.jdbc
				.sql("""
						select i.object_namespace, i.object_name from unit_read d
						join unit u on u.cluster = d.cluster and u.namespace = d.namespace and u.service = d.service
						join inventory i on %s
						where d.key = :key and d.cluster = :cluster and i.object_kind = :kind and i.uid is not null
							and position(:old in i.body::text) > 0 and position(:new in i.body::text) = 0
							and (u.attempts > 0 or least(u.compiled_revision, u.done_revision) <
								(select coalesce(max(revision), 0) from changed_key where key = :key))"""
					.formatted(InventoryRows.ofUnit("u.")))
				.param("key", key)
				.param("cluster", caller.cluster())
				.param("kind", ObjectKind.AUTHORIZATION_POLICY.toString())
				.param("old", principal + old + "\"")
				.param("new", principal + account + "\"")
				.query((row, number) -> new ObjectRef(ObjectKind.AUTHORIZATION_POLICY,
						row.getString("object_namespace"), row.getString("object_name")))
				.list();
			policies.addAll(behind);
		}
		return policies;
	}

}
