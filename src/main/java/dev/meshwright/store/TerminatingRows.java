package dev.meshwright.store;

import java.util.Collection;

import dev.meshwright.model.ResourceId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of {@code terminating}: deleted resources stay to be seen until the units that
 * they took part in are done. Tombstones keep what became of their objects.
 */
final class TerminatingRows {

	private final JdbcClient jdbc;

	TerminatingRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Whether something is left of one of these. What is declared again is somebody's
	 * anew: nothing of it is waited for to go.
	 */
	boolean holdsAny(Collection<ResourceId> ids) {
		return this.jdbc.sql("select exists (select 1 from " + Columns.table() + """
				join terminating t on t.kind = i.kind and t.namespace = i.namespace and t.name = i.name
				where not exists (select 1 from resource r
					where r.kind = t.kind and r.namespace = t.namespace and r.name = t.name))""")
			.params(Columns.ids(ids))
			.query(Boolean.class)
			.single();
	}

	/**
	 * Removes the rows of what is wholly gone: a service, namespace or cluster has no
	 * unit left, a policy's target, or what reads a default policy, has no unit at work.
	 * What is not expanded yet stays. Scalar queries, as exists may be answered by
	 * reading every unit once.
	 * @return how many are gone
	 */
	int sweep() {
		return this.jdbc
			.sql("""
					delete from terminating t where t.revision <= (select revision from expansion) and case t.kind
						when 'Cluster' then (select 1 from unit u where u.cluster = t.name limit 1)
						when 'Namespace' then (select 1 from unit u where u.namespace = t.name and u.service = '' limit 1)
						when 'Service' then (select 1 from unit u where u.namespace = t.namespace and u.service = t.name limit 1)
						else case when t.namespace <> '' and coalesce(t.spec ->> 'service', t.spec -> 'target' ->> 'service') is not null
							then (select 1 from unit u where u.namespace = t.namespace
								and u.service = coalesce(t.spec ->> 'service', t.spec -> 'target' ->> 'service')
								and (u.dirty_revision > u.done_revision or u.continues) limit 1)
							else (select 1 from unit_read r join unit u on u.cluster = r.cluster
									and u.namespace = r.namespace and u.service = r.service
								where r.key = 'target=' || t.kind || '/' || t.namespace || '/'
									and (u.dirty_revision > u.done_revision or u.continues) limit 1) end end is null""")
			.update();
	}

}
