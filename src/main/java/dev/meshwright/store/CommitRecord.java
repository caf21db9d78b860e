package dev.meshwright.store;

import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Key;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Commits.Validation;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a commit keeps beside the resources: the revision, the keys that it changes, who
 * depends on what by its validation, and the audit row. It is made before the head is
 * locked; under the lock it is one statement, because everybody waits for the lock.
 */
class CommitRecord {

	/**
	 * Adds the rows, tells whoever waits for a revision once the transaction commits, and
	 * finds out whether the validation still holds: nothing committed since may have
	 * changed what it read, and nobody come to depend on what is changed now whom it did
	 * not compile.
	 */
	private static final String WRITE = """
			with taken as (
				insert into revision (revision, author, message, created_at, traceparent)
				values (:revision, :actor, :message, :at, :traceparent)
			), changed as (
				insert into changed_key (revision, key) select :revision::bigint, k from unnest(:keys::text[]) as k
			), superseded as (
				%s
			), dependent as (
				insert into validated_read (cluster, namespace, service, revision, key)
				select v.cluster, v.namespace, v.service, :revision::bigint, v.key from %s
			), audited as (
				%s
			), overtaken as (
				(select c.key || ' was changed by revision ' || c.revision as what
				from %s join changed_key c on c.key = k.key and c.revision > :since order by c.revision limit 1)
				union all
				(select 'Service ' || r.namespace || '/' || r.service || ' came to depend on it' from (%s) r
				where :complete and (r.cluster, r.namespace, r.service) not in (
					select c.cluster, c.namespace, c.service
					from unnest(:clusters::text[], :namespaces::text[], :services::text[])
						as c(cluster, namespace, service))
				limit 1)
			)
			select %s, (select what from overtaken limit 1) as what""".formatted(ValidatedReads.SUPERSEDED,
			ValidatedReads.ROWS, JdbcAuditLog.INSERT, Columns.keys("reads"), ValidatedReads.dependents("keys"),
			PostgresSignals.notification(Signals.Topic.REVISION));

	private final Map<String, Object> columns = new HashMap<>();

	private final Validation validation;

	CommitRecord(Collection<Key> changed, Validation validation, String message) {
		this.validation = validation;
		this.columns.put("message", message);
		this.columns.put("keys", Columns.texts(changed, Key::text));
		this.columns.put("since", validation.revision());
		this.columns.put("reads", Columns.texts(validation.reads(), Key::text));
		Map<UnitId, Set<Key>> compiled = validation.compiled().orElse(Map.of());
		this.columns.putAll(ValidatedReads.columns(compiled));
		this.columns.put("complete", validation.compiled().isPresent());
		this.columns.put("clusters", Columns.texts(compiled.keySet(), UnitId::cluster));
		this.columns.put("namespaces", Columns.texts(compiled.keySet(), UnitId::namespace));
		this.columns.put("services", Columns.texts(compiled.keySet(), UnitId::service));
	}

	/**
	 * Writes it under the lock of the head.
	 * @param audited the audit row
	 * @throws StoreFailure.ConcurrentChange what was validated does not hold any more
	 */
	void write(JdbcClient jdbc, Head.Position position, AuditLog.Entry audited) {
		jdbc.sql(WRITE)
			.params(this.columns)
			.params(JdbcAuditLog.columns(audited))
			.param("at", position.at().atOffset(ZoneOffset.UTC))
			.param("traceparent", Revisions.TRACEPARENT.isBound() ? Revisions.TRACEPARENT.get() : null)
			.query((row, number) -> Optional.ofNullable(row.getString("what")))
			.single()
			.ifPresent((what) -> {
				throw new StoreFailure.ConcurrentChange(what + ", after the change set was validated at revision "
						+ this.validation.revision() + "; validate it again");
			});
	}

}
