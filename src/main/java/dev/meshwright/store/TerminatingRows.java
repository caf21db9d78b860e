package dev.meshwright.store;

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
	 * Removes the rows of what is wholly gone: a service, namespace or cluster has no
	 * unit left, a policy's target, or what reads a default policy, has no unit at work.
	 * What is not expanded yet stays.
	 * @return how many are gone
	 */
	int sweep() {
		return this.jdbc
			.sql("""
					delete from terminating t where t.revision <= (select revision from expansion)
					and not exists (select 1 from unit u where case t.kind
						when 'Cluster' then u.cluster = t.name
						when 'Namespace' then u.namespace = t.name and u.service = ''
						when 'Service' then u.namespace = t.namespace and u.service = t.name
						else (u.dirty_revision > u.done_revision or u.continues) and case
							when t.namespace <> '' and coalesce(t.spec ->> 'service', t.spec -> 'target' ->> 'service') is not null
							then u.namespace = t.namespace
								and u.service = coalesce(t.spec ->> 'service', t.spec -> 'target' ->> 'service')
							else exists (select 1 from unit_read r where r.cluster = u.cluster
								and r.namespace = u.namespace and r.service = u.service
								and r.key = 'target=' || t.kind || '/' || t.namespace || '/') end end)""")
			.update();
	}

}
