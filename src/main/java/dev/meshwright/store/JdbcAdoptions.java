package dev.meshwright.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.ownership.AdoptedObject;
import dev.meshwright.model.ownership.Adoption;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Rows of {@code adoption}. */
@Repository
class JdbcAdoptions implements Adoptions {

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final Units units;

	private final AuditLog audit;

	private final PostgresSignals signals;

	JdbcAdoptions(JdbcClient jdbc, Units units, AuditLog audit, PostgresSignals signals,
			PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.units = units;
		this.audit = audit;
		this.signals = signals;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public Map<ObjectRef, UnitId> owners(UnitId unit, Collection<ObjectRef> refs) {
		JsonRows rows = new JsonRows();
		refs.forEach((ref) -> rows.unit(unit).object(ref));
		Map<ObjectRef, UnitId> owners = new HashMap<>();
		this.jdbc
			.sql("""
					select i.* from %s
					join inventory i on i.cluster = r.cluster and i.object_kind = r.object_kind
						and i.object_namespace = r.object_namespace and i.object_name = r.object_name
					where (i.namespace, i.service) <> (r.namespace, r.service)"""
				.formatted(JsonRows.as("r", JsonRows.OBJECT)))
			.param("rows", rows.toString())
			.query((row) -> {
				owners.put(UnitRows.object(row), UnitRows.unit(row));
			});
		return owners;
	}

	@Override
	public boolean adopt(Jobs.Claim claim, ServiceRef service, List<AdoptedObject> objects, String result) {
		return Boolean.TRUE.equals(this.transaction.execute((status) -> {
			if (!JdbcJobs.end(this.jdbc, claim, Jobs.State.SUCCEEDED, null, result)) {
				return false;
			}
			this.jdbc.sql("delete from adoption where expires_at < now()").update();
			insert(claim.owner().name(), service, objects);
			this.units.resync(service);
			objects.forEach((object) -> this.audit.allowed(claim.owner(), target(service, object)));
			this.signals.announce(Signals.Topic.JOB);
			this.signals.announce(Signals.Topic.REVISION);
			return true;
		}));
	}

	private void insert(String caller, ServiceRef service, List<AdoptedObject> objects) {
		JsonRows rows = new JsonRows();
		for (AdoptedObject object : objects) {
			Adoption adoption = object.adoption();
			rows.unit(new UnitId(object.cluster(), service.namespace(), service.name()))
				.object(adoption.ref())
				.with("uid", adoption.uid())
				.with("fields", adoption.fields());
		}
		this.jdbc
			.sql("""
					insert into adoption as a (cluster, object_kind, object_namespace, object_name, namespace, service, uid,
						fields, adopted_by)
					select r.cluster, r.object_kind, r.object_namespace, r.object_name, r.namespace, r.service, r.uid,
						r.fields, :caller
					from %s
					order by 1, 2, 3, 4
					on conflict (cluster, object_kind, object_namespace, object_name) do update set
						namespace = excluded.namespace, service = excluded.service, uid = excluded.uid,
						fields = excluded.fields, adopted_by = excluded.adopted_by, expires_at = excluded.expires_at"""
				.formatted(JsonRows.as("r", JsonRows.OBJECT, "uid text, fields jsonb")))
			.param("rows", rows.toString())
			.param("caller", caller)
			.update();
	}

	private static String target(ServiceRef service, AdoptedObject object) {
		Adoption adoption = object.adoption();
		return "Service/" + service + " takes over " + adoption.ref() + ", uid " + adoption.uid() + ", on cluster "
				+ object.cluster()
				+ (adoption.fields().isEmpty() ? "" : ", with " + String.join(" ", adoption.fields()));
	}

}
